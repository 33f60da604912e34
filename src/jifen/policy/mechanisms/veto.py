"""veto: a condition that refuses the application, whatever the points; or only warns."""

from dataclasses import dataclass

from jifen.policy.mechanisms.base import (
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    ScoreFunction,
)
from jifen.policy.mechanisms.condition import WhenHolds
from jifen.policy.possible_points import BoundsFunction
from jifen.policy.shapes import TEXT, Choice, Closed, Entry, Field, optional
from jifen.policy.text import Text
from jifen.policy.words import say

_REFUSES = say("mechanisms.veto.refuses")
_WARNS = say("mechanisms.veto.warns")


@dataclass(frozen=True, slots=True)
class Veto(WhenHolds):
    """Gives no points; where its condition holds it refuses (or warns)."""

    refuses: bool

    def describe_effect(self) -> Text:
        return _REFUSES if self.refuses else _WARNS

    def compile_score(self, scale: int) -> ScoreFunction:
        del scale
        return lambda v: 0

    def compile_bounds(self, scale: int) -> BoundsFunction:
        del scale
        return lambda possible: (0, 0)


def build_veto(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a veto."""
    when = linker.read_condition(entry, "when")
    return Veto(when, entry["effect"] != "warn") if when else None


VETO = MechanismDeclaration(
    "veto",
    Closed("veto", {"when": Field(TEXT), "effect": optional(Choice(("refuse", "warn")), "refuse")}),
    build_veto,
    "a condition that refuses, whatever the points",
)
