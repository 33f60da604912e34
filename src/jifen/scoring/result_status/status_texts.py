"""The words of a standing, in both languages: the one catalogue that every surface reads."""

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
"""So many deciders are named in a sentence; of more their number is said."""


class StatusTexts(NamedTuple):
    """A standing in words.

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


def describe_status(standing: ResultStatus) -> StatusTexts:
    """Every wording of a standing."""
    verdict = _VERDICTS[standing.state](standing)
    return StatusTexts(
        _capitalize_text(format_headline_points(standing)),
        _capitalize_text(format_shown_range(standing)),
        format_full_range(standing),
        verdict,
        _compose_headline(standing, verdict),
        _compose_spoken(standing, verdict),
        _NEXT[standing.state](standing),
    )


def _verdict_vetoed(standing: ResultStatus) -> Text:
    del standing
    return Text("一票否决，申请不会通过", "refused by a veto, whatever the points")


def _verdict_refused(standing: ResultStatus) -> Text:
    del standing
    return Text("申请条件未满足，不能申请", "a condition is not met, whatever the points")


def _verdict_reached(standing: ResultStatus) -> Text:
    line = _describe_threshold_reached(standing)
    over = standing.over
    if over:
        least = not standing.is_exact
        line = Text(
            f"{line.zh}，{'至少' if least else ''}高出 {format_points(over)} 分",
            f"{line.en}, {'at least ' if least else ''}{format_points(over)} over",
        )
    if not standing.ranked:
        return line
    if standing.line is None:
        return Text("可以参加排名", "may enter the ranking")
    return Text(f"{line.zh}，可以参加排名", f"{line.en}: may enter the ranking")


def _describe_threshold_reached(standing: ResultStatus) -> Text:
    at = format_points(standing.line) if standing.line is not None else ""
    if standing.ranked:
        return Text(f"达到入围线 {at} 分", f"the entry line of {at} is reached")
    return Text(f"达到 {at} 分线", f"the line of {at} is reached")


def _verdict_below(standing: ResultStatus) -> Text:
    at, lacking = format_points(standing.line or 0), format_points(standing.lacking or 0)
    least = not standing.is_exact
    entry = Text("入围线", "entry line") if standing.ranked else Text("分数线", "line")
    return Text(
        f"未达到{entry.zh} {at} 分，{'至少' if least else ''}还差 {lacking} 分",
        f"below the {entry.en} of {at}, {'at least ' if least else ''}{lacking} short",
    )


def _verdict_open(standing: ResultStatus) -> Text:
    if not standing.answered or standing.line is None:
        return Text("还不能确定", "not certain yet")
    if standing.presumed_state == "reached":
        line = _describe_threshold_reached(standing)
        return Text(f"如无不良记录，{line.zh}", f"{line.en} if nothing adverse is on record")
    if standing.lacking:
        return format_shortfall(standing, standing.lacking)
    at = format_points(standing.line)
    if standing.points_sure:
        return Text(
            f"分数够 {at} 分，申请条件待确认",
            f"enough points for {at}, the conditions are not certain yet",
        )
    return Text(
        f"分数够 {at} 分，但其余答案可能减分",
        f"enough points for {at} so far, but open answers may take some away",
    )


_VERDICTS: dict[str, Callable[[ResultStatus], Text]] = {
    "vetoed": _verdict_vetoed,
    "refused": _verdict_refused,
    "reached": _verdict_reached,
    "below": _verdict_below,
    "open": _verdict_open,
}


def _compose_headline(standing: ResultStatus, verdict: Text) -> Text:
    """The outcome as a sentence with a full stop."""
    named = _name_deciders(standing)
    if standing.state == "vetoed":
        return Text(
            f"一票否决{f'（{named.zh}）' if named.zh else ''}：申请不会通过，与分数无关。",
            f"Refused by a veto{f' ({named.en})' if named.en else ''}: points do not matter.",
        )
    if standing.state == "refused":
        return Text(
            f"申请条件未满足{f'（{named.zh}）' if named.zh else ''}：分数再高也不能申请。",
            f"A condition is not met{f' ({named.en})' if named.en else ''}: "
            "no score makes up for it.",
        )
    if standing.state == "open":
        return _compose_open_headline(standing, verdict)
    if standing.state == "below":
        return _to_sentence(verdict)
    rest = Text("申请条件全部满足", "every condition is met")
    if standing.ranked:
        rest = Text("能否入选还要看当年名额", "the quota of the year decides")
    return _to_sentence(Text(f"{verdict.zh}；{rest.zh}", f"{verdict.en}; {rest.en}"))


def _compose_open_headline(standing: ResultStatus, verdict: Text) -> Text:
    if not standing.answered:
        return Text("还没有作答，不能确定结果。", "Nothing is answered yet, so nothing is certain.")
    count = len(standing.deciders)
    if not count:
        return _to_sentence(verdict)
    questions = "question decides" if count == 1 else "questions decide"
    sure = standing.presumed_state == "reached"
    ask = "需要确认" if sure else "会影响结果"
    lead = "" if sure or standing.line is None else "还不能确定："
    lead_en = "" if sure or standing.line is None else "not certain yet: "
    return _to_sentence(
        Text(
            f"{lead}{verdict.zh}；还有 {count} 个问题{ask}",
            f"{lead_en}{verdict.en}; {count} open {questions}",
        )
    )


def _compose_spoken(standing: ResultStatus, verdict: Text) -> Text:
    if standing.is_barred:
        named = _name_deciders(standing)
        kind = (
            Text("一票否决", "Veto")
            if standing.state == "vetoed"
            else Text("申请条件未满足", "Condition not met")
        )
        end = (
            Text("申请不会通过", "refused whatever the points")
            if standing.state == "vetoed"
            else Text("不能申请", "no application yet")
        )
        lead = Text(
            f"{kind.zh}{f'：{named.zh}' if named.zh else ''}",
            f"{kind.en}{f': {named.en}' if named.en else ''}",
        )
        return _join_nonempty(lead, end)
    if not standing.answered:
        line = EMPTY
        if standing.line is not None:
            at = format_points(standing.line)
            line = Text(f"分数线 {at} 分", f"the line is {at}")
        return _join_nonempty(format_headline_points(standing), line)
    span = (
        format_shown_range(standing) if standing.state == "open" and not standing.is_wide else EMPTY
    )
    if standing.presumed_state == "reached" and standing.state == "open":
        span = EMPTY
    return _join_nonempty(format_headline_points(standing), verdict, span)


def _name_deciders(standing: ResultStatus) -> Text:
    some, rest = standing.deciders[:MOST_NAMED], len(standing.deciders) - MOST_NAMED
    zh, en = "、".join(d.label.zh for d in some), ", ".join(d.label.en for d in some)
    if rest > 0:
        return Text(f"{zh}等 {len(standing.deciders)} 项", f"{en} and {rest} more")
    return Text(zh, en)


def _next_vetoed(standing: ResultStatus) -> Text:
    del standing
    return Text(
        "请向受理窗口确认记录与认定是否准确。",
        "Ask the office whether record and finding are right.",
    )


def _next_refused(standing: ResultStatus) -> Text:
    remedies = [d.remedy for d in standing.deciders if d.remedy.zh]
    if not remedies:
        return Text("请先满足上述条件，再申请。", "Meet the condition first, then apply.")
    return Text(_join_remedies(remedies, "；").zh, _join_remedies(remedies, "; ").en)


def _next_reached(standing: ResultStatus) -> Text:
    if standing.ranked:
        return Text("可以准备材料，申请参加排名。", "Prepare the documents and enter the ranking.")
    return Text("可以准备材料，提出申请。", "Prepare the documents and apply.")


def _next_below(standing: ResultStatus) -> Text:
    del standing
    return Text(
        "可以查看什么时候能达到、怎样最快。", "See when the line can be reached, and how soonest."
    )


def _next_open(standing: ResultStatus) -> Text:
    if not standing.answered:
        return Text("请从任意一个问题开始作答。", "Begin with any question.")
    named = _name_deciders(standing)
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
    kept = [part for part in parts if part.zh]
    return Text(" · ".join(p.zh for p in kept), _capitalize(" · ".join(p.en for p in kept)))


def _to_sentence(words: Text) -> Text:
    return Text(f"{words.zh}。", f"{_capitalize(words.en)}.")


def _capitalize_text(words: Text) -> Text:
    return Text(words.zh, _capitalize(words.en))


def _capitalize(words: str) -> str:
    return words[:1].upper() + words[1:]
