"""What a page shows of the answer to a longer question: words, charts with their tables, tables.
Small counts are hidden here, in the office; the stored figures are those of the lab."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from jifen.charts import Chart, ChartTable, FigureSeries, draw_svg, tabulate_chart
from jifen.office.workshop.simulation.disclosure import hide_small
from jifen.policy.text import Lang, Text

PEOPLE, INDICATOR = Text("人数", "people"), Text("指标", "indicator")
CHANGED = Text("数值", "figure")


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart, drawn, and its table."""

    title: str
    drawn: Markup
    table: ChartTable


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of its own. `note`: how to read it."""

    title: str
    table: ChartTable
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal: what it does in words, and what each of its changes brings."""

    number: int
    words: str
    effects: ChartTable
    losses: ChartTable | None


@dataclass(slots=True)
class ShownStudy:
    """All that a page shows. `changes`: for each proposal the cells that it changes."""

    words: list[str] = field(default_factory=list)
    charts: list[ShownChart] = field(default_factory=list)
    tables: list[ShownTable] = field(default_factory=list)
    proposals: list[ShownProposal] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)


def show_chart(chart: Chart, lang: Lang) -> ShownChart:
    """A chart with its table."""
    drawn = Markup(draw_svg(chart, lang))
    return ShownChart(chart.title(lang), drawn, tabulate_chart(chart, lang))


def make_series(name: Text, counts: Sequence[float]) -> FigureSeries:
    """A series of people, small counts hidden."""
    hidden = hide_small(counts)
    values = tuple(0.0 if words else float(n) for n, words in zip(counts, hidden, strict=True))
    return FigureSeries(name, values, tuple(hidden))


def read_text(both: Mapping[str, str]) -> Text:
    """A text of stored figures."""
    return Text(both["zh"], both["en"])
