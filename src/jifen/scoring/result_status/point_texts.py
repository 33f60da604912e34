"""Texts of the points and ranges of a status. Every number lies inside its range, or is the
threshold, or a distance from the threshold."""

from decimal import Decimal

from jifen.policy.quantity import format_number
from jifen.policy.text import EMPTY, Text
from jifen.scoring.result_status.model import ResultStatus
from jifen.scoring.words import say

MINUS = "−"


def format_points(points: Decimal | int) -> str:
    """Points with a true minus sign."""
    return format_number(Decimal(points)).replace("-", MINUS)


def format_span(low: Decimal, high: Decimal) -> Text:
    """'30', or '5 至 30'."""
    if low == high:
        return Text(format_points(low), format_points(low))
    return say("result_status.point_texts.to", low=format_points(low), high=format_points(high))


def format_headline_points(status: ResultStatus) -> Text:
    """The headline number with what it is."""
    if status.is_barred:
        total = _format_range(status)
        return say("result_status.point_texts.the_items_add_up", total=total)
    if status.number is None:
        return say("result_status.point_texts.nothing_answered_yet")
    number = format_points(status.number)
    if status.is_exact:
        return say("result_status.point_texts.total_points", number=number)
    return say("result_status.point_texts.points_so_far", number=number)


def format_shown_range(status: ResultStatus) -> Text:
    """The range that is shown first; empty where the total is known, nothing is answered, or no
    score helps. A range that is too wide has its lower end only."""
    if status.is_exact or not status.answered or status.is_barred:
        return EMPTY
    shown_range = _format_range(status)
    if status.presumed:
        return say("result_status.point_texts.if_nothing_adverse", shown_range=shown_range)
    return say("result_status.point_texts.possible_range", shown_range=shown_range)


def _format_range(status: ResultStatus) -> Text:
    if status.is_wide:
        low = format_points(status.range[0])
        return say("result_status.point_texts.points_or_more", low=low)
    ends = format_span(*status.range)
    return say("result_status.point_texts.points", ends=ends)


def format_full_range(status: ResultStatus) -> Text:
    """The range for every value of the missing facts, and what it assumes."""
    if status.is_exact:
        return EMPTY
    full, note = format_span(*status.bounds), EMPTY if status.narrowest else _WIDER
    if not status.presumed:
        return say("result_status.point_texts.whatever_the_open_answers", full=full, note=note)
    likely = format_span(*status.range)
    return say(
        "result_status.point_texts.if_nothing_adverse_is_on_record",
        likely=likely,
        full=full,
        note=note,
    )


_WIDER = say("result_status.point_texts.wider")


def format_shortfall(status: ResultStatus, lacking: Decimal) -> Text:
    """How far the answers so far are from the line."""
    threshold = format_points(status.threshold or 0)
    threshold_name = (
        say("result_status.point_texts.entry_line")
        if status.ranked
        else say("result_status.point_texts.line")
    )
    return say(
        "result_status.point_texts.short_of",
        threshold_name=threshold_name,
        threshold=threshold,
        lacking=format_points(lacking),
    )
