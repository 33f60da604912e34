"""A report of how sure the people at the line are: the range, and what widens it."""

from datetime import date

from jifen.charts import Bars, FigureSeries
from jifen.lab.classes import format_range
from jifen.lab.population.people import People
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, two_tables
from jifen.lab.uncertainty import HeadlineRange
from jifen.lab.words import say
from jifen.policy.policy import Policy

_PEOPLE = say("reports.uncertainty.people")


def build_report(people: People, policy: Policy, result: HeadlineRange, on: date) -> Report:
    """The range in words, its parts, then the readings."""
    sections = (_show_parts(result), *([_show_readings(result)] if result.readings else []))
    title = policy.rules_on(on).title
    return Report(
        say("reports.uncertainty.uncertainty", title=title),
        say("reports.uncertainty.people_rules", people=result.people, on=on),
        list_warnings(people),
        sections,
        list_provenance(people, [policy], on),
    )


def _show_parts(result: HeadlineRange) -> Section:
    whole = format_range(result.least, result.most)
    words = say("reports.uncertainty.people_are_surely", base=result.base, whole=whole)
    chart = Bars(
        say("reports.uncertainty.fewer_or_more_people"),
        tuple(part.label for part in result.parts),
        (
            FigureSeries(
                say("reports.uncertainty.at_least"),
                tuple(float(part.least - result.base) for part in result.parts),
            ),
            FigureSeries(
                say("reports.uncertainty.at_most"),
                tuple(float(part.most - result.base) for part in result.parts),
            ),
        ),
        _PEOPLE,
        lying=True,
        label_heading=say("reports.uncertainty.source"),
    )
    heads = (
        say("reports.uncertainty.source"),
        say("reports.uncertainty.at_least"),
        say("reports.uncertainty.at_most"),
        say("reports.uncertainty.of_all_widths"),
        say("reports.uncertainty.how"),
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
    table = two_tables(say("reports.uncertainty.what_widens_the_range"), heads, rows)
    return Section(
        say("reports.uncertainty.the_range"), (words, *result.left_out), (chart,), (table,)
    )


def _show_readings(result: HeadlineRange) -> Section:
    heads = (
        say("reports.uncertainty.reading"),
        say("reports.uncertainty.surely_at_the_line"),
        say("reports.uncertainty.more"),
    )
    rows = [
        (reading.label, (float(reading.reached), float(reading.reached - result.base)))
        for reading in sorted(result.readings, key=lambda reading: reading.reached)
    ]
    table = two_tables(say("reports.uncertainty.people_under_each_reading"), heads, rows)
    return Section(say("reports.uncertainty.readings_of_the_policy"), (), (), (table,))
