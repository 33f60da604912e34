"""Texts of the points and ranges of a status. Every number lies inside its range, or is the
threshold, or a distance from the threshold."""

from decimal import Decimal

from jifen.policy.quantity import format_number
from jifen.policy.text import EMPTY, Text
from jifen.scoring.result_status.model import ResultStatus

MINUS = "−"


def format_points(points: Decimal | int) -> str:
    """Points with a true minus sign."""
    return format_number(Decimal(points)).replace("-", MINUS)


def format_span(low: Decimal, high: Decimal) -> Text:
    """'30', or '5 至 30'."""
    if low == high:
        return Text(format_points(low), format_points(low))
    return Text(
        f"{format_points(low)} 至 {format_points(high)}",
        f"{format_points(low)} to {format_points(high)}",
    )


def format_headline_points(status: ResultStatus) -> Text:
    """The headline number with what it is."""
    if status.is_barred:
        total = _format_range(status)
        return Text(f"各项合计 {total.zh}", f"the items add up to {total.en}")
    if status.number is None:
        return Text("还没有作答", "nothing answered yet")
    number = format_points(status.number)
    if status.is_exact:
        return Text(f"共 {number} 分", f"total {number} points")
    return Text(f"目前可得 {number} 分", f"{number} points so far")


def format_shown_range(status: ResultStatus) -> Text:
    """The range that is shown first; empty where the total is known, nothing is answered, or no
    score helps. A range that is too wide has its lower end only."""
    if status.is_exact or not status.answered or status.is_barred:
        return EMPTY
    shown_range = _format_range(status)
    if status.presumed:
        return Text(
            f"如无不良记录：{shown_range.zh}", f"if nothing adverse is on record: {shown_range.en}"
        )
    return Text(f"可能区间：{shown_range.zh}", f"possible range: {shown_range.en}")


def _format_range(status: ResultStatus) -> Text:
    if status.is_wide:
        low = format_points(status.range[0])
        return Text(f"{low} 分起", f"{low} points or more")
    ends = format_span(*status.range)
    return Text(f"{ends.zh} 分", f"{ends.en} points")


def format_full_range(status: ResultStatus) -> Text:
    """The range for every value of the missing facts, and what it assumes."""
    if status.is_exact:
        return EMPTY
    full, note = format_span(*status.bounds), EMPTY if status.narrowest else _WIDER
    if not status.presumed:
        return Text(
            f"未回答的问题按各种可能计算：{full.zh} 分。{note.zh}",
            f"Whatever the open answers are: {full.en} points.{note.en}",
        )
    likely = format_span(*status.range)
    return Text(
        f"如无不良记录：{likely.zh} 分。未回答的不良记录按最多次数计算：{full.zh} 分。{note.zh}",
        f"If nothing adverse is on record: {likely.en} points. With the most adverse records that "
        f"the open answers allow: {full.en} points.{note.en}",
    )


_WIDER = Text(
    "未回答的问题太多，此区间可能比实际的宽。",
    " So many answers are open that this range may be wider than it need be.",
)


def format_shortfall(status: ResultStatus, lacking: Decimal) -> Text:
    """How far the answers so far are from the line."""
    threshold = format_points(status.threshold or 0)
    threshold_name = Text("入围线", "entry line") if status.ranked else Text("分数线", "line")
    return Text(
        f"距{threshold_name.zh} {threshold} 分还差 {format_points(lacking)} 分",
        f"{format_points(lacking)} short of the {threshold_name.en} of {threshold}",
    )
