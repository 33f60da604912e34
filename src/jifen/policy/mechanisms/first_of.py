"""first_of: a ladder of conditions; the first that holds gives its points or its mechanism."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.catalogue import POLICY, join_with_and
from jifen.policy.condition import Condition, list_condition_facts
from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.condition import list_condition_breaks
from jifen.policy.mechanisms.per_unit import PER_UNIT
from jifen.policy.mechanisms.phrases import format_condition, format_points, join_rows
from jifen.policy.possible_points import BoundsFunction, PossibleValues, find_widest, list_outcomes
from jifen.policy.shapes import NUMBER, TEXT, Closed, Entry, Field, ListOf, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.words import say


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One rung: its condition (None: always), and what it gives."""

    when: Condition | None
    points: Decimal
    inner: Mechanism | None


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first rung whose condition holds; none gives no points."""

    steps: tuple[LadderStep, ...]

    def list_facts(self) -> tuple[str, ...]:
        fact_ids: dict[str, None] = {}
        for step in self.steps:
            fact_ids |= dict.fromkeys(list_condition_facts(step.when) if step.when else ())
            fact_ids |= dict.fromkeys(step.inner.list_facts() if step.inner else ())
        return tuple(fact_ids)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        for step in self.steps:
            if step.when:
                yield from list_condition_breaks(step.when)
            if step.inner:
                yield from step.inner.list_breaks()

    def compile_score(self, scale: int) -> ScoreFunction:
        steps = [
            (
                step.when.compile_test() if step.when else None,
                int(step.points * scale),
                step.inner.compile_score(scale) if step.inner else None,
            )
            for step in self.steps
        ]

        def score_facts(v: FactValues) -> int:
            for holds, points, inner in steps:
                if holds is None or holds(v):
                    return points if inner is None else inner(v)
            return 0

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        steps = [
            (
                step.when,
                int(step.points * scale),
                step.inner.compile_bounds(scale) if step.inner else None,
            )
            for step in self.steps
        ]

        def bound_points(possible: PossibleValues) -> tuple[int, int]:
            ends = []
            for when, points, inner in steps:
                met = list_outcomes(when, possible) if when else frozenset({True})
                if True in met:
                    ends.append(inner(possible) if inner else (points, points))
                if False not in met:
                    return find_widest(ends)
            return find_widest([*ends, (0, 0)])

        return bound_points

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        rows: list[RuleRow] = []
        for step in self.steps:
            when = _describe_when(step, vocabulary)
            if step.inner is None:
                rows.append(RuleRow(when, format_points(step.points)))
            else:
                words = Text(
                    step.inner.describe_rule(vocabulary, "zh"),
                    step.inner.describe_rule(vocabulary, "en"),
                )
                rows.append(RuleRow(when, words))
        return tuple(rows)

    def find_row(self, values: FactValues) -> int | None:
        for number, step in enumerate(self.steps):
            if step.when is None or step.when.compile_test()(values):
                return number
        return None

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        return join_rows([(r.when(lang), r.gives(lang)) for r in self.list_rows(vocabulary)], lang)


def _describe_when(step: LadderStep, vocabulary: Vocabulary) -> Text:
    if step.when is None:
        return say("mechanisms.first_of.otherwise")
    return Text(
        format_condition(step.when, vocabulary, "zh"), format_condition(step.when, vocabulary, "en")
    )


def build_first_of(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a ladder; each rung gives points or a mechanism, and only the last may be always."""
    steps = [_build_step(step, linker) for step in entry["steps"] if step]
    for step in entry["steps"][:-1]:
        if step and step["when"] is None:
            linker.report_fault("JF-P027", step.place_of(), "step_without_when")
    return FirstOf(tuple(steps))


def _build_step(entry: Entry, linker: MechanismLinker) -> LadderStep:
    given = [key for key in ("points", "per_unit") if entry[key] is not None]
    if len(given) != 1:
        what = join_with_and(given) if given else POLICY.format_phrase("no_points")
        linker.report_fault("JF-P027", entry.place_of(), "step_mechanisms", given=what)
    when = linker.read_condition(entry, "when") if entry["when"] is not None else None
    inner = PER_UNIT.build(entry["per_unit"], linker) if entry["per_unit"] else None
    points = linker.read_points(entry, "points") if entry["points"] is not None else Decimal(0)
    return LadderStep(when, points, inner)


_STEP_SHAPE = Closed(
    "step",
    {
        "when": optional(TEXT, doc="a condition; left out in the last step: otherwise"),
        "points": optional(NUMBER),
        "per_unit": optional(PER_UNIT.shape),
    },
)
FIRST_OF = MechanismDeclaration(
    "first_of",
    Closed("first_of", {"steps": Field(ListOf(_STEP_SHAPE, 1, repeats=True))}),
    build_first_of,
    "the first condition of a ladder that holds",
)
