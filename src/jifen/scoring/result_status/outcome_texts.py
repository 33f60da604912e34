"""Texts of decided outcomes, in lists and on notices, and of outcomes on a future day."""

from decimal import Decimal

from jifen.policy.text import EMPTY, Text
from jifen.scoring.result_status.point_texts import format_points
from jifen.scoring.words import say

_OUTCOMES: dict[str, Text] = {
    "reached": say("result_status.outcome_texts.outcomes_reached"),
    "below": say("result_status.outcome_texts.outcomes_below"),
    "refused": say("result_status.outcome_texts.outcomes_refused"),
    "vetoed": say("result_status.outcome_texts.outcomes_vetoed"),
}
_REACHED: dict[bool | None, Text] = {
    True: _OUTCOMES["reached"],
    False: _OUTCOMES["below"],
    None: say("result_status.outcome_texts.undecided"),
}
_RANKED: dict[bool | None, Text] = {
    True: say("result_status.outcome_texts.may_enter_the_ranking"),
    False: say("result_status.outcome_texts.the_conditions_are_not_met"),
    None: say("result_status.outcome_texts.undecided"),
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
    return say("result_status.outcome_texts.points", words=words, points=points)


def describe_published_outcome(outcome: str, line: str = "") -> Text:
    """An outcome as third parties are told it: without points, and without saying that a veto
    stands; with its line where one is given. Empty for an unknown outcome."""
    at = say("result_status.outcome_texts.of", line=line) if line else EMPTY
    return {
        "reached": say("result_status.outcome_texts.the_line_is_reached", at=at),
        "below": say("result_status.outcome_texts.below_the_line", at=at),
        "refused": _OUTCOMES["refused"],
        "vetoed": say("result_status.outcome_texts.no_points_are_given"),
    }.get(outcome, EMPTY)


def describe_future_outcome(reached: bool | None, *, ranked: bool = False) -> Text:
    """Whether the line is reached on a day to come, with every condition; None: not certain.
    `ranked`: there is no line, and whoever meets the conditions may enter the ranking."""
    return (_RANKED if ranked else _REACHED)[reached]


def describe_renewal_risk(reached: bool | None, line: Decimal | None) -> Text:
    """A warning about a renewal that may not reach the line; empty where it surely does."""
    at = say("result_status.outcome_texts.of_points", line=format_points(line)) if line else EMPTY
    if reached is False:
        return say("result_status.outcome_texts.as_things_are_the_line", at=at)
    if reached is None:
        return say("result_status.outcome_texts.from_what_is_known", at=at)
    return EMPTY
