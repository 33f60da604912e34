"""Figures in cells: a heat map, and a map of tiles. Lightness tells the order, from nearly white to
dark; a legend says what the ends stand for."""

from collections.abc import Sequence
from html import escape

from jifen.charts.figure_formats import (
    LETTER_WIDTH,
    choose_label_interval,
    format_alike,
    format_axis_figure,
    format_figure,
)
from jifen.charts.model import HeatMap, TileMap
from jifen.policy.text import Lang, display_width

WIDTH = 640
_LEGEND_STEPS = 6
_LEGEND_HEIGHT, _LEGEND_LINE = 40.0, 24.0
_MOST_TILE_WIDTH, _TILE_HEIGHT, _GAP = 104.0, 58.0, 4.0
_BASE = 'fill="none" stroke="var(--other, #c2570c)" stroke-width="3"'
Ends = tuple[float, float]


def draw_heat_map(chart: HeatMap, lang: Lang) -> tuple[str, float]:
    """The drawing inside the SVG element, and its height."""
    rows = [row(lang) for row in chart.rows]
    left = max((display_width(row) for row in rows), default=1) * LETTER_WIDTH + 24
    wide = (WIDTH - left - 8) / max(len(chart.columns), 1)
    tall = 24.0 if len(rows) <= 24 else 14.0
    ends = _find_ends([value for row in chart.values for value in row])
    parts = [
        _draw_text(4, 16, f"{chart.rows_title(lang)} ↓   {chart.columns_title(lang)} →", "start"),
    ]
    columns = [column(lang) for column in chart.columns]
    interval = choose_label_interval(columns, wide * len(columns))
    shown = range(0, len(columns), interval)
    parts += [_draw_text(left + wide * (n + 0.5), 36, columns[n]) for n in shown]
    for n, row in enumerate(chart.values):
        y = 44 + tall * n
        if tall > 16 or n % 2 == 0:
            parts.append(_draw_text(left - 8, y + tall / 2 + 4, rows[n], "end"))
        for m, value in enumerate(row):
            parts.append(_draw_cell((left + wide * m, y), (wide, tall), value, ends, lang))
    bottom = 44 + tall * len(rows)
    if chart.base is not None:
        row_number, column_number = chart.base
        x, y = left + wide * column_number, 44 + tall * row_number
        parts.append(f"<rect {_place(x + 1, y + 1, wide - 2, tall - 2)} {_BASE}/>")
    base = chart.base_name(lang) if chart.base is not None else ""
    legend, height = _draw_legend(bottom + 14, ends, chart.unit(lang), lang, base)
    return "".join((*parts, legend)), bottom + 14 + height


def draw_tile_map(chart: TileMap, lang: Lang) -> tuple[str, float]:
    """The drawing inside the SVG element, and its height."""
    ends = chart.ends or _find_ends([value for value in chart.values if value is not None])
    across = 1 + max((column for _, column in chart.places), default=0)
    down = 1 + max((row for row, _ in chart.places), default=0)
    wide = min((WIDTH - 8) / across, _MOST_TILE_WIDTH)
    left = (WIDTH - wide * across) / 2
    parts = []
    words = format_alike(chart.values)
    tiles = zip(chart.labels, chart.places, chart.values, words, strict=True)
    for label, (row, column), value, figure in tiles:
        place = left + wide * column, 4 + _TILE_HEIGHT * row
        look = ('fill="none" stroke="currentColor" stroke-dasharray="3 3"', "currentColor")
        look = look if value is None else _shade(value, ends)
        parts.append(_draw_tile(place, wide, (label(lang), figure), look))
    bottom = 4 + _TILE_HEIGHT * down
    legend, height = _draw_legend(bottom + 14, ends, chart.unit(lang), lang, "")
    return "".join((*parts, legend)), bottom + 14 + height


def _draw_tile(
    place: tuple[float, float], wide: float, words: tuple[str, str], look: tuple[str, str]
) -> str:
    (x, y), (label, figure), (fill, ink) = place, words, look
    size = wide - _GAP, _TILE_HEIGHT - _GAP
    title = f"<title>{escape(f'{label}: {figure}')}</title>"
    middle = x + size[0] / 2
    return (
        f'<rect {_place(x, y, *size)} rx="4" {fill}>{title}</rect>'
        + _draw_text(middle, y + 23, label, fill=ink)
        + _draw_text(middle, y + 42, figure, fill=ink)
    )


def _draw_cell(
    place: tuple[float, float], size: tuple[float, float], value: float, ends: Ends, lang: Lang
) -> str:
    (x, y), (wide, tall) = place, size
    fill, ink = _shade(value, ends)
    words = format_figure(value)
    if display_width(words) * LETTER_WIDTH + 4 > wide:
        words = format_axis_figure(round(value, 1), lang)
    title = f"<title>{escape(format_figure(value))}</title>"
    cell = f'<rect {_place(x, y, wide, tall)} {fill} stroke="#fff" stroke-width=".6">{title}</rect>'
    if display_width(words) * LETTER_WIDTH + 4 > wide or tall < 18:
        return cell
    return cell + _draw_text(x + wide / 2, y + tall / 2 + 4, words, fill=ink)


def _draw_legend(y: float, ends: Ends, unit: str, lang: Lang, base: str) -> tuple[str, float]:
    """Swatches from the least to the greatest value, their figures, and the mark of the base, on a
    line of its own where there is no room beside; and the height of all."""
    low, high = ends
    parts, x, step = [], 8.0, 24.0
    low_words, high_words = format_alike(ends)
    parts.append(_draw_text(x, y + 13, low_words, "start"))
    x += display_width(low_words) * LETTER_WIDTH + 8
    for number in range(_LEGEND_STEPS):
        fill, _ = _shade(low + (high - low) * number / (_LEGEND_STEPS - 1), (low, high))
        parts.append(f"<rect {_place(x, y, step, 16)} {fill}/>")
        x += step
    parts.append(_draw_text(x + 8, y + 13, f"{high_words}   {unit}", "start"))
    height = _LEGEND_HEIGHT
    if base:
        x += 8 + display_width(f"{high_words}   {unit}") * LETTER_WIDTH + 24
        if x + 28 + display_width(base) * LETTER_WIDTH > WIDTH:
            x, y, height = 8.0, y + _LEGEND_LINE, height + _LEGEND_LINE
        parts.append(f"<rect {_place(x, y + 1, 20, 14)} {_BASE}/>")
        parts.append(_draw_text(x + 28, y + 13, base, "start"))
    return "".join(parts), height


def _shade(value: float, ends: Ends) -> tuple[str, str]:
    """The fill of a cell and the ink on it: lightness alone tells the order."""
    share = min(max((value - ends[0]) / ((ends[1] - ends[0]) or 1), 0.0), 1.0)
    light = 96 - 62 * share
    return f'fill="hsl(212 62% {light:.0f}%)"', "#fff" if light < 50 else "#111"


def _find_ends(values: Sequence[float]) -> Ends:
    return min(values, default=0.0), max(values, default=1.0)


def _place(x: float, y: float, wide: float, tall: float) -> str:
    return f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"'


def _draw_text(
    x: float, y: float, words: str, anchor: str = "middle", fill: str = "currentColor"
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="12.5" fill="{fill}">{escape(words)}</text>'
