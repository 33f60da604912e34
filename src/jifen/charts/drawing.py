"""Charts as SVG: no script, no font of its own, readable on a phone and in black and white."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from jifen.charts.cell_charts import draw_heat_map, draw_tile_map
from jifen.charts.figure_formats import (
    LETTER_WIDTH,
    choose_label_interval,
    format_axis_figure,
    format_figure,
    round_ticks,
)
from jifen.charts.model import Bars, Chart, HeatMap, Lines, Scatter, Steps, TileMap
from jifen.charts.scatter import HEIGHT as SCATTER_HEIGHT
from jifen.charts.scatter import draw_scatter
from jifen.charts.step_charts import HEIGHT as STEPS_HEIGHT
from jifen.charts.step_charts import draw_steps
from jifen.policy.text import Lang, display_width

WIDTH, HEIGHT = 640, 340
_FILLS = ("var(--mark, #1f5fa8)", "url(#hatch)", "var(--other, #c2570c)", "url(#dots)")
_STROKES = ("var(--mark, #1f5fa8)", "var(--other, #c2570c)", "var(--third, #2f7d4f)", "#7a3e9d")
_DASHES = ("none", "7 4", "2 4", "10 3 2 3")
_PATTERNS = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--other, #c2570c)"/>'
    '<line y2="6" stroke="#fff" stroke-width="2.4"/></pattern><pattern id="dots" width="6" '
    'height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" '
    'fill="var(--third, #2f7d4f)"/><circle cx="3" cy="3" r="1.4" fill="#fff"/></pattern></defs>'
)


def draw_svg(chart: Chart, lang: Lang) -> str:
    """A chart as one SVG element; everything in it is escaped."""
    if isinstance(chart, HeatMap):
        body, height = draw_heat_map(chart, lang)
    elif isinstance(chart, TileMap):
        body, height = draw_tile_map(chart, lang)
    elif isinstance(chart, Steps):
        body, height = draw_steps(chart, lang), STEPS_HEIGHT
    elif isinstance(chart, Scatter):
        body, height = draw_scatter(chart, lang), SCATTER_HEIGHT
    elif isinstance(chart, Lines):
        body, height = _draw_lines(chart, lang), HEIGHT
    else:
        body, height = (
            _draw_lying_bars(chart, lang)
            if chart.lying
            else (_draw_upright_bars(chart, lang), HEIGHT)
        )
    title = escape(chart.title(lang))
    svg = (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{title}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{title}</title>{_PATTERNS}{body}</svg>'
    )
    return _name_patterns(svg, lang)


def _name_patterns(svg: str, lang: Lang) -> str:
    """The patterns of each language have names of their own: on a page with both, a pattern of the
    hidden half would fill nothing."""
    for name in ("hatch", "dots"):
        svg = svg.replace(f'id="{name}"', f'id="{name}-{lang}"')
        svg = svg.replace(f'"url(#{name})"', f'"url(#{name}-{lang})"')
    return svg


def _draw_text(x: float, y: float, words: str, anchor: str = "middle", more: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="12.5" fill="currentColor"{more}>{escape(words)}</text>'


def _draw_line(x1: float, y1: float, x2: float, y2: float, more: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {more}/>'


_GRID = 'stroke="currentColor" stroke-opacity=".18"'
_AXIS = 'stroke="currentColor" stroke-opacity=".7"'
HIDDEN_BAR_HEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class _Scale:
    """Figures → places along an axis."""

    marks: list[float]
    start: float
    end: float

    def place_of(self, value: float) -> float:
        low, high = self.marks[0], self.marks[-1]
        return self.start + (value - low) / (high - low) * (self.end - self.start)


def _build_scale(values: Sequence[float], start: float, end: float) -> _Scale:
    low, high = min([0.0, *values]), max([0.0, *values])
    return _Scale(round_ticks(low, high), start, end)


def _draw_grid(scale: _Scale, left: float, right: float, lang: Lang) -> str:
    parts = []
    for mark in scale.marks:
        y = scale.place_of(mark)
        parts.append(_draw_line(left, y, right, y, _AXIS if mark == 0 else _GRID))
        parts.append(_draw_text(left - 6, y + 4, format_axis_figure(mark, lang), "end"))
    return "".join(parts)


def _draw_legend(names: Sequence[str], fills: Sequence[str], y: float) -> str:
    if len(names) < 2:
        return ""
    parts, x = [], 60.0
    for name, fill in zip(names, fills, strict=False):
        parts.append(f'<rect x="{x:.1f}" y="{y - 10:.1f}" width="12" height="12" fill="{fill}"/>')
        parts.append(_draw_text(x + 17, y, name, "start"))
        x += 34 + display_width(name) * LETTER_WIDTH
    return "".join(parts)


def _draw_upright_bars(chart: Bars, lang: Lang) -> str:
    values = [value for series in chart.series for value in series.values]
    left, right, top, bottom = 62.0, WIDTH - 14.0, 34.0, HEIGHT - 46.0
    scale = _build_scale(values, bottom, top)
    labels = [label(lang) for label in chart.labels]
    slot = (right - left) / max(len(labels), 1)
    thick = slot * (0.96 if len(labels) > 30 else 0.78) / max(len(chart.series), 1)
    parts = [_draw_grid(scale, left, right, lang)]
    for number, series in enumerate(chart.series):
        for place, value in enumerate(series.values):
            x = left + slot * (place + 0.5) + thick * (number - len(chart.series) / 2)
            if series.hidden and series.hidden[place]:
                parts.append(_draw_hidden_bar(x, scale.place_of(0), thick, series.hidden[place]))
            else:
                parts.append(
                    _draw_bar(x, scale.place_of(max(value, 0)), thick, scale, value, number)
                )
    shown = range(0, len(labels), choose_label_interval(labels, right - left))
    parts += [_draw_text(left + slot * (n + 0.5), bottom + 20, labels[n]) for n in shown]
    markers = [marker for marker in (chart.marker, chart.other_marker) if marker]
    for number, (across, words) in enumerate(markers):
        sides = _choose_sides([left + slot * marker[0] for marker in markers])
        x, dash = left + slot * across, _MARKER_DASHES[number]
        parts.append(_draw_marker(x, (top + 16 * number, bottom), words(lang), sides[number], dash))
    parts.append(_draw_text(left, 16, chart.unit(lang), "start"))
    names = [series.name(lang) for series in chart.series]
    return "".join(parts) + _draw_legend(names, _FILLS, HEIGHT - 6)


def _draw_bar(x: float, y: float, thick: float, scale: _Scale, value: float, number: int) -> str:
    tall = abs(scale.place_of(value) - scale.place_of(0))
    fill = _FILLS[number % len(_FILLS)]
    place = f'x="{x:.2f}" y="{y:.2f}" width="{thick:.2f}" height="{tall:.2f}"'
    return f'<rect {place} fill="{fill}"><title>{escape(format_figure(value))}</title></rect>'


def _draw_hidden_bar(x: float, zero: float, thick: float, words: str) -> str:
    """A low grey bar with a title, for a figure that exists and must not be shown."""
    tall = HIDDEN_BAR_HEIGHT
    place = f'x="{x:.2f}" y="{zero - tall:.2f}" width="{thick:.2f}" height="{tall:.2f}"'
    return f'<rect {place} fill="currentColor" opacity="0.4"><title>{escape(words)}</title></rect>'


_MARKER_DASHES = ("5 3", "none")
"""Of the line of today, and of the other one."""


def _choose_sides(places: Sequence[float]) -> list[str]:
    """Where the words of each line stand: of two away from each other, of one towards the
    middle."""
    if len(places) == 2:
        return ["end", "start"] if places[0] < places[1] else ["start", "end"]
    return ["end" if place > WIDTH / 2 else "start" for place in places]


def _draw_marker(x: float, ends: tuple[float, float], words: str, side: str, dash: str) -> str:
    top, bottom = ends
    look = f'stroke="currentColor" stroke-width="1.6" stroke-dasharray="{dash}"'
    beside = x + (-6 if side == "end" else 6)
    return _draw_line(x, top - 8, x, bottom, look) + _draw_text(beside, top, words, side)


def _draw_lying_bars(chart: Bars, lang: Lang) -> tuple[str, float]:
    labels = [_shorten_label(label(lang)) for label in chart.labels]
    left = min(max((display_width(label) for label in labels), default=4) * LETTER_WIDTH + 18, 290)
    count = max(len(chart.series), 1)
    row = 24.0 + 13 * (count - 1)
    height = 44 + row * len(labels) + (24 if count > 1 else 0)
    values = [value for series in chart.series for value in series.values]
    scale = _build_scale(values, left, WIDTH - 78)
    zero, parts = scale.place_of(0), [_draw_text(left, 16, chart.unit(lang), "start")]
    for place, label in enumerate(labels):
        y = 28 + row * place
        parts.append(_draw_text(left - 8, y + row / 2 + 2, label, "end"))
        for number, series in enumerate(chart.series):
            value, thick = series.values[place], (row - 8) / count
            start, end = sorted((zero, scale.place_of(value)))
            top = y + thick * number
            fill = _FILLS[number % len(_FILLS)]
            size = f'width="{max(end - start, 0):.2f}" height="{thick - 1:.2f}"'
            parts.append(f'<rect x="{start:.2f}" y="{top:.2f}" {size} fill="{fill}"/>')
            parts.append(
                _draw_text(end + 6, top + thick / 2 + 4, series.format_value(place), "start")
            )
    parts.append(_draw_line(zero, 24, zero, 28 + row * len(labels), _AXIS))
    names = [series.name(lang) for series in chart.series]
    return "".join(parts) + _draw_legend(names, _FILLS, height - 6), height


def _shorten_label(label: str, most: int = 38) -> str:
    """A label that leaves room for the bars; the table has it in full."""
    if display_width(label) <= most:
        return label
    shortened = ""
    for character in label:
        if display_width(shortened + character) > most - 1:
            break
        shortened += character
    return shortened + "…"


def _draw_lines(chart: Lines, lang: Lang) -> str:
    values = [value for series in chart.series for value in series.values]
    left, top, bottom = 62.0, 34.0, HEIGHT - 46.0
    scale = _build_scale(values, bottom, top)
    ends = [scale.place_of(series.values[-1]) if series.values else top for series in chart.series]
    names = [series.name(lang) for series in chart.series]
    apart = all(below - above >= _NAME_HEIGHT for above, below in pairwise(sorted(ends)))
    beside = [_shorten_label(name, 18) for name in names] if apart else []
    right = WIDTH - 20 - max((display_width(name) for name in beside), default=0) * LETTER_WIDTH
    labels = [label(lang) for label in chart.labels]
    slot = (right - left) / max(len(labels) - 1, 1)
    parts = [_draw_grid(scale, left, right, lang), _draw_text(left, 16, chart.unit(lang), "start")]
    shown = range(0, len(labels), choose_label_interval(labels, right - left))
    parts += [_draw_text(left + slot * n, bottom + 20, labels[n]) for n in shown]
    for number, series in enumerate(chart.series):
        points = [(left + slot * n, scale.place_of(v)) for n, v in enumerate(series.values)]
        parts += _draw_polyline(points, number)
    if not apart:
        return "".join(parts) + _draw_line_legend(names, HEIGHT - 6)
    for height, name in zip(ends, beside, strict=True):
        parts.append(_draw_text(right + 8, height + 4, name, "start"))
    return "".join(parts)


_NAME_HEIGHT = 15.0


def _draw_line_legend(names: Sequence[str], y: float) -> str:
    """A piece of each line before its name, where lines end too near each other to be named."""
    parts, x = list[str](), 60.0
    wanted = sum(58 + display_width(name) * LETTER_WIDTH for name in names)
    most = int((WIDTH - 70) / len(names) / LETTER_WIDTH) - 8
    room = most if wanted > WIDTH - 70 else max(map(display_width, names))
    for number, name in enumerate(names):
        parts += _draw_polyline([(x, y - 4), (x + 30, y - 4)], number)
        shown = _shorten_label(name, room)
        parts.append(_draw_text(x + 38, y, shown, "start"))
        x += 58 + display_width(shown) * LETTER_WIDTH
    return "".join(parts)


def _draw_polyline(points: Sequence[tuple[float, float]], number: int) -> Iterator[str]:
    stroke, dash = _STROKES[number % len(_STROKES)], _DASHES[number % len(_DASHES)]
    look = f'stroke="{stroke}" stroke-width="2.4" stroke-dasharray="{dash}"'
    for (x1, y1), (x2, y2) in pairwise(points):
        yield _draw_line(x1, y1, x2, y2, look)
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{stroke}"/>'
