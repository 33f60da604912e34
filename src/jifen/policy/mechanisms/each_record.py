"""each_record: points (mostly negative) for every record inside a window of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.words import points_text
from jifen.policy.possible import Span, span_of_one
from jifen.policy.shapes import IDENT, NUMBER, Closed, Entry, Field
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class EachRecord:
    """So many points for each record that the count holds."""

    count: str
    each: Decimal

    def facts(self) -> tuple[str, ...]:
        return (self.count,)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        return iter(())

    def score(self, scale: int) -> Score:
        count, each = self.count, int(self.each * scale)

        def score(v: Values) -> int:
            return (v[count] or 0) * each

        return score

    def span(self, scale: int) -> Span:
        return span_of_one(self.score(scale), self.count)

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        return (Row(_window(self.count, vocabulary), points_text(self.each)),)

    def case(self, values: Values) -> int | None:
        del values
        return None

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        row = self.rows(vocabulary)[0]
        return f"{row.when(lang)}{': ' if lang == 'en' else '：'}{row.gives(lang)}"


def _window(count: str, vocabulary: Vocabulary) -> Text:
    derive = vocabulary[count].derive
    months = derive.window if derive else None
    if not months:
        return Text("每次（不限年限）", "each record (no time limit)")
    if months % 12:
        return Text(f"{months} 个月内每次", f"each record of the last {months} months")
    years = months // 12
    return Text(f"{years} 年内每次", f"each record of the last {years} years")


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read an each_record; the window of time is that of the counted fact."""
    count = link.fact(entry, "count", frozenset({"count"}))
    return EachRecord(count, link.points(entry, "each")) if count else None


EACH_RECORD = Declared(
    "each_record",
    Closed("each_record", {"count": Field(IDENT), "each": Field(NUMBER)}),
    build,
    "points for every record inside a window",
)
