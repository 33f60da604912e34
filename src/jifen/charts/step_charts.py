"""A figure that changes on certain days, drawn true to the days: flat until the next change."""

from collections.abc import Callable, Iterator
from html import escape
from itertools import pairwise

from jifen.charts.figure_formats import format_axis_figure, format_figure, round_ticks
from jifen.charts.model import Steps
from jifen.policy.text import Lang, display_width

WIDTH, HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, WIDTH - 16.0, 34.0, HEIGHT - 34.0
_LETTER = 7.2
PlaceOnAxis = Callable[[float], float]
_INK = "var(--mark, #1f5fa8)"
_LINE = "var(--other, #c2570c)"


def draw_steps(chart: Steps, lang: Lang) -> str:
    """The drawing inside the SVG element."""
    figures = [*chart.low, *chart.high, *chart.line, 0.0]
    marks = round_ticks(min(figures), max(figures))
    low, high = marks[0], marks[-1]
    first, last = chart.days[0].toordinal(), chart.last.toordinal()

    def place_day(day: float) -> float:
        return _LEFT + (day - first) / max(last - first, 1) * (_RIGHT - _LEFT)

    def place_value(value: float) -> float:
        return _BOTTOM - (value - low) / ((high - low) or 1) * (_BOTTOM - _TOP)

    days = [day.toordinal() for day in chart.days] + [last]
    parts = [_draw_text(_LEFT, 16, chart.unit(lang), "start")]
    for mark in marks:
        shade = ".7" if mark == 0 else ".18"
        parts.append(
            _draw_rule(
                _LEFT, place_value(mark), _RIGHT, place_value(mark), f'stroke-opacity="{shade}"'
            )
        )
        parts.append(
            _draw_text(_LEFT - 6, place_value(mark) + 4, format_axis_figure(mark, lang), "end")
        )
    parts += _draw_years(chart, place_day)
    tops, bottoms = (
        _list_corners(days, chart.high, place_day, place_value),
        _list_corners(days, chart.low, place_day, place_value),
    )
    if chart.low != chart.high:
        around = " ".join([*tops, *reversed(bottoms)])
        parts.append(f'<polygon points="{around}" fill="{_INK}" fill-opacity=".22"/>')
        parts.append(_draw_path(tops, ' stroke-dasharray="2 4"'))
    parts.append(_draw_path(bottoms, ""))
    if chart.line:
        line = " ".join(_list_corners(days, chart.line, place_day, place_value))
        dash = f'stroke="{_LINE}" stroke-width="2" stroke-dasharray="7 4"'
        parts.append(f'<polyline points="{line}" fill="none" {dash}/>')
        words = f"{chart.line_name(lang)} {format_figure(chart.line[-1])}"
        above = chart.low[-1] <= chart.line[-1]  # the words stand where the points are not
        below_line = -6 if above else 20
        parts.append(_draw_text(_RIGHT, place_value(chart.line[-1]) + below_line, words, "end"))
    for day, label in chart.marks:
        parts += _draw_mark(place_day(day.toordinal()), label(lang))
    return "".join(parts)


def _draw_text(x: float, y: float, words: str, anchor: str, more: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}'
    return f'<text {place} font-size="12.5" fill="currentColor">{escape(words)}</text>'


def _draw_rule(x1: float, y1: float, x2: float, y2: float, more: str) -> str:
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {place} stroke="currentColor" {more}/>'


def _list_corners(
    days: list[int], values: tuple[float, ...], x: PlaceOnAxis, y: PlaceOnAxis
) -> list[str]:
    """The corners of the steps, from left to right."""
    return [
        f"{x(at):.1f},{y(value):.1f}"
        for ends, value in zip(pairwise(days), values, strict=True)
        for at in ends
    ]


def _draw_path(corners: list[str], more: str) -> str:
    line = " ".join(corners)
    return f'<polyline points="{line}" fill="none" stroke="{_INK}" stroke-width="2.4"{more}/>'


def _draw_years(chart: Steps, x: PlaceOnAxis) -> Iterator[str]:
    """A mark for every year, named as often as there is room."""
    years = range(chart.days[0].year + 1, chart.last.year + 1)
    room = (_RIGHT - _LEFT) / max(len(years), 1)
    every = max(int(-(-(4 * _LETTER + 14) // max(room, 1))), 1)
    for number, year in enumerate(years):
        place = x(chart.days[0].replace(year=year, month=1, day=1).toordinal())
        yield _draw_rule(place, _BOTTOM, place, _BOTTOM + 5, 'stroke-opacity=".7"')
        if number % every == 0:
            yield _draw_text(place, _BOTTOM + 20, str(year), "middle", ' class="year"')


def _draw_mark(x: float, words: str) -> Iterator[str]:
    yield _draw_rule(x, _TOP - 8, x, _BOTTOM, 'stroke-width="1.6" stroke-dasharray="5 3"')
    left = x + display_width(words) * _LETTER > _RIGHT
    yield _draw_text(x + (-5 if left else 5), _TOP, words, "end" if left else "start")
