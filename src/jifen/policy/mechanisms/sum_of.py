"""sum_of: several rates added up in one line, each with its own cap, with a joint cap if any."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.catalogue import POLICY, joined, listed
from jifen.policy.mechanisms.accrual import ACCRUAL
from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.choice import CHOICE
from jifen.policy.mechanisms.condition import CONDITION
from jifen.policy.mechanisms.each_record import EACH_RECORD
from jifen.policy.mechanisms.per_unit import PER_UNIT
from jifen.policy.mechanisms.scale import SCALE
from jifen.policy.mechanisms.words import points_text
from jifen.policy.possible import Possible, Span
from jifen.policy.shapes import NUMBER, Closed, Entry, Field, ListOf, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary

PARTS = {one.key: one for one in (PER_UNIT, ACCRUAL, SCALE, CHOICE, EACH_RECORD, CONDITION)}


@dataclass(frozen=True, slots=True)
class SumOf:
    """Parts added up, at most `most`. No two parts read one fact, so that in each fact the points
    move as in its part."""

    parts: tuple[Mechanism, ...]
    most: Decimal | None

    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(ident for part in self.parts for ident in part.facts()))

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        for part in self.parts:
            yield from part.breaks()

    def score(self, scale: int) -> Score:
        parts = [part.score(scale) for part in self.parts]
        most = None if self.most is None else int(self.most * scale)

        def score(v: Values) -> int:
            points = sum(part(v) for part in parts)
            return most if most is not None and points > most else points

        return score

    def span(self, scale: int) -> Span:
        parts = [part.span(scale) for part in self.parts]
        most = None if self.most is None else int(self.most * scale)

        def span(possible: Possible) -> tuple[int, int]:
            ends = [part(possible) for part in parts]
            low, high = sum(low for low, _ in ends), sum(high for _, high in ends)
            return (low, high) if most is None else (min(low, most), min(high, most))

        return span

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        rows = []
        for part in self.parts:
            names = [vocabulary[ident].label for ident in part.facts()]
            label = Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))
            rows += [_under(label, row) for row in part.rows(vocabulary)]
        if self.most is not None:
            rows.append(Row(Text("合计最高", "at most in all"), points_text(self.most)))
        return tuple(rows)

    def case(self, values: Values) -> int | None:
        del values
        return None

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        joint = "; " if lang == "en" else "；"
        said = [part.words(vocabulary, lang) for part in self.parts]
        if self.most is not None:
            most = points_text(self.most)(lang)
            said.append(f"at most {most} in all" if lang == "en" else f"合计最高 {most}")
        return joint.join(said)


def _under(label: Text, row: Row) -> Row:
    when = Text(f"{label.zh}：{row.when.zh}", f"{label.en}: {row.when.en}")
    return Row(when, row.gives)


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read a sum_of; each part is one mechanism, and each fact is read by one part."""
    parts, readers = list[Mechanism](), dict[str, int]()
    for number, part in enumerate(entry["parts"], start=1):
        mechanism = _part(part, link) if part else None
        if mechanism is None:
            continue
        for ident in mechanism.facts():
            if ident in readers:
                words = {"fact": ident, "first": readers[ident], "second": number}
                link.tell("JF-P027", part.place(), "read_twice", **words)
            readers.setdefault(ident, number)
        parts.append(mechanism)
    most = link.points(entry, "most") if entry["most"] is not None else None
    return SumOf(tuple(parts), most) if len(parts) == len(entry["parts"]) else None


def _part(entry: Entry, link: Linker) -> Mechanism | None:
    given = [key for key in PARTS if entry[key] is not None]
    if len(given) != 1:
        what = joined(given) if given else POLICY.phrase("no_mechanism")
        words = {"given": what, "known": listed(PARTS)}
        link.tell("JF-P027", entry.place(), "part_mechanisms", **words)
        return None
    return PARTS[given[0]].build(entry[given[0]], link)


_PART = Closed("part", {key: optional(part.shape, doc=part.doc) for key, part in PARTS.items()})
SUM_OF = Declared(
    "sum_of",
    Closed(
        "sum_of",
        {
            "parts": Field(ListOf(_PART, 2)),
            "most": optional(NUMBER, doc="the joint cap of the parts"),
        },
    ),
    build,
    "several rates added up in one line",
)
