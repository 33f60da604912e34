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
_LINE, _MARK = 12.0, 12.0
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
    places = [
        (
            _place_on_axis(first, across, _LEFT, _RIGHT),
            _place_on_axis(second, upwards, _BOTTOM, _TOP),
        )
        for first, second in zip(chart.across, chart.upwards, strict=True)
    ]
    names = _PlacedNames(places)
    for row in _list_rows_in_order(chart):
        (x, y), label = places[row], chart.labels[row](lang)
        figures = format_figure(chart.across[row]), format_figure(chart.upwards[row])
        words = f"{label}: {', '.join(figures)}"
        parts.append(_draw_mark(x, y, words, is_marked=_is_filled(chart, row)))
        if row == chart.base:
            parts.append(_draw_base_mark(x, y))
        if chart.marked[row]:
            parts.append(names.draw_name(x, y, label))
    parts.append(_draw_legend(chart, lang))
    return "".join(parts)


def _is_filled(chart: Scatter, row: int) -> bool:
    return (chart.filled or chart.marked)[row]


def _list_rows_in_order(chart: Scatter) -> list[int]:
    """Rows with a name last, so that nothing covers them."""
    rows = range(len(chart.labels))
    return sorted(rows, key=lambda row: (chart.marked[row], _is_filled(chart, row)))


def _draw_legend(chart: Scatter, lang: Lang) -> str:
    """What the squares are, and the outlined mark."""
    parts, x = [], _LEFT
    if chart.filled:
        place = f'x="{x:.1f}" y="{HEIGHT - 21:.1f}" width="10" height="10"'
        name = chart.filled_name(lang)
        parts.append(f'<rect {place} fill="{_MARKED}"/>')
        parts.append(_draw_text(x + 16, HEIGHT - 12, name, "start"))
        x += 16 + display_width(name) * LETTER_WIDTH + 24
    if chart.base is not None:
        parts.append(_draw_base_mark(x + 8, HEIGHT - 16))
        parts.append(_draw_text(x + 24, HEIGHT - 12, chart.base_name(lang), "start"))
    return "".join(parts)


def _draw_base_mark(x: float, y: float) -> str:
    """The outline that a map of cells has round its base case."""
    place = f'x="{x - 8:.1f}" y="{y - 8:.1f}" width="16" height="16"'
    return f'<rect {place} fill="none" stroke="{_MARKED}" stroke-width="3"/>'


class _PlacedNames:
    """The names beside marks so far, so that the next one covers none of them, and no mark."""

    def __init__(self, marks: Sequence[tuple[float, float]]) -> None:
        self._marks = marks
        self._boxes: list[tuple[float, float, float]] = []

    def draw_name(self, x: float, y: float, name: str) -> str:
        """A name above or below the middle of its mark, or where that is taken further up or down;
        at the last place where all are taken."""
        wide = display_width(name) * LETTER_WIDTH
        left = min(max(x - wide / 2, _LEFT + 4), WIDTH - 4 - wide)
        places = [y + away for away in (-12, 21, -28, 37, -44, 53, -60, 69)]
        inside = [place for place in places if _TOP - 12 < place < _BOTTOM] or places
        free = [place for place in inside if not self._covers(left, place, wide)]
        line = (free or inside[-1:])[0]
        self._boxes.append((left, line, wide))
        return _draw_text(left + wide / 2, line, name, "middle")

    def _covers(self, left: float, line: float, wide: float) -> bool:
        marks = ((x - _MARK / 2, y + 4, _MARK) for x, y in self._marks)
        return any(
            abs(line - other) < _LINE and left < start + width and start < left + wide
            for start, other, width in (*self._boxes, *marks)
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
