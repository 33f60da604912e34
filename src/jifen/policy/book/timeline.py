"""Versions and dated changes laid out on an axis of time, for a plain SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from jifen.policy.policy import Policy
from jifen.policy.text import Lang

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 720, 20, 20, 28, 36
_MOST_TICKS = 12
_LETTER, _ARROW = 12, 8


@dataclass(frozen=True, slots=True)
class YearTick:
    """The first of January of a year."""

    year: int
    x: float


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """A bar: a version, or a dated change inside one; `until` None where it is open.

    `short` is the label as far as it fits; an open bar ends in an arrow inside the drawing.
    """

    kind: str
    label: str
    short: str
    since: date
    until: date | None
    x: float
    y: int
    width: float
    text_x: float
    text_anchor: str

    @property
    def arrow(self) -> str:
        """The corners of the arrow at an open end; empty where the end is known."""
        if self.until:
            return ""
        end = round(self.x + self.width, 1)
        return f"{end},{self.y} {round(end + _ARROW, 1)},{self.y + 7} {end},{self.y + 14}"


class PolicyTimeline:
    """Bars and ticks; open ends run to the end of the axis, a year after the last known day."""

    width = _WIDTH

    def __init__(self, policies: Sequence[Policy], lang: Lang) -> None:
        ordered = sorted(policies, key=lambda policy: policy.since)
        rows = [row for policy in ordered for row in _list_bars(policy, lang)]
        days = [day for _, _, since, until in rows for day in (since, until) if day]
        self._first = date(min(days).year, 1, 1)
        self._last = date(max(days).year + 2, 1, 1)
        self.bars = tuple(self._build_bar(number, *row) for number, row in enumerate(rows))
        self.height = _TOP + _ROW * len(rows)

    @property
    def ticks(self) -> tuple[YearTick, ...]:
        """Years along the axis, not more than can be read."""
        years = range(self._first.year, self._last.year + 1)
        step = -(-len(years) // _MOST_TICKS)
        inner = [year for year in years if year % step == 0]
        return tuple(YearTick(year, self._position_of_day(date(year, 1, 1))) for year in inner)

    def _position_of_day(self, day: date) -> float:
        share = (day - self._first).days / (self._last - self._first).days
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def _build_bar(
        self, number: int, kind: str, label: str, since: date, until: date | None
    ) -> TimelineBar:
        x, end = (
            self._position_of_day(since),
            self._position_of_day(until) if until else self._position_of_day(self._last) - _ARROW,
        )
        right = x > _WIDTH / 2
        text_x, anchor = (end, "end") if right else (x, "start")
        width = max(round(end - x, 1), 2)
        short = shorten_label(label, text_x - _LEFT if right else _WIDTH - _RIGHT - text_x)
        y = _TOP + _ROW * number
        return TimelineBar(kind, label, short, since, until, x, y, width, text_x, anchor)


def shorten_label(label: str, room: float) -> str:
    """A label as far as it fits into `room`, with dots where it does not."""
    if sum(map(_letter_width, label)) <= room:
        return label
    used, shown = _letter_width("…"), ""
    for letter in label:
        used += _letter_width(letter)
        if used > room:
            break
        shown += letter
    return f"{shown.rstrip()}…"


def _letter_width(letter: str) -> float:
    return _LETTER if east_asian_width(letter) in "WFA" else 0.56 * _LETTER


def _list_bars(policy: Policy, lang: Lang) -> Iterator[tuple[str, str, date, date | None]]:
    yield "version", policy.title(lang), policy.since, policy.until
    for overlay in policy.overlays:
        since = max(overlay.since, policy.since)
        yield "overlay", overlay.label(lang), since, overlay.until or policy.until
