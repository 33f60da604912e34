"""sum_of: several rates added up in one line, each with its own cap, with a joint cap if any."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.catalogue import POLICY, join_list, join_with_and
from jifen.policy.mechanisms.accrual import ACCRUAL
from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.cap import CAP, Cap, StatusCap, read_cap
from jifen.policy.mechanisms.choice import CHOICE
from jifen.policy.mechanisms.condition import CONDITION
from jifen.policy.mechanisms.each_record import EACH_RECORD
from jifen.policy.mechanisms.per_unit import PER_UNIT
from jifen.policy.mechanisms.phrases import format_points, join_rows
from jifen.policy.mechanisms.scale import SCALE
from jifen.policy.mechanisms.table import TABLE
from jifen.policy.mechanisms.tiers import TIERS
from jifen.policy.possible_points import BoundsFunction, PossibleValues
from jifen.policy.shapes import Closed, Entry, Field, ListOf, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary
from jifen.policy.words import say

PART_MECHANISMS = {
    part.key: part
    for part in (PER_UNIT, ACCRUAL, TIERS, SCALE, CHOICE, TABLE, EACH_RECORD, CONDITION)
}


@dataclass(frozen=True, slots=True)
class SumOf:
    """Parts added up, at most `most`. No two parts read one number, so that in each number the
    points move as in its part; a status may stand in several."""

    parts: tuple[Mechanism, ...]
    most: Cap

    def list_facts(self) -> tuple[str, ...]:
        facts = [fact_id for part in self.parts for fact_id in part.list_facts()]
        if isinstance(self.most, StatusCap):
            facts.append(self.most.fact)
        return tuple(dict.fromkeys(facts))

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        for part in self.parts:
            yield from part.list_breaks()

    def compile_score(self, scale: int) -> ScoreFunction:
        parts = [part.compile_score(scale) for part in self.parts]
        if isinstance(self.most, StatusCap):
            find_cap = self.most.compile_cap(scale)
            return lambda v: min(sum(part(v) for part in parts), find_cap(v))
        most = None if self.most is None else int(self.most * scale)

        def score_facts(v: FactValues) -> int:
            points = sum(part(v) for part in parts)
            return most if most is not None and points > most else points

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        parts, cap = [part.compile_bounds(scale) for part in self.parts], self.most

        def bound_points(possible: PossibleValues) -> tuple[int, int]:
            ends = [part(possible) for part in parts]
            low, high = sum(low for low, _ in ends), sum(high for _, high in ends)
            if cap is None:
                return low, high
            if isinstance(cap, StatusCap):
                least, most = cap.list_ends(possible, scale)
            else:
                least = most = int(cap * scale)
            return min(low, least), min(high, most)

        return bound_points

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        rows = []
        for part in self.parts:
            names = [vocabulary[fact_id].label for fact_id in part.list_facts()]
            label = Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))
            rows += [_prefix_row(label, row) for row in part.list_rows(vocabulary)]
        if isinstance(self.most, StatusCap):
            rows += self.most.list_rows(vocabulary)
        elif self.most is not None:
            rows.append(RuleRow(say("mechanisms.sum_of.at_most_in_all"), format_points(self.most)))
        return tuple(rows)

    def find_row(self, values: FactValues) -> int | None:
        del values
        return None

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        joint = say("mechanisms.sum_of.rule")(lang)
        sentences = [part.describe_rule(vocabulary, lang) for part in self.parts]
        if isinstance(self.most, StatusCap):
            rows = [(r.when(lang), r.gives(lang)) for r in self.most.list_rows(vocabulary)]
            sentences.append(join_rows(rows, lang))
        elif self.most is not None:
            most = format_points(self.most)(lang)
            sentences.append(say("mechanisms.sum_of.rule_at_most_in_all", most=most)(lang))
        return joint.join(sentences)


def _prefix_row(label: Text, row: RuleRow) -> RuleRow:
    when = say("mechanisms.sum_of.prefix_row", label=label, when=row.when)
    return RuleRow(when, row.gives)


def build_sum_of(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a sum_of; each part is one mechanism, and each number is read by one part."""
    parts, readers = list[Mechanism](), dict[str, int]()
    for number, part in enumerate(entry["parts"], start=1):
        mechanism = _build_part(part, linker) if part else None
        if mechanism is None:
            continue
        for fact_id in mechanism.list_facts():
            if fact_id in readers and linker.vocabulary[fact_id].type not in ("choice", "bool"):
                words = {"fact": fact_id, "first": readers[fact_id], "second": number}
                linker.report_fault("JF-P027", part.place_of(), "read_twice", **words)
            readers.setdefault(fact_id, number)
        parts.append(mechanism)
    most = read_cap(entry, "most", linker)
    return SumOf(tuple(parts), most) if len(parts) == len(entry["parts"]) else None


def _build_part(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    given = [key for key in PART_MECHANISMS if entry[key] is not None]
    if len(given) != 1:
        what = join_with_and(given) if given else POLICY.format_phrase("no_mechanism")
        words = {"given": what, "known": join_list(PART_MECHANISMS)}
        linker.report_fault("JF-P027", entry.place_of(), "part_mechanisms", **words)
        return None
    return PART_MECHANISMS[given[0]].build(entry[given[0]], linker)


_PART_SHAPE = Closed(
    "part", {key: optional(part.shape, doc=part.doc) for key, part in PART_MECHANISMS.items()}
)
SUM_OF = MechanismDeclaration(
    "sum_of",
    Closed(
        "sum_of",
        {
            "parts": Field(ListOf(_PART_SHAPE, 2, repeats=True)),
            "most": optional(
                CAP, doc="the joint cap of the parts: a number, or one for each answer of a status"
            ),
        },
    ),
    build_sum_of,
    "several rates added up in one line",
)
