"""Points and ranges of a standing in words. Every number here lies inside the range it belongs to,
or is the line, or a distance from it."""

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


def format_headline_points(standing: ResultStatus) -> Text:
    """The headline number with what it is."""
    if standing.is_barred:
        total = _format_range(standing)
        return Text(f"各项合计 {total.zh}", f"the items add up to {total.en}")
    if standing.number is None:
        return Text("还没有作答", "nothing answered yet")
    number = format_points(standing.number)
    if standing.is_exact:
        return Text(f"共 {number} 分", f"total {number} points")
    return Text(f"目前可得 {number} 分", f"{number} points so far")


def format_shown_range(standing: ResultStatus) -> Text:
    """The range that is shown first; empty where the total is known, nothing is answered, or no
    score helps. A range that is too wide has its lower end only."""
    if standing.is_exact or not standing.answered or standing.is_barred:
        return EMPTY
    said = _format_range(standing)
    if standing.presumed:
        return Text(f"如无不良记录：{said.zh}", f"if nothing adverse is on record: {said.en}")
    return Text(f"可能区间：{said.zh}", f"possible range: {said.en}")


def _format_range(standing: ResultStatus) -> Text:
    if standing.is_wide:
        low = format_points(standing.range[0])
        return Text(f"{low} 分起", f"{low} points or more")
    ends = format_span(*standing.range)
    return Text(f"{ends.zh} 分", f"{ends.en} points")


def format_full_range(standing: ResultStatus) -> Text:
    """The range for every value of the missing facts, and what it assumes."""
    if standing.is_exact:
        return EMPTY
    every, wide = format_span(*standing.bounds), EMPTY if standing.narrowest else _WIDER
    if not standing.presumed:
        return Text(
            f"未回答的问题按各种可能计算：{every.zh} 分。{wide.zh}",
            f"Whatever the open answers are: {every.en} points.{wide.en}",
        )
    some = format_span(*standing.range)
    return Text(
        f"如无不良记录：{some.zh} 分。未回答的不良记录按最多次数计算：{every.zh} 分。{wide.zh}",
        f"If nothing adverse is on record: {some.en} points. With the most adverse records that "
        f"the open answers allow: {every.en} points.{wide.en}",
    )


_WIDER = Text(
    "未回答的问题太多，此区间可能比实际的宽。",
    " So many answers are open that this range may be wider than it need be.",
)


def format_shortfall(standing: ResultStatus, lacking: Decimal) -> Text:
    """How far the answers so far are from the line."""
    at = format_points(standing.line or 0)
    name = Text("入围线", "entry line") if standing.ranked else Text("分数线", "line")
    return Text(
        f"距{name.zh} {at} 分还差 {format_points(lacking)} 分",
        f"{format_points(lacking)} short of the {name.en} of {at}",
    )
