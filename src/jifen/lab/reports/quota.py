"""The line for a quota: how many people each line near it admits."""

from collections.abc import Iterator
from datetime import date

from jifen.charts import Bars, FigureSeries
from jifen.lab.analysis.quota import QuotaResult
from jifen.lab.analysis.quota_serialization import describe_quota
from jifen.lab.population.people import People
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, two_tables
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.quantity import format_number
from jifen.policy.text import Text, capitalize_text


def build_report(people: People, policy: Policy, result: QuotaResult, on: date) -> Report:
    """What the quota asks, the lines round it, and whom each of them admits."""
    return Report(
        say("reports.quota.a_line_for_a_quota", title=policy.rules_on(on).title),
        say("reports.quota.people_rules", count=people.count, on=on, wanted=result.wanted),
        list_warnings(people),
        (_show_lines(result),),
        list_provenance(people, [policy], on),
    )


def _show_lines(result: QuotaResult) -> Section:
    around = sorted(result.around, key=lambda threshold: threshold.line)
    names = tuple(_name_line(result, threshold.line) for threshold in around)
    surely, perhaps = say("reports.quota.surely_admitted"), say("reports.quota.perhaps_admitted")
    open_people = [float(threshold.most - threshold.least) for threshold in around]
    series = [FigureSeries(surely, tuple(float(threshold.least) for threshold in around))]
    if any(open_people):
        series.append(FigureSeries(perhaps, tuple(open_people)))
    chart = Bars(
        say("reports.quota.admitted_by_each_line"),
        names,
        tuple(series),
        say("reports.quota.people"),
        lying=True,
        label_heading=say("reports.quota.line"),
    )
    heads = (
        say("reports.quota.line"),
        say("reports.quota.at_least"),
        say("reports.quota.at_most"),
        say("reports.quota.beyond_the_quota"),
    )
    rows = [
        (
            name,
            (
                float(threshold.least),
                float(threshold.most),
                float(threshold.most - result.wanted),
            ),
        )
        for name, threshold in zip(names, around, strict=True)
    ]
    table = two_tables(say("reports.quota.lines_round_the_quota"), heads, rows)
    words = tuple(_list_words(result))
    return Section(say("reports.quota.the_line"), words, (chart,), (table,))


def _list_words(result: QuotaResult) -> Iterator[Text]:
    yield from map(capitalize_text, describe_quota(result))
    yield say("reports.quota.how_to_read")


def _name_line(result: QuotaResult, line: int) -> Text:
    """The points of a line; the one that the quota asks for is marked."""
    points = format_number(result.program.unscale_points(line))
    if line == result.line.line == result.lowest.line:
        return say("reports.quota.this_line", points=points)
    if line == result.line.line:
        return say("reports.quota.upper_line", points=points)
    if line == result.lowest.line:
        return say("reports.quota.lower_line", points=points)
    return say("reports.quota.points", points=points)
