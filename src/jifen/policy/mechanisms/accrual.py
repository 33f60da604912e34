"""accrual: points in proportion to a number (1/24 a month), exact until they are rounded once."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.per_unit import refuse_other_unit
from jifen.policy.mechanisms.words import points_text, sentence
from jifen.policy.possible import Span, span_of_one
from jifen.policy.quantity import QUANTITY, Quantity
from jifen.policy.shapes import IDENT, NUMBER, WHOLE, Choice, Closed, Entry, Field, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import NUMBER_TYPES, Vocabulary

Mode = Literal["half_up", "down", "up"]
_MODES = {
    "half_up": Text("四舍五入", "rounded half up"),
    "down": Text("舍去尾数", "rounded down"),
    "up": Text("进一", "rounded up"),
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """To how many places, and how. A negative number is rounded as its amount: −2.915 is −2.92."""

    places: int
    mode: Mode

    def units(self, numerator: int, denominator: int) -> int:
        """A fraction of 0 or more in units of the last place."""
        whole, rest = divmod(numerator * int(10**self.places), denominator)
        if rest and (self.mode == "up" or (self.mode == "half_up" and 2 * rest >= denominator)):
            whole += 1
        return whole

    def say(self) -> Text:
        """'rounded half up to 2 places'."""
        mode, places = _MODES[self.mode], self.places
        zh = f"{mode.zh}到 {places} 位小数" if places else f"{mode.zh}到整数"
        if not places:
            return Text(zh, f"{mode.en} to a whole number")
        return Text(zh, f"{mode.en} to {places} place{'' if places == 1 else 's'}")


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

    def facts(self) -> tuple[str, ...]:
        return (self.of,)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        if self.starts_at:
            yield self.of, self.starts_at.amount

    def score(self, scale: int) -> Score:
        of, rounding = self.of, self.rounding
        rate = abs(Fraction(self.each)) / Fraction(self.every.amount)
        sign = -1 if self.each < 0 else 1
        size = sign * (scale // 10**rounding.places)
        start = self.starts_at.amount if self.starts_at else None
        most = None if self.most is None else int(self.most * scale)
        above, below = rate.numerator, rate.denominator

        def score(v: Values) -> int:
            value = v[of]
            if value is None or value <= 0 or (start is not None and value < start):
                return 0
            if isinstance(value, int):
                points = rounding.units(above * value, below) * size
            else:
                exact = rate * Fraction(value)
                points = rounding.units(exact.numerator, exact.denominator) * size
            return most if most is not None and points > most else points

        return score

    def span(self, scale: int) -> Span:
        return span_of_one(self.score(scale), self.of)

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        every, rounded = self.every.say(), self.rounding.say()
        each = points_text(self.each)
        gives = Text(f"{each.zh}，{rounded.zh}", f"{each.en}, {rounded.en}")
        rows = [
            Row(Text(f"每 {every.zh}，按比例", f"every {every.en}, parts in proportion"), gives)
        ]
        if self.starts_at:
            amount = self.starts_at.say()
            start = Text(f"不满 {amount.zh}", f"under {amount.en}")
            rows.append(Row(start, points_text(0)))
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


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read an accrual; quantities are in the unit of the fact, and the rounding fits the policy."""
    of = link.fact(entry, "of", NUMBER_TYPES)
    every, starts_at = entry["every"], entry["starts_at"]
    rounding = _rounding(entry["round"], link)
    if not of or every is None or rounding is None:
        return None
    for key in ("every", "starts_at"):
        if entry[key] is not None:
            refuse_other_unit(entry, key, of, link)
    if every.amount <= 0:
        link.tell("JF-P014", entry.place("every"), "unit_of_nothing", every=every.say())
        return None
    most: Any = link.points(entry, "most") if entry["most"] is not None else None
    return Accrual(of, link.points(entry, "each"), every, starts_at, most, rounding)


def _rounding(entry: Entry | None, link: Linker) -> Rounding | None:
    if entry is None or entry["places"] is None or entry["mode"] is None:
        return None
    if not 0 <= entry["places"] <= link.precision:
        words = {"places": entry["places"], "precision": link.precision}
        link.tell("JF-P021", entry.place("places"), "rounding", **words)
        return None
    return Rounding(entry["places"], entry["mode"])


_ROUND = Closed(
    "round",
    {
        "places": Field(WHOLE, doc="decimal places; at most the policy's precision"),
        "mode": Field(Choice(tuple(_MODES)), doc="half_up, down or up"),
    },
)
ACCRUAL = Declared(
    "accrual",
    Closed(
        "accrual",
        {
            "of": Field(IDENT),
            "each": Field(NUMBER, doc="points for every so much; parts in proportion"),
            "every": Field(QUANTITY, doc="so much, such as 12 months"),
            "starts_at": optional(QUANTITY, doc="below this nothing"),
            "most": optional(NUMBER, doc="the cap"),
            "round": Field(_ROUND, doc="how the exact fraction is rounded, once"),
        },
    ),
    build,
    "points in proportion to a number, rounded once",
)
