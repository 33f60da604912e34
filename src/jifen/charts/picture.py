"""A chart in a language, as a notebook shows it and a file holds it."""

from html import escape
from pathlib import Path

from jifen.charts.drawing import draw_svg
from jifen.charts.model import Chart, ChartTable, tabulate_chart
from jifen.policy.text import Lang

_FIGURE = 'style="margin:0;max-width:44rem;--mark:#1f5fa8;--other:#b34d06;--third:#27704a"'


class ChartPicture:
    """A chart drawn as SVG. A notebook shows it by itself; `save` writes it as a file that a page
    or a document takes."""

    def __init__(self, chart: Chart, lang: Lang = "zh") -> None:
        self.chart, self.lang = chart, lang

    @property
    def title(self) -> str:
        """What the chart shows, in its language."""
        return self.chart.title(self.lang)

    def to_svg(self) -> str:
        """One SVG element."""
        return draw_svg(self.chart, self.lang)

    def to_table(self) -> ChartTable:
        """The figures of the chart, as text."""
        return tabulate_chart(self.chart, self.lang)

    def save(self, path: str | Path) -> Path:
        """Write the SVG as a file, replacing one that is there. Raises OSError."""
        file = Path(path)
        file.write_text(self.to_svg() + "\n", encoding="utf-8")
        return file

    def __repr__(self) -> str:
        return f"<ChartPicture: {self.title}>"

    def _repr_html_(self) -> str:
        caption = f"<figcaption>{escape(self.title)}</figcaption>"
        return f'<figure lang="{self.lang}" {_FIGURE}>{caption}{self.to_svg()}</figure>'
