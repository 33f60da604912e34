"""A report of how sure the people at the line are: the range, and what widens it."""

from datetime import date

from jifen.charts import Bars, FigureSeries
from jifen.lab.classes import format_range
from jifen.lab.population.people import People
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, two_tables
from jifen.lab.uncertainty import HeadlineRange
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_PEOPLE = Text("人数", "people")


def build_report(people: People, policy: Policy, result: HeadlineRange, on: date) -> Report:
    """The range in words, its parts, then the readings."""
    sections = (_show_parts(result), *([_show_readings(result)] if result.readings else []))
    title = policy.rules_on(on).title
    return Report(
        Text(f"{title.zh}：不确定性", f"{title.en}: uncertainty"),
        Text(
            f"{result.people:,} 人，规则以 {on} 为准", f"{result.people:,} people, rules as on {on}"
        ),
        list_warnings(people),
        sections,
        list_provenance(people, [policy], on),
    )


def _show_parts(result: HeadlineRange) -> Section:
    whole = format_range(result.least, result.most)
    words = Text(
        f"{result.base:,} 人确定达到；连同所有不确定之处为 {whole} 人。"
        "事实与理解的两端直接相加，抽样与边际的误差按平方和合并。",
        f"{result.base:,} people are surely at the line; with all that is not sure {whole}. The "
        "ends of facts and readings are added, the errors of sampling and margins by squares.",
    )
    chart = Bars(
        Text("各项不确定使人数少于或多于现值", "Fewer or more people by each thing not sure"),
        tuple(part.label for part in result.parts),
        (
            FigureSeries(
                Text("最少", "at least"),
                tuple(float(part.least - result.base) for part in result.parts),
            ),
            FigureSeries(
                Text("最多", "at most"),
                tuple(float(part.most - result.base) for part in result.parts),
            ),
        ),
        _PEOPLE,
        lying=True,
        label_heading=Text("来源", "source"),
    )
    heads = (
        Text("来源", "source"),
        Text("最少", "at least"),
        Text("最多", "at most"),
        Text("占总宽度", "of all widths"),
        Text("说明", "how"),
    )
    rows = [
        (
            part.label,
            (
                float(part.least),
                float(part.most),
                f"{result.share_of_width(part):.0%}",
                part.note,
            ),
        )
        for part in result.parts
    ]
    table = two_tables(Text("不确定的来源", "What widens the range"), heads, rows)
    return Section(Text("范围", "The range"), (words, *result.left_out), (chart,), (table,))


def _show_readings(result: HeadlineRange) -> Section:
    heads = (Text("理解", "reading"), Text("确定达到", "surely at the line"), Text("差", "more"))
    rows = [
        (reading.label, (float(reading.reached), float(reading.reached - result.base)))
        for reading in sorted(result.readings, key=lambda reading: reading.reached)
    ]
    table = two_tables(Text("各种理解下的人数", "People under each reading"), heads, rows)
    return Section(Text("对规定的理解", "Readings of the policy"), (), (), (table,))
