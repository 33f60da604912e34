"""Pictures of figures as plain SVG, each with its table: for reports and for pages.

A chart is a value; `svg` draws it in a language, `table` gives the same figures as text. Colour is
never the only carrier: series differ in pattern or dash and are named beside the marks.
"""

from jifen.charts.draw import svg
from jifen.charts.model import Bars, Chart, HeatMap, Lines, Scatter, Series, Steps, Table, table

__all__ = [
    "Bars",
    "Chart",
    "HeatMap",
    "Lines",
    "Scatter",
    "Series",
    "Steps",
    "Table",
    "svg",
    "table",
]
