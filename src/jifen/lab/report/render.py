"""A report as one HTML file: both languages inside, switched without a script."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jifen.charts import Chart, ChartTable, draw_svg, tabulate_chart
from jifen.lab.report.model import Report
from jifen.policy.text import Lang


@cache
def _build_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("jifen.lab.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(drawn=_draw_chart, table_of=_table_of)
    return environment


def _draw_chart(chart: Chart, lang: Lang) -> Markup:
    # the patterns of each drawing are its own: ids must not meet on one page
    return Markup(draw_svg(chart, lang))


def _table_of(chart: Chart, lang: Lang) -> ChartTable:
    return tabulate_chart(chart, lang)


def render_report(report: Report, lang: Lang = "zh") -> str:
    """The whole page in both languages, open in the one that was asked for; the same report gives
    the same bytes."""
    return _build_environment().get_template("report.html.j2").render(report=report, asked=lang)
