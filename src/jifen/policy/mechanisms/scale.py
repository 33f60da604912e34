"""scale: bands of a number, both ends said, each with its points or a straight rise in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.phrases import format_points, join_rows
from jifen.policy.possible_points import BoundsFunction, compile_single_bounds
from jifen.policy.quantity import UNITS, Quantity, format_number
from jifen.policy.shapes import IDENT, NUMBER, Choice, Closed, Entry, Field, ListOf, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import NUMBER_TYPES, WHOLE_TYPES, Vocabulary
from jifen.policy.words import say


@dataclass(frozen=True, slots=True)
class Slope:
    """Inside a band: `each` more points for every whole unit from `pivot`, up to `most`."""

    each: Decimal
    pivot: Decimal
    below: bool
    most: Decimal | None


@dataclass(frozen=True, slots=True)
class ScaleBand:
    """A stretch of the number: its ends (None: open), whether they are inside, its points."""

    low: Decimal | None
    low_inside: bool
    high: Decimal | None
    high_inside: bool
    points: Decimal
    slope: Slope | None

    def holds_value(self, value: Decimal | int) -> bool:
        """Whether a value lies in the band."""
        if self.low is not None:
            below = value < self.low or (value == self.low and not self.low_inside)
            if below:
                return False
        return self.high is None or not (
            value > self.high or (not self.high_inside and value == self.high)
        )


@dataclass(frozen=True, slots=True)
class Scale:
    """Points by the band in which a number lies; outside every band there are none."""

    of: str
    bands: tuple[ScaleBand, ...]

    def list_facts(self) -> tuple[str, ...]:
        return (self.of,)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        for band in self.bands:
            for end in (band.low, band.high):
                if end is not None:
                    yield self.of, end

    def compile_score(self, scale: int) -> ScoreFunction:
        of = self.of
        bands = [(band, int(band.points * scale), _scale_slope(band, scale)) for band in self.bands]

        def score_facts(v: FactValues) -> int:
            value = v[of]
            if value is None:
                return 0
            for band, points, rise in bands:
                if band.holds_value(value):
                    if rise is None:
                        return points
                    each, pivot, below, most = rise
                    units = int(pivot - value if below else value - pivot)
                    return min(most, points + each * units)
            return 0

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        return compile_single_bounds(self.compile_score(scale), self.of)

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        unit = vocabulary[self.of].unit
        return tuple(
            RuleRow(_describe_band(band, unit), _describe_band_points(band, unit))
            for band in self.bands
        )

    def find_row(self, values: FactValues) -> int | None:
        value = values[self.of]
        if value is None:
            return None
        return next((n for n, band in enumerate(self.bands) if band.holds_value(value)), None)

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        return join_rows([(r.when(lang), r.gives(lang)) for r in self.list_rows(vocabulary)], lang)


_NO_CAP = 10**12


def _scale_slope(band: ScaleBand, scale: int) -> tuple[int, int, bool, int] | None:
    slope = band.slope
    if slope is None:
        return None
    most = _NO_CAP if slope.most is None else int(slope.most * scale)
    return int(slope.each * scale), int(slope.pivot), slope.below, most


def _describe_band(band: ScaleBand, unit: str) -> Text:
    chinese, _, english = UNITS.get(unit, ("", "", ""))
    unit_text = Text(f" {chinese}" if chinese else "", f" {english}" if english else "")
    low = None if band.low is None else format_number(band.low)
    high = None if band.high is None else format_number(band.high)
    if low is None:
        if band.high_inside:
            return say("mechanisms.scale.up_to", high=high, unit=unit_text)
        return say("mechanisms.scale.under", high=high, unit=unit_text)
    if high is None:
        if band.low_inside:
            return say("mechanisms.scale.or_more", low=low, unit=unit_text)
        return say("mechanisms.scale.over", low=low, unit=unit_text)
    if low == high:
        return Text(f"{low}{unit_text.zh}", f"{low}{unit_text.en}")
    return _describe_both_ends(band, low, high, unit_text)


def _describe_both_ends(band: ScaleBand, low: str, high: str, unit: Text) -> Text:
    start = (
        say("mechanisms.scale.from_low") if band.low_inside else say("mechanisms.scale.over_low")
    )
    end = (
        say("mechanisms.scale.to_high") if band.high_inside else say("mechanisms.scale.under_high")
    )
    return Text(
        f"{start.zh} {low} {end.zh} {high}{unit.zh}", f"{start.en} {low} {end.en} {high}{unit.en}"
    )


def _describe_band_points(band: ScaleBand, unit: str) -> Text:
    base, slope = format_points(band.points), band.slope
    if slope is None:
        return base
    unit_text = Quantity(Decimal(1), unit).to_text()
    pivot = Quantity(slope.pivot, unit).to_text()
    more = format_points(slope.each)
    if slope.below:
        step = say("mechanisms.scale.for_each_below", pivot=pivot, unit=unit_text, more=more)
    else:
        step = say("mechanisms.scale.for_each_above", pivot=pivot, unit=unit_text, more=more)
    if slope.most is None:
        return say("mechanisms.scale.base_and_step", base=base, step=step)
    most = format_points(slope.most)
    return say("mechanisms.scale.base_step_and_most", base=base, step=step, most=most)


def build_scale(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a scale; each band says both its ends, or leaves one open on purpose."""
    of = linker.read_fact(entry, "of", NUMBER_TYPES)
    bands = [_read_band(band, linker) for band in entry["bands"] if band]
    if not of:
        return None
    whole = linker.vocabulary[of].type in WHOLE_TYPES
    for band_entry in entry["bands"]:
        _check_whole_ends(band_entry, whole, of, linker)
    return Scale(of, tuple(band for band in bands if band))


def _read_band(entry: Entry, linker: MechanismLinker) -> ScaleBand | None:
    lows = [key for key in ("from", "over") if entry[key] is not None]
    highs = [key for key in ("to", "under") if entry[key] is not None]
    if len(lows) > 1 or len(highs) > 1 or not (lows or highs):
        ends = join_list(lows + highs) if lows + highs else POLICY.format_phrase("none")
        linker.report_fault("JF-P026", entry.place_of(), "ends", ends=ends)
        return None
    low = entry[lows[0]] if lows else None
    high = entry[highs[0]] if highs else None
    if low is not None and high is not None and low > high:
        linker.report_fault("JF-P026", entry.place_of(lows[0]), "backwards", low=low, high=high)
        return None
    slope = entry["rises"]
    return ScaleBand(
        low,
        lows == ["from"],
        high,
        highs == ["to"],
        linker.read_points(entry, "points"),
        _read_slope(slope, linker),
    )


def _read_slope(entry: Entry | None, linker: MechanismLinker) -> Slope | None:
    if entry is None or entry["pivot"] is None:
        return None
    most = linker.read_points(entry, "most") if entry["most"] is not None else None
    return Slope(linker.read_points(entry, "each"), entry["pivot"], entry["side"] == "below", most)


def _check_whole_ends(entry: Entry | None, whole: bool, of: str, linker: MechanismLinker) -> None:
    for key in ("from", "over", "to", "under"):
        value = entry[key] if entry else None
        if entry and whole and value is not None and value != value.to_integral_value():
            linker.report_fault("JF-P026", entry.place_of(key), "fraction", value=value, fact=of)


_RISE_SHAPE = Closed(
    "rises",
    {
        "each": Field(NUMBER, doc="points for every whole unit"),
        "side": Field(Choice(("below", "above"))),
        "pivot": Field(NUMBER, doc="the value from which units are counted"),
        "most": optional(NUMBER, doc="the cap"),
    },
)
_BAND_SHAPE = Closed(
    "band",
    {
        "from": optional(NUMBER, doc="lower end, inside"),
        "over": optional(NUMBER, doc="lower end, outside"),
        "to": optional(NUMBER, doc="upper end, inside"),
        "under": optional(NUMBER, doc="upper end, outside"),
        "points": Field(NUMBER),
        "rises": optional(_RISE_SHAPE),
    },
)
SCALE = MechanismDeclaration(
    "scale",
    Closed("scale", {"of": Field(IDENT), "bands": Field(ListOf(_BAND_SHAPE, 1))}),
    build_scale,
    "points by the band in which a number lies",
)
