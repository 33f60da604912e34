"""accrual: points in proportion to a number (1/24 a month), exact until they are rounded once."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.per_unit import refuse_other_unit
from jifen.policy.mechanisms.phrases import describe_counted, format_points, list_cap_row
from jifen.policy.possible_points import BoundsFunction, compile_single_bounds
from jifen.policy.quantity import QUANTITY, Quantity
from jifen.policy.shapes import IDENT, NUMBER, WHOLE, Choice, Closed, Entry, Field, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import NUMBER_TYPES, Vocabulary
from jifen.policy.words import say

RoundingMode = Literal["half_up", "down", "up"]
_MODES = {
    "half_up": say("mechanisms.accrual.modes_half_up"),
    "down": say("mechanisms.accrual.modes_down"),
    "up": say("mechanisms.accrual.modes_up"),
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """To how many places, and how. A negative number is rounded as its amount: −2.915 is −2.92."""

    places: int
    mode: RoundingMode

    def round_fraction(self, numerator: int, denominator: int) -> int:
        """A fraction of 0 or more in units of the last place."""
        whole, rest = divmod(numerator * int(10**self.places), denominator)
        if rest and (self.mode == "up" or (self.mode == "half_up" and 2 * rest >= denominator)):
            whole += 1
        return whole

    def round_points(self, points: Decimal) -> Decimal:
        """Points, rounded; a negative number as its amount."""
        exact = Fraction(abs(points))
        amount = Decimal(self.round_fraction(exact.numerator, exact.denominator))
        return (-amount if points < 0 else amount).scaleb(-self.places)

    def describe_rounding(self) -> Text:
        """'rounded half up to 2 places'."""
        mode, places = _MODES[self.mode], self.places
        if not places:
            return say("mechanisms.accrual.to_a_whole_number", mode=mode)
        if places == 1:
            return say("mechanisms.accrual.to_one_place", mode=mode)
        return say("mechanisms.accrual.to_places", mode=mode, places=places)


@dataclass(frozen=True, slots=True)
class Accrual:
    """`each` points for `every` so much, and for parts of it in proportion; rounded once. Below
    `starts_at` nothing; `most` caps the rounded points."""

    of: str
    each: Decimal
    every: Quantity
    starts_at: Quantity | None
    most: Decimal | None
    rounding: Rounding

    def list_facts(self) -> tuple[str, ...]:
        return (self.of,)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        if self.starts_at:
            yield self.of, self.starts_at.amount

    def compile_score(self, scale: int) -> ScoreFunction:
        of, rounding = self.of, self.rounding
        rate = abs(Fraction(self.each)) / Fraction(self.every.amount)
        sign = -1 if self.each < 0 else 1
        size = sign * (scale // 10**rounding.places)
        start = self.starts_at.amount if self.starts_at else None
        most = None if self.most is None else int(self.most * scale)
        above, below = rate.numerator, rate.denominator

        def score_facts(v: FactValues) -> int:
            value = v[of]
            if value is None or value <= 0 or (start is not None and value < start):
                return 0
            if isinstance(value, int):
                points = rounding.round_fraction(above * value, below) * size
            else:
                exact = rate * Fraction(value)
                points = rounding.round_fraction(exact.numerator, exact.denominator) * size
            return most if most is not None and points > most else points

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        return compile_single_bounds(self.compile_score(scale), self.of)

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        every, rounded = self.every.to_text(), self.rounding.describe_rounding()
        each = format_points(self.each)
        gives = say("mechanisms.accrual.rows", each=each, rounded=rounded)
        rows = [RuleRow(say("mechanisms.accrual.every_parts_in_proportion", every=every), gives)]
        if self.starts_at:
            amount = self.starts_at.to_text()
            start = say("mechanisms.accrual.under", amount=amount)
            rows.append(RuleRow(start, format_points(0)))
        return (*rows, *list_cap_row(self.most))

    def find_row(self, values: FactValues) -> int | None:
        del values
        return None

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        return describe_counted(vocabulary[self.of].label, self.list_rows(vocabulary), lang)


def build_accrual(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read an accrual; quantities are in the unit of the fact, and the rounding fits the policy."""
    of = linker.read_fact(entry, "of", NUMBER_TYPES)
    every, starts_at = entry["every"], entry["starts_at"]
    rounding = read_rounding(entry["round"], linker)
    if not of or every is None or rounding is None:
        return None
    for key in ("every", "starts_at"):
        if entry[key] is not None:
            refuse_other_unit(entry, key, of, linker)
    if every.amount <= 0:
        linker.report_fault(
            "JF-P014", entry.place_of("every"), "unit_of_nothing", every=every.to_text()
        )
        return None
    most: Any = linker.read_points(entry, "most") if entry["most"] is not None else None
    return Accrual(of, linker.read_points(entry, "each"), every, starts_at, most, rounding)


def read_rounding(entry: Entry | None, linker: MechanismLinker) -> Rounding | None:
    """How a fraction is rounded; None after a fault."""
    if entry is None or entry["places"] is None or entry["mode"] is None:
        return None
    if not 0 <= entry["places"] <= linker.precision:
        words = {"places": entry["places"], "precision": linker.precision}
        linker.report_fault("JF-P021", entry.place_of("places"), "rounding", **words)
        return None
    return Rounding(entry["places"], entry["mode"])


ROUND_SHAPE = Closed(
    "round",
    {
        "places": Field(WHOLE, doc="decimal places; at most the policy's precision"),
        "mode": Field(Choice(tuple(_MODES)), doc="half_up, down or up"),
    },
)
ACCRUAL = MechanismDeclaration(
    "accrual",
    Closed(
        "accrual",
        {
            "of": Field(IDENT),
            "each": Field(NUMBER, doc="points for every so much; parts in proportion"),
            "every": Field(QUANTITY, doc="so much, such as 12 months"),
            "starts_at": optional(QUANTITY, doc="below this nothing"),
            "most": optional(NUMBER, doc="the cap"),
            "round": Field(ROUND_SHAPE, doc="how the exact fraction is rounded, once"),
        },
    ),
    build_accrual,
    "points in proportion to a number, rounded once",
)
