"""A scatter: a mark for each row of two figures, numbered where it has a name to be looked for."""

from collections.abc import Sequence
from html import escape

from jifen.charts.figure_formats import (
    LETTER_WIDTH,
    format_axis_figure,
    format_figure,
    round_ticks,
)
from jifen.charts.model import Scatter
from jifen.policy.text import Lang, display_width

WIDTH, HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, WIDTH - 20.0, 34.0, HEIGHT - 54.0
_LINE = 14.0
_INK, _MARKED = "var(--mark, #1f5fa8)", "var(--other, #c2570c)"


def draw_scatter(chart: Scatter, lang: Lang) -> str:
    """The drawing inside the SVG element."""
    across = round_ticks(*_find_range(chart.across))
    upwards = round_ticks(*_find_range(chart.upwards))
    parts = [_draw_text(_LEFT, 16, chart.upwards_title(lang), "start")]
    for mark in upwards:
        y = _place_on_axis(mark, upwards, _BOTTOM, _TOP)
        parts.append(_draw_rule(_LEFT, y, _RIGHT, y))
        parts.append(_draw_text(_LEFT - 6, y + 4, format_axis_figure(mark, lang), "end"))
    for mark in across:
        x = _place_on_axis(mark, across, _LEFT, _RIGHT)
        parts.append(_draw_rule(x, _BOTTOM, x, _BOTTOM + 5))
        parts.append(_draw_text(x, _BOTTOM + 20, format_axis_figure(mark, lang), "middle"))
    parts.append(_draw_text(_RIGHT, HEIGHT - 12, chart.across_title(lang), "end"))
    filled = chart.filled or chart.marked
    rows = zip(chart.across, chart.upwards, chart.labels, chart.marked, filled, strict=True)
    names = _PlacedNames()
    for first, second, label, is_marked, is_filled in sorted(rows, key=lambda row: row[3:]):
        x, y = (
            _place_on_axis(first, across, _LEFT, _RIGHT),
            _place_on_axis(second, upwards, _BOTTOM, _TOP),
        )
        words = f"{label(lang)}: {format_figure(first)}, {format_figure(second)}"
        parts.append(_draw_mark(x, y, words, is_marked=is_filled))
        if is_marked:
            parts.append(names.draw_name(x, y, label(lang)))
    if chart.filled:
        legend = f'x="{_LEFT:.1f}" y="{HEIGHT - 21:.1f}" width="10" height="10"'
        parts.append(f'<rect {legend} fill="{_MARKED}"/>')
        parts.append(_draw_text(_LEFT + 16, HEIGHT - 12, chart.filled_name(lang), "start"))
    return "".join(parts)


class _PlacedNames:
    """The names beside marks so far, so that the next one stands where it covers none of them."""

    def __init__(self) -> None:
        self._boxes: list[tuple[float, float, float]] = []

    def draw_name(self, x: float, y: float, name: str) -> str:
        """A name above or below its mark, towards the middle or, where that is taken, further up or
        down; at the last place where all are taken."""
        wide = display_width(name) * LETTER_WIDTH
        side = "end" if x > WIDTH / 2 else "start"
        left = x - 9 - wide if side == "end" else x + 9
        left = min(max(left, 4.0), WIDTH - 4 - wide)
        places = [y + away for away in (-8, 18, -24, 34, -40, 50)]
        inside = [place for place in places if _TOP - 12 < place < _BOTTOM + 4] or places
        free = [place for place in inside if not self._covers(left, place, wide)]
        line = (free or inside[-1:])[0]
        self._boxes.append((left, line, wide))
        return _draw_text(left, line, name, "start")

    def _covers(self, left: float, line: float, wide: float) -> bool:
        return any(
            abs(line - other) < _LINE and left < start + width and start < left + wide
            for start, other, width in self._boxes
        )


def _find_range(values: Sequence[float]) -> tuple[float, float]:
    """The least and the most; a scatter shows where marks lie to each other, not to zero."""
    return min(values, default=0.0), max(values, default=1.0)


def _place_on_axis(value: float, marks: Sequence[float], start: float, end: float) -> float:
    low, high = marks[0], marks[-1]
    return start + (value - low) / ((high - low) or 1) * (end - start)


def _draw_mark(x: float, y: float, words: str, *, is_marked: bool) -> str:
    """A ring, or a filled square where it is marked: the shape tells, not only the colour."""
    title = f"<title>{escape(words)}</title>"
    if is_marked:
        return (
            f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="{_MARKED}">'
            f"{title}</rect>"
        )
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="{_INK}" stroke-width="2">'
        f"{title}</circle>"
    )


def _draw_text(x: float, y: float, words: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="12.5" fill="currentColor">{escape(words)}</text>'


def _draw_rule(x1: float, y1: float, x2: float, y2: float) -> str:
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {place} stroke="currentColor" stroke-opacity=".25"/>'
