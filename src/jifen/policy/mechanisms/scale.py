"""scale: bands of a number, both ends said, each with its points or a straight rise in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jifen.policy.catalogue import POLICY, listed
from jifen.policy.mechanisms.base import Declared, Linker, Mechanism, Row, Score, Values
from jifen.policy.mechanisms.words import points_text, sentence
from jifen.policy.possible import Span, span_of_one
from jifen.policy.quantity import UNITS, Quantity, plain
from jifen.policy.shapes import IDENT, NUMBER, Choice, Closed, Entry, Field, ListOf, optional
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import NUMBER_TYPES, WHOLE_TYPES, Vocabulary


@dataclass(frozen=True, slots=True)
class Slope:
    """Inside a band: `each` more points for every whole unit from `pivot`, up to `most`."""

    each: Decimal
    pivot: Decimal
    below: bool
    most: Decimal | None


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the number: its ends (None: open), whether they are inside, its points."""

    low: Decimal | None
    low_inside: bool
    high: Decimal | None
    high_inside: bool
    points: Decimal
    slope: Slope | None

    def holds(self, value: Decimal | int) -> bool:
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
    bands: tuple[Band, ...]

    def facts(self) -> tuple[str, ...]:
        return (self.of,)

    def breaks(self) -> Iterator[tuple[str, Decimal]]:
        for band in self.bands:
            for end in (band.low, band.high):
                if end is not None:
                    yield self.of, end

    def score(self, scale: int) -> Score:
        of = self.of
        bands = [(band, int(band.points * scale), _rise(band, scale)) for band in self.bands]

        def score(v: Values) -> int:
            value = v[of]
            if value is None:
                return 0
            for band, points, rise in bands:
                if band.holds(value):
                    if rise is None:
                        return points
                    each, pivot, below, most = rise
                    units = int(pivot - value if below else value - pivot)
                    return min(most, points + each * units)
            return 0

        return score

    def span(self, scale: int) -> Span:
        return span_of_one(self.score(scale), self.of)

    def rows(self, vocabulary: Vocabulary) -> tuple[Row, ...]:
        unit = vocabulary[self.of].unit
        return tuple(Row(_band_text(band, unit), _band_points(band, unit)) for band in self.bands)

    def case(self, values: Values) -> int | None:
        value = values[self.of]
        if value is None:
            return None
        return next((n for n, band in enumerate(self.bands) if band.holds(value)), None)

    def words(self, vocabulary: Vocabulary, lang: Lang) -> str:
        return sentence([(r.when(lang), r.gives(lang)) for r in self.rows(vocabulary)], lang)


_NO_CAP = 10**12


def _rise(band: Band, scale: int) -> tuple[int, int, bool, int] | None:
    slope = band.slope
    if slope is None:
        return None
    most = _NO_CAP if slope.most is None else int(slope.most * scale)
    return int(slope.each * scale), int(slope.pivot), slope.below, most


def _band_text(band: Band, unit: str) -> Text:
    zh_unit, _, en_unit = UNITS.get(unit, ("", "", ""))
    zh, en = _ends(band, f" {zh_unit}" if zh_unit else "", f" {en_unit}" if en_unit else "")
    return Text(zh, en)


def _ends(band: Band, zh: str, en: str) -> tuple[str, str]:
    low = None if band.low is None else plain(band.low)
    high = None if band.high is None else plain(band.high)
    if low is None:
        return _words("不超过", band.high_inside, "不到", high, zh), _words(
            "up to", band.high_inside, "under", high, en
        )
    if high is None:
        inside = band.low_inside
        return (
            (f"{low}{zh}及以上", f"{low}{en} or more")
            if inside
            else (f"超过 {low}{zh}", f"over {low}{en}")
        )
    if low == high:
        return f"{low}{zh}", f"{low}{en}"
    zh_low, en_low = ("从", "from") if band.low_inside else ("超过", "over")
    zh_high, en_high = ("到", "to") if band.high_inside else ("不到", "under")
    return f"{zh_low} {low} {zh_high} {high}{zh}", f"{en_low} {low} {en_high} {high}{en}"


def _words(inside: str, is_inside: bool, outside: str, end: str | None, unit: str) -> str:
    return f"{inside if is_inside else outside} {end}{unit}"


def _band_points(band: Band, unit: str) -> Text:
    base, slope = points_text(band.points), band.slope
    if slope is None:
        return base
    one = Quantity(Decimal(1), unit).say()
    pivot = Quantity(slope.pivot, unit).say()
    more = points_text(slope.each)
    zh = f"{pivot.zh}起每{'少' if slope.below else '多'} {one.zh}加 {more.zh}"
    side = "below" if slope.below else "above"
    en = f"{base.en} plus {more.en} for each {one.en} {side} {pivot.en}"
    if slope.most is None:
        return Text(f"{base.zh},{zh}", en)
    most = points_text(slope.most)
    return Text(f"{base.zh}，{zh}，最高 {most.zh}", f"{en}, at most {most.en}")


def build(entry: Entry, link: Linker) -> Mechanism | None:
    """Read a scale; each band says both its ends, or leaves one open on purpose."""
    of = link.fact(entry, "of", NUMBER_TYPES)
    bands = [_band(band, link) for band in entry["bands"] if band]
    if not of:
        return None
    whole = link.vocabulary[of].type in WHOLE_TYPES
    for band_entry in entry["bands"]:
        _whole_ends(band_entry, whole, of, link)
    return Scale(of, tuple(band for band in bands if band))


def _band(entry: Entry, link: Linker) -> Band | None:
    lows = [key for key in ("from", "over") if entry[key] is not None]
    highs = [key for key in ("to", "under") if entry[key] is not None]
    if len(lows) > 1 or len(highs) > 1 or not (lows or highs):
        ends = listed(lows + highs) if lows + highs else POLICY.phrase("none")
        link.tell("JF-P026", entry.place(), "ends", ends=ends)
        return None
    low = entry[lows[0]] if lows else None
    high = entry[highs[0]] if highs else None
    if low is not None and high is not None and low > high:
        link.tell("JF-P026", entry.place(lows[0]), "backwards", low=low, high=high)
        return None
    slope = entry["rises"]
    return Band(
        low,
        lows == ["from"],
        high,
        highs == ["to"],
        link.points(entry, "points"),
        _slope(slope, link),
    )


def _slope(entry: Entry | None, link: Linker) -> Slope | None:
    if entry is None or entry["pivot"] is None:
        return None
    most = link.points(entry, "most") if entry["most"] is not None else None
    return Slope(link.points(entry, "each"), entry["pivot"], entry["side"] == "below", most)


def _whole_ends(entry: Entry | None, whole: bool, of: str, link: Linker) -> None:
    for key in ("from", "over", "to", "under"):
        value = entry[key] if entry else None
        if entry and whole and value is not None and value != value.to_integral_value():
            link.tell("JF-P026", entry.place(key), "fraction", value=value, fact=of)


_RISE = Closed(
    "rises",
    {
        "each": Field(NUMBER, doc="points for every whole unit"),
        "side": Field(Choice(("below", "above"))),
        "pivot": Field(NUMBER, doc="the value from which units are counted"),
        "most": optional(NUMBER, doc="the cap"),
    },
)
_BAND = Closed(
    "band",
    {
        "from": optional(NUMBER, doc="lower end, inside"),
        "over": optional(NUMBER, doc="lower end, outside"),
        "to": optional(NUMBER, doc="upper end, inside"),
        "under": optional(NUMBER, doc="upper end, outside"),
        "points": Field(NUMBER),
        "rises": optional(_RISE),
    },
)
SCALE = Declared(
    "scale",
    Closed("scale", {"of": Field(IDENT), "bands": Field(ListOf(_BAND, 1))}),
    build,
    "points by the band in which a number lies",
)
