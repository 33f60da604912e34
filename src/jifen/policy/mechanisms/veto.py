"""veto: a condition that refuses the application, whatever the points; or only warns."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.condition import Condition, facts_of
from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.condition import condition_breaks
from jifen.policy.mechanisms.words import say
from jifen.policy.shapes import TEXT, Choice, Closed, Entry, Field, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary

_REFUSES = Text("一票否决", "the application is refused")
_WARNS = Text("不再自动否决，请向受理窗口确认", "no longer a veto by itself: ask the office")


@dataclass(frozen=True, slots=True)
class Veto:
    """Gives no points; where its condition holds it refuses (or warns)."""

    when: Condition
    refuses: bool

    def facts(self) -> tuple[str, ...]:
        return facts_of(self.when)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        return condition_breaks(self.when)

    def score(self, scale: int) -> Score:
        del scale
        return lambda v: 0

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        when = Text(say(self.when, vocabulary, "zh"), say(self.when, vocabulary, "en"))
        return (Row(when, _REFUSES if self.refuses else _WARNS),)

    def case(self, values: Values) -> int | None:
        del values
        return None

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        row = self.rows(vocabulary)[0]
        return f"{row.when(lang)}{': ' if lang == 'en' else '：'}{row.gives(lang)}"


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read a veto."""
    when = link.condition(entry, "when")
    return Veto(when, entry["effect"] != "warn") if when else None


VETO = Declared(
    "veto",
    Closed("veto", {"when": Field(TEXT), "effect": optional(Choice(("refuse", "warn")), "refuse")}),
    build,
    "a condition that refuses, whatever the points",
)
