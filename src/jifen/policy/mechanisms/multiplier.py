"""multiplier: the total, or what a group gives, times a number where a condition holds."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from jifen.policy.mechanisms.accrual import ROUND_SHAPE, Rounding, read_rounding
from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    ScoreFunction,
)
from jifen.policy.mechanisms.condition import WhenHolds
from jifen.policy.possible_points import BoundsFunction, PossibleValues, find_widest, list_outcomes
from jifen.policy.quantity import format_number
from jifen.policy.shapes import NUMBER, TEXT, Choice, Closed, Entry, Field, optional
from jifen.policy.text import Text
from jifen.policy.words import say

Multiplied = Literal["total", "group"]


@dataclass(frozen=True, slots=True)
class Multiplier(WhenHolds):
    """The total (or what its own group gives, the group's cap applied) times `by`, rounded once.

    It gives no points itself: its score is 1 where the condition holds and 0 elsewhere, and the
    tree of groups multiplies by it (`scoring.tree`).
    """

    by: Decimal
    of: Multiplied
    rounding: Rounding

    def describe_effect(self) -> Text:
        times, rounded = format_number(self.by), self.rounding.describe_rounding()
        of = {
            "total": say("mechanisms.multiplier.the_total"),
            "group": say("mechanisms.multiplier.its_groups_points"),
        }
        return say("mechanisms.multiplier.effect", of=of[self.of], times=times, rounded=rounded)

    def compile_score(self, scale: int) -> ScoreFunction:
        del scale
        holds = self.when.compile_test()

        def score_facts(v: FactValues) -> int:
            return 1 if holds(v) else 0

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        del scale

        def bound_points(possible: PossibleValues) -> tuple[int, int]:
            return find_widest((int(met),) * 2 for met in list_outcomes(self.when, possible))

        return bound_points


def build_multiplier(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a multiplier: above 0, and what it gives is rounded to the places of points."""
    when, rounding = linker.read_condition(entry, "when"), read_rounding(entry["round"], linker)
    by = entry["by"]
    if by is not None and not _LEAST < Fraction(by) <= _MOST:
        linker.report_fault("JF-P071", entry.place_of("by"), "out_of_range", by=format_number(by))
        return None
    if when is None or rounding is None or by is None:
        return None
    return Multiplier(when, Decimal(by), entry["of"] or "total", rounding)


_LEAST, _MOST = Fraction(0), Fraction(100)
MULTIPLIER = MechanismDeclaration(
    "multiplier",
    Closed(
        "multiplier",
        {
            "when": Field(TEXT, doc="where it counts"),
            "by": Field(NUMBER, doc="so many times, such as 1.3"),
            "of": optional(
                Choice(("total", "group")),
                "total",
                "what is multiplied: the total before the floor, or what its own group gives",
            ),
            "round": Field(ROUND_SHAPE, doc="how what comes out is rounded, once"),
        },
    ),
    build_multiplier,
    "the total or a group's points times a number",
)
