"""per_unit: points for every full unit of a number (3 a full year, 10 per full 100,000 yuan)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import POLICY
from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.words import points_text, sentence
from jifen.policy.possible import Span, span_of_one
from jifen.policy.quantity import QUANTITY, Quantity
from jifen.policy.shapes import IDENT, NUMBER, Closed, Entry, Field, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import NUMBER_TYPES, Fact, Vocabulary


@dataclass(frozen=True, slots=True)
class PerUnit:
    """Points for full units. `first` (amount, points) comes before the units; from `half` on a
    rest gives `half_points`; nothing enters below `starts_at`, then everything at once.
    """

    of: str
    each: Decimal
    every: Quantity
    most: Decimal | None
    starts_at: Quantity | None
    first: tuple[Quantity, Decimal] | None
    half: tuple[Quantity, Decimal] | None

    def facts(self) -> tuple[str, ...]:
        return (self.of,)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        if self.starts_at:
            yield self.of, self.starts_at.amount
        if self.first:
            yield self.of, self.first[0].amount

    def score(self, scale: int) -> Score:
        of, every = self.of, _number(self.every.amount)
        each = int(self.each * scale)
        start = _number((self.starts_at or self.every).amount)
        most = None if self.most is None else int(self.most * scale)
        if self.first or self.half:
            return self._long_score(scale)

        def score(v: Values) -> int:
            value = v[of]
            if value is None or value < start:
                return 0
            points = int(value // every) * each
            return most if most is not None and points > most else points

        return score

    def _long_score(self, scale: int) -> Score:
        of, every, each = self.of, _number(self.every.amount), int(self.each * scale)
        first, first_points = _scaled(self.first, scale)
        half, half_points = _scaled(self.half, scale)
        least = _number(self.starts_at.amount) if self.starts_at else first
        most = None if self.most is None else int(self.most * scale)

        def score(v: Values) -> int:
            value = v[of]
            if value is None or value < least:
                return 0
            units, rest = divmod(value - first, every)
            points = first_points + int(units) * each
            if half and rest >= half:
                points += half_points
            return most if most is not None and points > most else points

        return score

    def units_of(self, fact: Fact) -> Decimal:
        """How many units can give points over the range of a fact, up to the cap."""
        units = (fact.most - max(fact.least, Decimal(0))) / self.every.amount
        if self.most is not None and self.each > 0:
            units = min(units, self.most / self.each)
        return units if self.each else Decimal(0)

    def span(self, scale: int) -> Span:
        return span_of_one(self.score(scale), self.of)

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        rows: list[Row] = []
        if self.first:
            amount = self.first[0].say()
            rows.append(Row(_prefix("满", "from", amount), points_text(self.first[1])))
        every, again = self.every.say(), bool(self.first)
        zh = f"{'其后' if again else ''}每满 {every.zh}"
        en = f"{'then ' if again else ''}every full {every.en}"
        rows.append(Row(Text(zh, en), points_text(self.each)))
        if self.half:
            amount = self.half[0].say()
            rows.append(Row(_prefix("余数满", "a rest from", amount), points_text(self.half[1])))
        if self.starts_at and self.starts_at.amount > self.every.amount:
            amount = self.starts_at.say()
            gives = Text("起计入总分（此前各年一并计入）", "enters the total (all units at once)")
            rows.append(Row(_prefix("满", "from", amount), gives))
        if self.most is not None:
            rows.append(Row(Text("最高", "at most"), points_text(self.most)))
        return tuple(rows)

    def case(self, values: Values) -> int | None:
        del values
        return None

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        rows = [(r.when(lang), r.gives(lang)) for r in self.rows(vocabulary)]
        label = vocabulary[self.of].label(lang)
        return f"{label}{', ' if lang == 'en' else '，'}{sentence(rows, lang)}"


def _prefix(zh: str, en: str, amount: Text) -> Text:
    return Text(f"{zh} {amount.zh}", f"{en} {amount.en}")


def _number(amount: Decimal) -> Decimal | int:
    """Whole amounts as integers: months divide faster and exactly."""
    return int(amount) if amount == amount.to_integral_value() else amount


def _scaled(step: tuple[Quantity, Decimal] | None, scale: int) -> tuple[Any, int]:
    return (_number(step[0].amount), int(step[1] * scale)) if step else (0, 0)


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read a per_unit; every quantity must be in the unit of the fact."""
    of = link.fact(entry, "of", NUMBER_TYPES)
    every = entry["every"]
    if not of or every is None:
        return None
    first, half = entry["first"], entry["half"]
    places = [(entry, "every"), (entry, "starts_at"), (first, "amount"), (half, "amount")]
    for holder, key in places:
        if holder and holder[key] is not None:
            refuse_other_unit(holder, key, of, link)
    if every.amount <= 0:
        link.tell("JF-P014", entry.place("every"), "unit_of_nothing", every=every.say())
        return None
    return PerUnit(
        of,
        link.points(entry, "each"),
        every,
        link.points(entry, "most") if entry["most"] is not None else None,
        entry["starts_at"],
        (first["amount"], link.points(first, "points")) if first and first["amount"] else None,
        (half["amount"], link.points(half, "points")) if half and half["amount"] else None,
    )


def refuse_other_unit(entry: Entry, key: str, of: str, link: Linker) -> None:
    """Note a quantity that is not in the unit of its fact."""
    unit = link.vocabulary[of].unit
    if entry[key].unit != unit:
        link.tell(
            "JF-P031",
            entry.place(key),
            "unit",
            unit=entry[key].unit,
            fact=of,
            counted=unit or POLICY.phrase("numbers"),
            expected=unit or POLICY.phrase("unit_of_fact"),
        )


_STEP = Closed("step", {"amount": Field(QUANTITY), "points": Field(NUMBER)})
PER_UNIT = Declared(
    "per_unit",
    Closed(
        "per_unit",
        {
            "of": Field(IDENT),
            "each": Field(NUMBER, doc="points for every full unit"),
            "every": Field(QUANTITY, doc="the unit, such as 12 months"),
            "most": optional(NUMBER, doc="the cap"),
            "starts_at": optional(QUANTITY, doc="below this nothing enters; then all at once"),
            "first": optional(_STEP, doc="a first step before the units"),
            "half": optional(_STEP, doc="points for a rest of at least this"),
        },
    ),
    build,
    "points for every full unit of a number",
)
