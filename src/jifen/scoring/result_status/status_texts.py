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
from jifen.scoring.words import say

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
    return say("result_status.status_texts.refused_by_a_veto_whatever")


def _verdict_refused(status: ResultStatus) -> Text:
    del status
    return say("result_status.status_texts.a_condition_is_not_met")


def _is_by_way_only(status: ResultStatus) -> bool:
    """Whether the line is reached by a way without points, and the points do not suffice."""
    return bool(status.ways) and status.threshold is not None and status.over is None


def _verdict_reached(status: ResultStatus) -> Text:
    if _is_by_way_only(status):
        return say("result_status.status_texts.no_points_are_needed", way=status.ways[0])
    line = _describe_threshold_reached(status)
    over = status.over
    if over:
        least = not status.is_exact
        line = say(
            "result_status.status_texts.over",
            line=line,
            over=format_points(over),
            part=say("result_status.status_texts.at_least") if least else EMPTY,
        )
    if not status.ranked:
        return line
    if status.threshold is None:
        return say("result_status.status_texts.may_enter_the_ranking")
    return say("result_status.status_texts.line_and_may_enter_the_ranking", line=line)


def _describe_threshold_reached(status: ResultStatus) -> Text:
    threshold = format_points(status.threshold) if status.threshold is not None else ""
    if status.ranked:
        return say("result_status.status_texts.the_entry_line", threshold=threshold)
    return say("result_status.status_texts.the_line_of_is_reached", threshold=threshold)


def _verdict_below(status: ResultStatus) -> Text:
    threshold, lacking = format_points(status.threshold or 0), format_points(status.lacking or 0)
    least = not status.is_exact
    entry = (
        say("result_status.status_texts.entry_line")
        if status.ranked
        else say("result_status.status_texts.line")
    )
    return say(
        "result_status.status_texts.below_the_of_short",
        entry=entry,
        threshold=threshold,
        lacking=lacking,
        part=say("result_status.status_texts.at_least") if least else EMPTY,
    )


def _verdict_open(status: ResultStatus) -> Text:
    if not status.answered or status.threshold is None:
        return say("result_status.status_texts.not_certain_yet")
    if status.presumed_state == "reached":
        line = _describe_threshold_reached(status)
        return say("result_status.status_texts.if_nothing_adverse", line=line)
    if status.lacking:
        return format_shortfall(status, status.lacking)
    threshold = format_points(status.threshold)
    if status.points_sure:
        return say(
            "result_status.status_texts.enough_points_for_the_conditions", threshold=threshold
        )
    return say("result_status.status_texts.enough_points_for_so_far", threshold=threshold)


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
        return say(
            "result_status.status_texts.refused_by_a_veto_points",
            part=say("result_status.status_texts.names_in_brackets", named=named)
            if named.zh
            else EMPTY,
        )
    if status.state == "refused":
        return say(
            "result_status.status_texts.a_condition_is_not_met_no_score",
            part=say("result_status.status_texts.names_in_brackets", named=named)
            if named.zh
            else EMPTY,
        )
    if status.state == "open":
        return _compose_open_headline(status, verdict)
    if status.state == "below":
        return _to_sentence(verdict)
    if _is_by_way_only(status):
        return _to_sentence(verdict)
    rest = say("result_status.status_texts.every_condition_is_met")
    if status.ranked:
        rest = say("result_status.status_texts.the_quota_of_the_year")
    return _to_sentence(
        say(
            "result_status.status_texts.verdict_and_rest",
            verdict=verdict,
            rest=rest,
        )
    )


def _compose_open_headline(status: ResultStatus, verdict: Text) -> Text:
    if not status.answered:
        return say("result_status.status_texts.nothing_is_answered_yet_so")
    count = len(status.deciders)
    if not count:
        return _to_sentence(verdict)
    sure = status.presumed_state == "reached"
    return _to_sentence(
        say(
            "result_status.status_texts.open",
            verdict=verdict,
            lead=EMPTY
            if sure or status.threshold is None
            else say("result_status.status_texts.not_certain_yet_before_verdict"),
            questions=_count_open_questions(count, sure),
        )
    )


def _count_open_questions(count: int, sure: bool) -> Text:
    if sure:
        return (
            say("result_status.status_texts.one_question_to_confirm")
            if count == 1
            else say("result_status.status_texts.questions_to_confirm", count=count)
        )
    return (
        say("result_status.status_texts.one_question_decides")
        if count == 1
        else say("result_status.status_texts.questions_decide", count=count)
    )


def _compose_spoken(status: ResultStatus, verdict: Text) -> Text:
    if status.is_barred:
        named = _name_deciders(status)
        kind = (
            say("result_status.status_texts.veto")
            if status.state == "vetoed"
            else say("result_status.status_texts.condition_not_met")
        )
        end = (
            say("result_status.status_texts.refused_whatever_the_points")
            if status.state == "vetoed"
            else say("result_status.status_texts.no_application_yet")
        )
        lead = say(
            "result_status.status_texts.kind_and_names",
            kind=kind,
            part=say("result_status.status_texts.names_after_colon", named=named)
            if named.zh
            else EMPTY,
        )
        return _join_nonempty(lead, end)
    if not status.answered:
        line = EMPTY
        if status.threshold is not None:
            threshold = format_points(status.threshold)
            line = say("result_status.status_texts.the_line", threshold=threshold)
        return _join_nonempty(format_headline_points(status), line)
    span = format_shown_range(status) if status.state == "open" and not status.is_wide else EMPTY
    if status.presumed_state == "reached" and status.state == "open":
        span = EMPTY
    return _join_nonempty(format_headline_points(status), verdict, span)


def _name_deciders(status: ResultStatus) -> Text:
    named, rest = status.deciders[:MOST_NAMED], len(status.deciders) - MOST_NAMED
    words = Text(
        "、".join(decider.label.zh for decider in named),
        ", ".join(decider.label.en for decider in named),
    )
    if rest > 0:
        return say(
            "result_status.status_texts.and_more",
            words=words,
            count=len(status.deciders),
            rest=rest,
        )
    return words


def _next_vetoed(status: ResultStatus) -> Text:
    del status
    return say("result_status.status_texts.ask_the_office_whether_record")


def _next_refused(status: ResultStatus) -> Text:
    remedies = [decider.remedy for decider in status.deciders if decider.remedy.zh]
    if not remedies:
        return say("result_status.status_texts.meet_the_condition_first_then")
    return Text(_join_remedies(remedies, "；").zh, _join_remedies(remedies, "; ").en)


def _next_reached(status: ResultStatus) -> Text:
    if status.ranked:
        return say("result_status.status_texts.prepare_the_documents_and_enter")
    return say("result_status.status_texts.prepare_the_documents_and_apply")


def _next_below(status: ResultStatus) -> Text:
    del status
    return say("result_status.status_texts.see_when_the_line_can")


def _next_open(status: ResultStatus) -> Text:
    if not status.answered:
        return say("result_status.status_texts.begin_with_any_question")
    named = _name_deciders(status)
    if not named.zh:
        return say("result_status.status_texts.check_what_you_have_answered")
    return say("result_status.status_texts.answer", named=named)


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
    return say("result_status.status_texts.sentence", words=Text(words.zh, _capitalize(words.en)))


def _capitalize_text(words: Text) -> Text:
    return Text(words.zh, _capitalize(words.en))


def _capitalize(words: str) -> str:
    return words[:1].upper() + words[1:]
