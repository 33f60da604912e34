"""What a chart shows: labels and figures. Nothing here knows how it is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jifen.charts.figure_formats import HIDDEN, format_alike, format_figure
from jifen.charts.words import say
from jifen.policy.text import EMPTY, Lang, Text


@dataclass(frozen=True, slots=True)
class FigureSeries:
    """A row of figures with a name; one figure for each label of the chart. `hidden`: places whose
    figure is not shown; these words stand there instead ('<5'), and no bar of it is drawn."""

    name: Text
    values: tuple[float, ...]
    hidden: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """A value that is no number is hidden."""
        if any(map(math.isnan, self.values)):
            hidden = self.hidden or ("",) * len(self.values)
            marked = zip(self.values, hidden, strict=True)
            words = tuple(HIDDEN if math.isnan(value) else word for value, word in marked)
            shown = tuple(0.0 if math.isnan(value) else value for value in self.values)
            object.__setattr__(self, "hidden", words)
            object.__setattr__(self, "values", shown)

    def format_value(self, place: int) -> str:
        """What stands at a place."""
        words = self.hidden[place] if self.hidden else ""
        return words or format_figure(self.values[place])


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars for each label, one per series side by side; lying where labels are long. `marker` is a
    (place between labels, words): a line across, such as the points to be reached."""

    title: Text
    labels: tuple[Text, ...]
    series: tuple[FigureSeries, ...]
    unit: Text
    lying: bool = False
    marker: tuple[float, Text] | None = None
    other_marker: tuple[float, Text] | None = None
    """A second line across, such as the points to be reached after a reform."""
    label_heading: Text = EMPTY
    """What the labels are, for the head of the table; the unit where left out."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A line per series over the labels, with a mark and its name at the end."""

    title: Text
    labels: tuple[Text, ...]
    series: tuple[FigureSeries, ...]
    unit: Text
    label_heading: Text = EMPTY


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Figures in cells: rows of values, one row per label of `rows`."""

    title: Text
    rows_title: Text
    columns_title: Text
    rows: tuple[Text, ...]
    columns: tuple[Text, ...]
    values: tuple[tuple[float, ...], ...]
    unit: Text
    base: tuple[int, int] | None = None
    """The cell (row, column) of the case that all others are compared with: it is outlined."""
    base_name: Text = EMPTY


@dataclass(frozen=True, slots=True)
class TileMap:
    """A tile for each place, where it lies beside the others (row, column): a cartogram. A value
    of None is not shown. `ends`: the values of the lightest and the darkest tile, so that two maps
    can be compared; of the values themselves where left out."""

    title: Text
    labels: tuple[Text, ...]
    places: tuple[tuple[int, int], ...]
    values: tuple[float | None, ...]
    unit: Text
    label_heading: Text
    ends: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """A figure that changes on certain `days` and stays until `last`: its least and its most (the
    same where it is known). `line` is to be reached, by day, and empty where there is none; `marks`
    are days to be named."""

    title: Text
    days: tuple[date, ...]
    last: date
    low: tuple[float, ...]
    high: tuple[float, ...]
    line: tuple[float, ...]
    line_name: Text
    unit: Text
    marks: tuple[tuple[date, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Scatter:
    """Rows of two figures as marks: `across` and `upwards` with a label each; those `marked` are
    drawn apart and named."""

    title: Text
    labels: tuple[Text, ...]
    across: tuple[float, ...]
    upwards: tuple[float, ...]
    across_title: Text
    upwards_title: Text
    marked: tuple[bool, ...]
    label_heading: Text
    filled: tuple[bool, ...] = ()
    """Rows drawn as filled squares, where these are others than those that are named."""
    filled_name: Text = EMPTY
    base: int | None = None
    """The row of the case that all others are compared with: its mark is outlined."""
    base_name: Text = EMPTY


Chart = Bars | Lines | HeatMap | Steps | Scatter | TileMap


@dataclass(frozen=True, slots=True)
class ChartTable:
    """Cells as text; the first column names the row."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def columns_of_words(self) -> frozenset[int]:
        """The columns that are read as words: most of their cells have more letters than digits.
        They stand left, figures right."""
        return frozenset(
            number
            for number in range(len(self.headings))
            if _are_mostly_words([row[number] for row in self.rows if row[number].strip()])
        )


def _are_mostly_words(cells: Sequence[str]) -> bool:
    told = [cell for cell in cells if any(map(str.isalnum, cell))]  # a dash is neither
    worded = [cell for cell in told if sum(map(str.isalpha, cell)) > sum(map(str.isdigit, cell))]
    return bool(worded) and 2 * len(worded) >= len(told)


def tabulate_chart(chart: Chart, lang: Lang) -> ChartTable:
    """The figures of a chart."""
    if isinstance(chart, HeatMap):
        heads = (
            f"{chart.rows_title(lang)} \\ {chart.columns_title(lang)}",
            *(column(lang) for column in chart.columns),
        )
        return ChartTable(heads, _format_rows(chart.rows, chart.values, lang))
    if isinstance(chart, Steps):
        rows = zip(chart.days, chart.low, chart.high, strict=True)
        heads = (say("model.from")(lang), chart.unit(lang))
        return ChartTable(
            heads, tuple((str(day), _format_range(low, high)) for day, low, high in rows)
        )
    if isinstance(chart, TileMap):
        named = zip(chart.labels, format_alike(chart.values), strict=True)
        heads = (chart.label_heading(lang), chart.unit(lang))
        return ChartTable(heads, tuple((label(lang), value) for label, value in named))
    if isinstance(chart, Scatter):
        figures = zip(chart.across, chart.upwards, strict=True)
        heads = (chart.label_heading(lang), chart.across_title(lang), chart.upwards_title(lang))
        return ChartTable(heads, _format_rows(chart.labels, list(figures), lang))
    heads = (
        (chart.label_heading if chart.label_heading.zh else chart.unit)(lang),
        *(series.name(lang) for series in chart.series),
    )
    cells = (
        (label(lang), *(series.format_value(place) for series in chart.series))
        for place, label in enumerate(chart.labels)
    )
    return ChartTable(heads, tuple(cells))


def _format_range(low: float, high: float) -> str:
    return format_figure(low) if low == high else f"{format_figure(low)} … {format_figure(high)}"


def _format_rows(
    labels: Sequence[Text], values: Sequence[Sequence[float]], lang: Lang
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (label(lang), *(format_figure(value) for value in row))
        for label, row in zip(labels, values, strict=True)
    )
