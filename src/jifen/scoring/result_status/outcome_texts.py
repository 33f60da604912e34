"""Texts of decided outcomes, in lists and on notices, and of outcomes on a future day."""

from decimal import Decimal

from jifen.policy.text import EMPTY, Text
from jifen.scoring.result_status.point_texts import format_points

_OUTCOMES: dict[str, Text] = {
    "reached": Text("达到分数线", "the line is reached"),
    "below": Text("未达到分数线", "below the line"),
    "refused": Text("不符合申请条件", "a condition is not met"),
    "vetoed": Text("一票否决", "refused by a veto"),
}
_REACHED: dict[bool | None, Text] = {
    True: _OUTCOMES["reached"],
    False: _OUTCOMES["below"],
    None: Text("不能确定", "undecided"),
}
_RANKED: dict[bool | None, Text] = {
    True: Text("可以参加排序", "may enter the ranking"),
    False: Text("不符合申请条件", "the conditions are not met"),
    None: Text("不能确定", "undecided"),
}
REFUSALS = frozenset({"refused", "vetoed"})
"""Outcomes in which no score helps: no points stand beside them."""


def describe_outcome(outcome: str) -> Text:
    """A decided outcome in words; empty for an unknown one."""
    return _OUTCOMES.get(outcome, EMPTY)


def describe_decided_outcome(outcome: str, total: Decimal) -> Text:
    """A decided outcome with its points; a refusal has none."""
    words = describe_outcome(outcome)
    if outcome in REFUSALS:
        return words
    points = format_points(total)
    return Text(f"{words.zh} · {points} 分", f"{words.en} · {points} points")


def describe_published_outcome(outcome: str, line: str = "") -> Text:
    """An outcome as third parties are told it: without points, and without saying that a veto
    stands; with its line where one is given. Empty for an unknown outcome."""
    at_zh, at_en = (f" {line} 分", f" of {line}") if line else ("", "")
    return {
        "reached": Text(f"达到标准分值{at_zh}", f"the line{at_en} is reached"),
        "below": Text(f"未达到标准分值{at_zh}", f"below the line{at_en}"),
        "refused": _OUTCOMES["refused"],
        "vetoed": Text("不予积分", "no points are given"),
    }.get(outcome, EMPTY)


def describe_future_outcome(reached: bool | None, *, ranked: bool = False) -> Text:
    """Whether the line is reached on a day to come, with every condition; None: not certain.
    `ranked`: there is no line, and whoever meets the conditions may enter the ranking."""
    return (_RANKED if ranked else _REACHED)[reached]


def describe_renewal_risk(reached: bool | None, line: Decimal | None) -> Text:
    """A warning about a renewal that may not reach the line; empty where it surely does."""
    at_zh, at_en = (
        (f" {format_points(line)} 分", f" of {format_points(line)} points") if line else ("", "")
    )
    if reached is False:
        return Text(
            f"按现在的情况，续签时达不到分数线{at_zh}，或不符合申请条件。",
            f"As things are, the line{at_en} will not be reached, or a condition will not be met.",
        )
    if reached is None:
        return Text(
            f"按已知的情况，续签时能否达到分数线{at_zh}还不能确定。",
            f"From what is known it is not certain whether the line{at_en} will be reached.",
        )
    return EMPTY
