"""A report of how sure the people at the line are: the range, and what widens it."""

from collections.abc import Sequence
from datetime import date

from jifen.charts import Bars, FigureSeries
from jifen.lab.classes import format_range
from jifen.lab.population.people import People
from jifen.lab.proposals import CheckedRules
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, two_tables
from jifen.lab.uncertainty import HeadlineRange
from jifen.lab.uncertainty.figure_ranges import FigureRange
from jifen.lab.uncertainty.figure_texts import format_value
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_PEOPLE = say("reports.uncertainty.people")


def build_report(
    people: People,
    policy: Policy,
    result: HeadlineRange,
    on: date,
    *,
    ranges: Sequence[FigureRange] = (),
    checked: CheckedRules | None = None,
    reform: Policy | None = None,
) -> Report:
    """The range in words, its parts, then the readings, and other figures as ranges."""
    sections = (
        _show_parts(result),
        *([_show_figures(ranges)] if ranges else []),
        *([_show_readings(result)] if result.readings else []),
    )
    title = policy.rules_on(on).title
    return Report(
        say("reports.uncertainty.uncertainty", title=title),
        say("reports.uncertainty.people_rules", people=result.people, on=on),
        (*(checked.list_labels() if checked else ()), *list_warnings(people)),
        sections,
        list_provenance(people, [policy, *([reform] if reform else [])], on),
    )


def _show_figures(ranges: Sequence[FigureRange]) -> Section:
    """Each figure with its range, and what widens it most."""
    heads = (
        say("uncertainty.figure_texts.figure"),
        say("uncertainty.figure_texts.value"),
        say("uncertainty.figure_texts.least"),
        say("uncertainty.figure_texts.most"),
        say("uncertainty.figure_texts.widest"),
    )
    rows: list[tuple[Text, tuple[str | Text, ...]]] = [
        (
            figure.label,
            (
                *(
                    format_value(figure, value)
                    for value in (figure.base, figure.least, figure.most)
                ),
                _describe_widest(figure),
            ),
        )
        for figure in ranges
    ]
    title = say("uncertainty.figure_texts.table")
    return Section(title, (), (), (two_tables(title, heads, rows),))


def _describe_widest(figure: FigureRange) -> Text:
    """The parts in the order of their widths, with the share of each."""
    parts = [(part.label, f"{figure.share_of_width(part):.0%}") for part in figure.parts]
    wide = [(label, share) for label, share in parts if share != "0%"]
    return Text(
        "、".join(f"{label.zh} {share}" for label, share in wide) or "—",
        ", ".join(f"{label.en} {share}" for label, share in wide) or "—",
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
