"""each_record: points (mostly negative) for every record inside a window of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.phrases import format_points
from jifen.policy.possible_points import BoundsFunction, compile_single_bounds
from jifen.policy.shapes import IDENT, NUMBER, Closed, Entry, Field
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.words import say


@dataclass(frozen=True, slots=True)
class EachRecord:
    """So many points for each record that the count holds."""

    count: str
    each: Decimal

    def list_facts(self) -> tuple[str, ...]:
        return (self.count,)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        return iter(())

    def compile_score(self, scale: int) -> ScoreFunction:
        count, each = self.count, int(self.each * scale)

        def score_facts(v: FactValues) -> int:
            return (v[count] or 0) * each

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        return compile_single_bounds(self.compile_score(scale), self.count)

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        return (RuleRow(_describe_window(self.count, vocabulary), format_points(self.each)),)

    def find_row(self, values: FactValues) -> int | None:
        del values
        return None

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        row = self.list_rows(vocabulary)[0]
        return f"{row.when(lang)}{say('mechanisms.each_record.rule')(lang)}{row.gives(lang)}"


def _describe_window(count: str, vocabulary: Vocabulary) -> Text:
    derive = vocabulary[count].derive
    months = derive.window if derive else None
    if not months:
        return say("mechanisms.each_record.each_record_no_time_limit")
    if months % 12:
        return say("mechanisms.each_record.each_record_of_the_last", months=months)
    years = months // 12
    return say("mechanisms.each_record.each_record_of_the_last_years", years=years)


def build_each_record(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read an each_record; the window of time is that of the counted fact."""
    count = linker.read_fact(entry, "count", frozenset({"count"}))
    return EachRecord(count, linker.read_points(entry, "each")) if count else None


EACH_RECORD = MechanismDeclaration(
    "each_record",
    Closed("each_record", {"count": Field(IDENT), "each": Field(NUMBER)}),
    build_each_record,
    "points for every record inside a window",
)
