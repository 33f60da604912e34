"""condition: fixed points where a condition holds; and what conditions tell of break points."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.condition import Compare, Condition, list_atoms, list_condition_facts
from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.phrases import format_condition, format_points
from jifen.policy.possible_points import BoundsFunction, PossibleValues, find_widest, list_outcomes
from jifen.policy.shapes import NUMBER, TEXT, Closed, Entry, Field
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.words import say


@dataclass(frozen=True, slots=True)
class WhenHolds(ABC):
    """What hangs on one condition; what it gives is said by those that derive from it."""

    when: Condition

    @abstractmethod
    def describe_effect(self) -> Text:
        """What follows where the condition holds."""

    def list_facts(self) -> tuple[str, ...]:
        return list_condition_facts(self.when)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        return list_condition_breaks(self.when)

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        when = Text(
            format_condition(self.when, vocabulary, "zh"),
            format_condition(self.when, vocabulary, "en"),
        )
        return (RuleRow(when, self.describe_effect()),)

    def find_row(self, values: FactValues) -> int | None:
        del values
        return None

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        row = self.list_rows(vocabulary)[0]
        return f"{row.when(lang)}{say('mechanisms.condition.rule')(lang)}{row.gives(lang)}"


@dataclass(frozen=True, slots=True)
class PointsIf(WhenHolds):
    """So many points where the condition holds, none elsewhere."""

    points: Decimal

    def describe_effect(self) -> Text:
        return format_points(self.points)

    def compile_score(self, scale: int) -> ScoreFunction:
        holds, points = self.when.compile_test(), int(self.points * scale)

        def score_facts(v: FactValues) -> int:
            return points if holds(v) else 0

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        points = int(self.points * scale)

        def bound_points(possible: PossibleValues) -> tuple[int, int]:
            return find_widest((points * met,) * 2 for met in list_outcomes(self.when, possible))

        return bound_points


def list_condition_breaks(condition: Condition) -> Iterator[tuple[str, Decimal]]:
    """The constants with which a condition compares numbers."""
    for atom in list_atoms(condition):
        if isinstance(atom, Compare) and not isinstance(atom.constant, str):
            yield atom.fact, Decimal(atom.constant)


def build_condition(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a condition with points."""
    when = linker.read_condition(entry, "when")
    return PointsIf(when, linker.read_points(entry, "points")) if when else None


CONDITION = MechanismDeclaration(
    "condition",
    Closed("condition", {"when": Field(TEXT), "points": Field(NUMBER)}),
    build_condition,
    "fixed points where a condition holds",
)
