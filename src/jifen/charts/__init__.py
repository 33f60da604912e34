"""Pictures of figures as plain SVG, each with its table: for reports and for pages.

A chart is a value; `draw_svg` draws it in a language, `tabulate_chart` gives the same figures as
text. Colour is never the only carrier: series differ in pattern or dash and are named beside the
marks.
"""

from jifen.charts.drawing import draw_svg
from jifen.charts.model import (
    Bars,
    Chart,
    ChartTable,
    FigureSeries,
    HeatMap,
    Lines,
    Scatter,
    Steps,
    TileMap,
    tabulate_chart,
)
from jifen.charts.picture import ChartPicture

__all__ = [
    "Bars",
    "Chart",
    "ChartPicture",
    "ChartTable",
    "FigureSeries",
    "HeatMap",
    "Lines",
    "Scatter",
    "Steps",
    "TileMap",
    "draw_svg",
    "tabulate_chart",
]
