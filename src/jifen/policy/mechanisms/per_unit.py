"""per_unit: points for every full unit of a number (3 a full year, 10 per full 100,000 yuan)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jifen.policy.catalogue import POLICY
from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.phrases import describe_counted, format_points, list_cap_row
from jifen.policy.possible_points import BoundsFunction, compile_single_bounds
from jifen.policy.quantity import QUANTITY, Quantity
from jifen.policy.shapes import IDENT, NUMBER, Closed, Entry, Field, optional
from jifen.policy.text import EMPTY, Lang
from jifen.policy.vocabulary import NUMBER_TYPES, Fact, Vocabulary
from jifen.policy.words import say


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

    def list_facts(self) -> tuple[str, ...]:
        return (self.of,)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        if self.starts_at:
            yield self.of, self.starts_at.amount
        if self.first:
            yield self.of, self.first[0].amount

    def compile_score(self, scale: int) -> ScoreFunction:
        of, every = self.of, _to_number(self.every.amount)
        each = int(self.each * scale)
        start = _to_number((self.starts_at or self.every).amount)
        most = None if self.most is None else int(self.most * scale)
        if self.first or self.half:
            return self._compile_stepped_score(scale)

        def score_facts(v: FactValues) -> int:
            value = v[of]
            if value is None or value < start:
                return 0
            points = int(value // every) * each
            return most if most is not None and points > most else points

        return score_facts

    def _compile_stepped_score(self, scale: int) -> ScoreFunction:
        of, every, each = self.of, _to_number(self.every.amount), int(self.each * scale)
        first, first_points = _scale_step(self.first, scale)
        half, half_points = _scale_step(self.half, scale)
        least = _to_number(self.starts_at.amount) if self.starts_at else first
        most = None if self.most is None else int(self.most * scale)

        def score_facts(v: FactValues) -> int:
            value = v[of]
            if value is None or value < least:
                return 0
            units, rest = divmod(value - first, every)
            points = first_points + int(units) * each
            if half and rest >= half:
                points += half_points
            return most if most is not None and points > most else points

        return score_facts

    def count_units(self, fact: Fact) -> Decimal:
        """How many units can give points over the range of a fact, up to the cap."""
        units = (fact.most - max(fact.least, Decimal(0))) / self.every.amount
        if self.most is not None and self.each > 0:
            units = min(units, self.most / self.each)
        return units if self.each else Decimal(0)

    def compile_bounds(self, scale: int) -> BoundsFunction:
        return compile_single_bounds(self.compile_score(scale), self.of)

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        rows: list[RuleRow] = []
        if self.first:
            amount = self.first[0].to_text()
            rows.append(
                RuleRow(
                    say("mechanisms.per_unit.from_amount", amount=amount),
                    format_points(self.first[1]),
                )
            )
        every, again = self.every.to_text(), bool(self.first)
        words = say(
            "mechanisms.per_unit.every_full",
            every=every,
            part=say("mechanisms.per_unit.then") if again else EMPTY,
        )
        rows.append(RuleRow(words, format_points(self.each)))
        if self.half:
            amount = self.half[0].to_text()
            rows.append(
                RuleRow(
                    say("mechanisms.per_unit.rest_from_amount", amount=amount),
                    format_points(self.half[1]),
                )
            )
        if self.starts_at and self.starts_at.amount > self.every.amount:
            amount = self.starts_at.to_text()
            gives = say("mechanisms.per_unit.enters_the_total_all_units")
            rows.append(RuleRow(say("mechanisms.per_unit.from_amount", amount=amount), gives))
        return (*rows, *list_cap_row(self.most))

    def find_row(self, values: FactValues) -> int | None:
        del values
        return None

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        return describe_counted(vocabulary[self.of].label, self.list_rows(vocabulary), lang)


def _to_number(amount: Decimal) -> Decimal | int:
    """Whole amounts as integers: months divide faster and exactly."""
    return int(amount) if amount == amount.to_integral_value() else amount


def _scale_step(step: tuple[Quantity, Decimal] | None, scale: int) -> tuple[Any, int]:
    return (_to_number(step[0].amount), int(step[1] * scale)) if step else (0, 0)


def build_per_unit(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a per_unit; every quantity must be in the unit of the fact."""
    of = linker.read_fact(entry, "of", NUMBER_TYPES)
    every = entry["every"]
    if not of or every is None:
        return None
    first, half = entry["first"], entry["half"]
    places = [(entry, "every"), (entry, "starts_at"), (first, "amount"), (half, "amount")]
    for holder, key in places:
        if holder and holder[key] is not None:
            refuse_other_unit(holder, key, of, linker)
    if every.amount <= 0:
        linker.report_fault(
            "JF-P014", entry.place_of("every"), "unit_of_nothing", every=every.to_text()
        )
        return None
    return PerUnit(
        of,
        linker.read_points(entry, "each"),
        every,
        linker.read_points(entry, "most") if entry["most"] is not None else None,
        entry["starts_at"],
        (first["amount"], linker.read_points(first, "points"))
        if first and first["amount"]
        else None,
        (half["amount"], linker.read_points(half, "points")) if half and half["amount"] else None,
    )


def refuse_other_unit(entry: Entry, key: str, of: str, linker: MechanismLinker) -> None:
    """Note a quantity that is not in the unit of its fact."""
    unit = linker.vocabulary[of].unit
    if entry[key].unit != unit:
        linker.report_fault(
            "JF-P031",
            entry.place_of(key),
            "unit",
            unit=entry[key].unit,
            fact=of,
            counted=unit or POLICY.format_phrase("numbers"),
            expected=unit or POLICY.format_phrase("unit_of_fact"),
        )


_STEP_SHAPE = Closed("step", {"amount": Field(QUANTITY), "points": Field(NUMBER)})
PER_UNIT = MechanismDeclaration(
    "per_unit",
    Closed(
        "per_unit",
        {
            "of": Field(IDENT),
            "each": Field(NUMBER, doc="points for every full unit"),
            "every": Field(QUANTITY, doc="the unit, such as 12 months"),
            "most": optional(NUMBER, doc="the cap"),
            "starts_at": optional(QUANTITY, doc="below this nothing enters; then all at once"),
            "first": optional(_STEP_SHAPE, doc="a first step before the units"),
            "half": optional(_STEP_SHAPE, doc="points for a rest of at least this"),
        },
    ),
    build_per_unit,
    "points for every full unit of a number",
)
