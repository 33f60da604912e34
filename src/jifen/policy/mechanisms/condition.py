"""condition: fixed points where a condition holds; and what conditions tell of break points."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.condition import Compare, Condition, atoms, facts_of
from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.words import points_text, say
from jifen.policy.possible import Possible, Span, outcomes_of, widest
from jifen.policy.shapes import NUMBER, TEXT, Closed, Entry, Field
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class WhenHolds(ABC):
    """What hangs on one condition; what it gives is said by those that derive from it."""

    when: Condition

    @abstractmethod
    def gives(self) -> Text:
        """What follows where the condition holds."""

    def facts(self) -> tuple[str, ...]:
        return facts_of(self.when)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        return condition_breaks(self.when)

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        when = Text(say(self.when, vocabulary, "zh"), say(self.when, vocabulary, "en"))
        return (Row(when, self.gives()),)

    def case(self, values: Values) -> int | None:
        del values
        return None

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        row = self.rows(vocabulary)[0]
        return f"{row.when(lang)}{': ' if lang == 'en' else '：'}{row.gives(lang)}"


@dataclass(frozen=True, slots=True)
class PointsIf(WhenHolds):
    """So many points where the condition holds, none elsewhere."""

    points: Decimal

    def gives(self) -> Text:
        return points_text(self.points)

    def score(self, scale: int) -> Score:
        holds, points = self.when.test(), int(self.points * scale)

        def score(v: Values) -> int:
            return points if holds(v) else 0

        return score

    def span(self, scale: int) -> Span:
        points = int(self.points * scale)

        def span(possible: Possible) -> tuple[int, int]:
            return widest((points * met,) * 2 for met in outcomes_of(self.when, possible))

        return span


def condition_breaks(condition: Condition) -> Iterator[tuple[str, Decimal]]:
    """The constants with which a condition compares numbers."""
    for atom in atoms(condition):
        if isinstance(atom, Compare) and not isinstance(atom.constant, str):
            yield atom.fact, Decimal(atom.constant)


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read a condition with points."""
    when = link.condition(entry, "when")
    return PointsIf(when, link.points(entry, "points")) if when else None


CONDITION = Declared(
    "condition",
    Closed("condition", {"when": Field(TEXT), "points": Field(NUMBER)}),
    build,
    "fixed points where a condition holds",
)
