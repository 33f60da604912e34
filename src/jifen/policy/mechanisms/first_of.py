"""first_of: a ladder of conditions; the first that holds gives its points or its mechanism."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.catalogue import POLICY, joined
from jifen.policy.condition import Condition, facts_of
from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.condition import condition_breaks
from jifen.policy.mechanisms.per_unit import PER_UNIT
from jifen.policy.mechanisms.words import points_text, say, sentence
from jifen.policy.possible import Possible, Span, outcomes_of, widest
from jifen.policy.shapes import NUMBER, TEXT, Closed, Entry, Field, ListOf, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: its condition (None: always), and what it gives."""

    when: Condition | None
    points: Decimal
    inner: Mechanism | None


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first rung whose condition holds; none gives no points."""

    steps: tuple[Step, ...]

    def facts(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for step in self.steps:
            found |= dict.fromkeys(facts_of(step.when) if step.when else ())
            found |= dict.fromkeys(step.inner.facts() if step.inner else ())
        return tuple(found)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        for step in self.steps:
            if step.when:
                yield from condition_breaks(step.when)
            if step.inner:
                yield from step.inner.breaks()

    def score(self, scale: int) -> Score:
        steps = [
            (
                step.when.test() if step.when else None,
                int(step.points * scale),
                step.inner.score(scale) if step.inner else None,
            )
            for step in self.steps
        ]

        def score(v: Values) -> int:
            for holds, points, inner in steps:
                if holds is None or holds(v):
                    return points if inner is None else inner(v)
            return 0

        return score

    def span(self, scale: int) -> Span:
        steps = [
            (step.when, int(step.points * scale), step.inner.span(scale) if step.inner else None)
            for step in self.steps
        ]

        def span(possible: Possible) -> tuple[int, int]:
            ends = []
            for when, points, inner in steps:
                met = outcomes_of(when, possible) if when else frozenset({True})
                if True in met:
                    ends.append(inner(possible) if inner else (points, points))
                if False not in met:
                    return widest(ends)
            return widest([*ends, (0, 0)])

        return span

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        rows: list[Row] = []
        for step in self.steps:
            when = _when(step, vocabulary)
            if step.inner is None:
                rows.append(Row(when, points_text(step.points)))
            else:
                words = Text(step.inner.words(vocabulary, "zh"), step.inner.words(vocabulary, "en"))
                rows.append(Row(when, words))
        return tuple(rows)

    def case(self, values: Values) -> int | None:
        for number, step in enumerate(self.steps):
            if step.when is None or step.when.test()(values):
                return number
        return None

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        return sentence([(r.when(lang), r.gives(lang)) for r in self.rows(vocabulary)], lang)


def _when(step: Step, vocabulary: Vocabulary) -> Text:
    if step.when is None:
        return Text("其他情形", "otherwise")
    return Text(say(step.when, vocabulary, "zh"), say(step.when, vocabulary, "en"))


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read a ladder; each rung gives points or a mechanism, and only the last may be always."""
    steps = [_step(step, link) for step in entry["steps"] if step]
    for step in entry["steps"][:-1]:
        if step and step["when"] is None:
            link.tell("JF-P027", step.place(), "step_without_when")
    return FirstOf(tuple(steps))


def _step(entry: Entry, link: Linker) -> Step:
    given = [key for key in ("points", "per_unit") if entry[key] is not None]
    if len(given) != 1:
        what = joined(given) if given else POLICY.phrase("no_points")
        link.tell("JF-P027", entry.place(), "step_mechanisms", given=what)
    when = link.condition(entry, "when") if entry["when"] is not None else None
    inner = PER_UNIT.build(entry["per_unit"], link) if entry["per_unit"] else None
    points = link.points(entry, "points") if entry["points"] is not None else Decimal(0)
    return Step(when, points, inner)


_STEP = Closed(
    "step",
    {
        "when": optional(TEXT, doc="a condition; left out in the last step: otherwise"),
        "points": optional(NUMBER),
        "per_unit": optional(PER_UNIT.shape),
    },
)
FIRST_OF = Declared(
    "first_of",
    Closed("first_of", {"steps": Field(ListOf(_STEP, 1))}),
    build,
    "the first condition of a ladder that holds",
)
