"""Versions and dated changes laid out on an axis of time, for a plain SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from jifen.policy.policy import Policy
from jifen.policy.text import Lang

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 720, 20, 20, 28, 36
_MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """The first of January of a year."""

    year: int
    x: float


@dataclass(frozen=True, slots=True)
class Span:
    """A bar: a version, or a dated change inside one; `until` None where it is open."""

    kind: str
    label: str
    since: date
    until: date | None
    x: float
    y: int
    width: float
    text_x: float
    text_anchor: str


class Timeline:
    """Bars and ticks; open ends run to the end of the axis, a year after the last known day."""

    width = _WIDTH

    def __init__(self, policies: Sequence[Policy], lang: Lang) -> None:
        ordered = sorted(policies, key=lambda policy: policy.since)
        rows = [row for policy in ordered for row in _rows(policy, lang)]
        days = [day for _, _, since, until in rows for day in (since, until) if day]
        self._first = date(min(days).year, 1, 1)
        self._last = date(max(days).year + 2, 1, 1)
        self.spans = tuple(self._span(number, *row) for number, row in enumerate(rows))
        self.height = _TOP + _ROW * len(rows)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Years along the axis, not more than can be read."""
        years = range(self._first.year, self._last.year + 1)
        step = -(-len(years) // _MOST_TICKS)
        inner = [year for year in years if year % step == 0]
        return tuple(Tick(year, self._x(date(year, 1, 1))) for year in inner)

    def _x(self, day: date) -> float:
        share = (day - self._first).days / (self._last - self._first).days
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def _span(self, number: int, kind: str, label: str, since: date, until: date | None) -> Span:
        x, end = self._x(since), self._x(until or self._last)
        right = x > _WIDTH / 2
        text_x, anchor = (end, "end") if right else (x, "start")
        width = max(round(end - x, 1), 2)
        return Span(kind, label, since, until, x, _TOP + _ROW * number, width, text_x, anchor)


def _rows(policy: Policy, lang: Lang) -> Iterator[tuple[str, str, date, date | None]]:
    yield "version", policy.title(lang), policy.since, policy.until
    for overlay in policy.overlays:
        since = max(overlay.since, policy.since)
        yield "overlay", overlay.label(lang), since, overlay.until or policy.until
