"""Texts of a result status in both languages; pages, commands and messages use these only."""

from collections.abc import Callable
from typing import NamedTuple

from jifen.policy.text import EMPTY, Text
from jifen.scoring.result_status.model import ResultStatus
from jifen.scoring.result_status.point_texts import (
    format_full_range,
    format_headline_points,
    format_points,
    format_shortfall,
    format_shown_range,
)

MOST_NAMED = 3
"""The most deciders named in a sentence; of more, the sentence gives their number."""


class StatusTexts(NamedTuple):
    """The texts of a status.

    `points`: the number with what it is. `range`: the range if nothing adverse is on record, empty
    where none is shown. `bounds`: the full range with its assumption, empty where the total is
    known. `verdict`: the outcome in a few words, for a column. `headline`: the outcome in a
    sentence. `spoken`: points, outcome and range in one line, for the strip, a screen reader, a
    list. `next`: what to do next.
    """

    points: Text
    range: Text
    bounds: Text
    verdict: Text
    headline: Text
    spoken: Text
    next: Text


def describe_status(status: ResultStatus) -> StatusTexts:
    """All texts of a status."""
    verdict = _VERDICTS[status.state](status)
    return StatusTexts(
        _capitalize_text(format_headline_points(status)),
        _capitalize_text(format_shown_range(status)),
        format_full_range(status),
        verdict,
        _compose_headline(status, verdict),
        _compose_spoken(status, verdict),
        _NEXT[status.state](status),
    )


def _verdict_vetoed(status: ResultStatus) -> Text:
    del status
    return Text("一票否决，申请不会通过", "refused by a veto, whatever the points")


def _verdict_refused(status: ResultStatus) -> Text:
    del status
    return Text("申请条件未满足，不能申请", "a condition is not met, whatever the points")


def _is_by_way_only(status: ResultStatus) -> bool:
    """Whether the line is reached by a way without points, and the points do not suffice."""
    return bool(status.ways) and status.threshold is not None and status.over is None


def _verdict_reached(status: ResultStatus) -> Text:
    if _is_by_way_only(status):
        named = status.ways[0]
        return Text(f"符合不看积分的途径：{named.zh}", f"no points are needed: {named.en}")
    line = _describe_threshold_reached(status)
    over = status.over
    if over:
        least = not status.is_exact
        line = Text(
            f"{line.zh}，{'至少' if least else ''}高出 {format_points(over)} 分",
            f"{line.en}, {'at least ' if least else ''}{format_points(over)} over",
        )
    if not status.ranked:
        return line
    if status.threshold is None:
        return Text("可以参加排名", "may enter the ranking")
    return Text(f"{line.zh}，可以参加排名", f"{line.en}: may enter the ranking")


def _describe_threshold_reached(status: ResultStatus) -> Text:
    threshold = format_points(status.threshold) if status.threshold is not None else ""
    if status.ranked:
        return Text(f"达到入围线 {threshold} 分", f"the entry line of {threshold} is reached")
    return Text(f"达到 {threshold} 分线", f"the line of {threshold} is reached")


def _verdict_below(status: ResultStatus) -> Text:
    threshold, lacking = format_points(status.threshold or 0), format_points(status.lacking or 0)
    least = not status.is_exact
    entry = Text("入围线", "entry line") if status.ranked else Text("分数线", "line")
    return Text(
        f"未达到{entry.zh} {threshold} 分，{'至少' if least else ''}还差 {lacking} 分",
        f"below the {entry.en} of {threshold}, {'at least ' if least else ''}{lacking} short",
    )


def _verdict_open(status: ResultStatus) -> Text:
    if not status.answered or status.threshold is None:
        return Text("还不能确定", "not certain yet")
    if status.presumed_state == "reached":
        line = _describe_threshold_reached(status)
        return Text(f"如无不良记录，{line.zh}", f"{line.en} if nothing adverse is on record")
    if status.lacking:
        return format_shortfall(status, status.lacking)
    threshold = format_points(status.threshold)
    if status.points_sure:
        return Text(
            f"分数够 {threshold} 分，申请条件待确认",
            f"enough points for {threshold}, the conditions are not certain yet",
        )
    return Text(
        f"分数够 {threshold} 分，但其余答案可能减分",
        f"enough points for {threshold} so far, but open answers may take some away",
    )


_VERDICTS: dict[str, Callable[[ResultStatus], Text]] = {
    "vetoed": _verdict_vetoed,
    "refused": _verdict_refused,
    "reached": _verdict_reached,
    "below": _verdict_below,
    "open": _verdict_open,
}


def _compose_headline(status: ResultStatus, verdict: Text) -> Text:
    """The outcome as a sentence with a full stop."""
    named = _name_deciders(status)
    if status.state == "vetoed":
        return Text(
            f"一票否决{f'（{named.zh}）' if named.zh else ''}：申请不会通过，与分数无关。",
            f"Refused by a veto{f' ({named.en})' if named.en else ''}: points do not matter.",
        )
    if status.state == "refused":
        return Text(
            f"申请条件未满足{f'（{named.zh}）' if named.zh else ''}：分数再高也不能申请。",
            f"A condition is not met{f' ({named.en})' if named.en else ''}: "
            "no score makes up for it.",
        )
    if status.state == "open":
        return _compose_open_headline(status, verdict)
    if status.state == "below":
        return _to_sentence(verdict)
    if _is_by_way_only(status):
        return _to_sentence(verdict)
    rest = Text("申请条件全部满足", "every condition is met")
    if status.ranked:
        rest = Text("能否入选还要看当年名额", "the quota of the year decides")
    return _to_sentence(Text(f"{verdict.zh}；{rest.zh}", f"{verdict.en}; {rest.en}"))


def _compose_open_headline(status: ResultStatus, verdict: Text) -> Text:
    if not status.answered:
        return Text("还没有作答，不能确定结果。", "Nothing is answered yet, so nothing is certain.")
    count = len(status.deciders)
    if not count:
        return _to_sentence(verdict)
    questions = "question decides" if count == 1 else "questions decide"
    sure = status.presumed_state == "reached"
    ask = "需要确认" if sure else "会影响结果"
    lead = "" if sure or status.threshold is None else "还不能确定："
    lead_en = "" if sure or status.threshold is None else "not certain yet: "
    return _to_sentence(
        Text(
            f"{lead}{verdict.zh}；还有 {count} 个问题{ask}",
            f"{lead_en}{verdict.en}; {count} open {questions}",
        )
    )


def _compose_spoken(status: ResultStatus, verdict: Text) -> Text:
    if status.is_barred:
        named = _name_deciders(status)
        kind = (
            Text("一票否决", "Veto")
            if status.state == "vetoed"
            else Text("申请条件未满足", "Condition not met")
        )
        end = (
            Text("申请不会通过", "refused whatever the points")
            if status.state == "vetoed"
            else Text("不能申请", "no application yet")
        )
        lead = Text(
            f"{kind.zh}{f'：{named.zh}' if named.zh else ''}",
            f"{kind.en}{f': {named.en}' if named.en else ''}",
        )
        return _join_nonempty(lead, end)
    if not status.answered:
        line = EMPTY
        if status.threshold is not None:
            threshold = format_points(status.threshold)
            line = Text(f"分数线 {threshold} 分", f"the line is {threshold}")
        return _join_nonempty(format_headline_points(status), line)
    span = format_shown_range(status) if status.state == "open" and not status.is_wide else EMPTY
    if status.presumed_state == "reached" and status.state == "open":
        span = EMPTY
    return _join_nonempty(format_headline_points(status), verdict, span)


def _name_deciders(status: ResultStatus) -> Text:
    named, rest = status.deciders[:MOST_NAMED], len(status.deciders) - MOST_NAMED
    zh, en = (
        "、".join(decider.label.zh for decider in named),
        ", ".join(decider.label.en for decider in named),
    )
    if rest > 0:
        return Text(f"{zh}等 {len(status.deciders)} 项", f"{en} and {rest} more")
    return Text(zh, en)


def _next_vetoed(status: ResultStatus) -> Text:
    del status
    return Text(
        "请向受理窗口确认记录与认定是否准确。",
        "Ask the office whether record and finding are right.",
    )


def _next_refused(status: ResultStatus) -> Text:
    remedies = [decider.remedy for decider in status.deciders if decider.remedy.zh]
    if not remedies:
        return Text("请先满足上述条件，再申请。", "Meet the condition first, then apply.")
    return Text(_join_remedies(remedies, "；").zh, _join_remedies(remedies, "; ").en)


def _next_reached(status: ResultStatus) -> Text:
    if status.ranked:
        return Text("可以准备材料，申请参加排名。", "Prepare the documents and enter the ranking.")
    return Text("可以准备材料，提出申请。", "Prepare the documents and apply.")


def _next_below(status: ResultStatus) -> Text:
    del status
    return Text(
        "可以查看什么时候能达到、怎样最快。",
        "See when the line can be reached, and how to get there soonest.",
    )


def _next_open(status: ResultStatus) -> Text:
    if not status.answered:
        return Text("请从任意一个问题开始作答。", "Begin with any question.")
    named = _name_deciders(status)
    if not named.zh:
        return Text("请核对已填写的内容。", "Check what you have answered.")
    return Text(f"请回答：{named.zh}。", f"Answer: {named.en}.")


_NEXT: dict[str, Callable[[ResultStatus], Text]] = {
    "vetoed": _next_vetoed,
    "refused": _next_refused,
    "reached": _next_reached,
    "below": _next_below,
    "open": _next_open,
}


def _join_remedies(texts: list[Text], joint: str) -> Text:
    return Text(joint.join(t.zh for t in texts), joint.join(t.en for t in texts))


def _join_nonempty(*parts: Text) -> Text:
    """Parts in one line; empty ones are left out."""
    nonempty = [part for part in parts if part.zh]
    return Text(" · ".join(p.zh for p in nonempty), _capitalize(" · ".join(p.en for p in nonempty)))


def _to_sentence(words: Text) -> Text:
    return Text(f"{words.zh}。", f"{_capitalize(words.en)}.")


def _capitalize_text(words: Text) -> Text:
    return Text(words.zh, _capitalize(words.en))


def _capitalize(words: str) -> str:
    return words[:1].upper() + words[1:]
