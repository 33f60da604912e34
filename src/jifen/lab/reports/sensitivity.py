"""A report of what the people at the line depend on: shares of indicators, swings of figures."""

from collections.abc import Sequence
from datetime import date

from jifen.charts import Bars, FigureSeries
from jifen.lab.population.people import People
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, two_tables
from jifen.lab.sensitivity.shapley import Shares
from jifen.lab.sensitivity.tornado import Swing
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_PEOPLE = say("reports.sensitivity.people")


def build_report(
    people: People, policy: Policy, shares: Shares, swings: Sequence[Swing], on: date
) -> Report:
    """The shares first, then the swings where figures were given."""
    sections = [_show_shares(shares), *([_show_swings(swings)] if swings else [])]
    title = policy.rules_on(on).title
    return Report(
        say("reports.sensitivity.sensitivity", title=title),
        say("reports.sensitivity.people_rules", people=shares.people, on=on),
        list_warnings(people),
        tuple(sections),
        list_provenance(people, [policy], on),
    )


def _show_shares(shares: Shares) -> Section:
    words = say("reports.sensitivity.people_are_surely", reached=shares.reached, pairs=shares.pairs)
    chart = Bars(
        say("reports.sensitivity.shares_of_the_indicators"),
        tuple(share.label for share in shares.shares),
        (FigureSeries(_PEOPLE, tuple(round(share.people) * 1.0 for share in shares.shares)),),
        _PEOPLE,
        lying=True,
        label_heading=say("reports.sensitivity.indicator"),
    )
    heads = (
        say("reports.sensitivity.indicator"),
        _PEOPLE,
        say("reports.sensitivity.standard_error"),
    )
    rows = [(s.label, (f"{s.people:,.0f}", f"{s.error:,.0f}")) for s in shares.shares]
    table = two_tables(say("reports.sensitivity.shares_and_their_errors"), heads, rows)
    return Section(say("reports.sensitivity.indicators"), (words,), (chart,), (table,))


def _show_swings(swings: Sequence[Swing]) -> Section:
    chart = Bars(
        say("reports.sensitivity.people_more_or_fewer_when"),
        tuple(
            Text(
                f"{s.figure.label.zh} {s.figure.words[0]}…{s.figure.words[-1]}",
                f"{s.figure.label.en} {s.figure.words[0]}…{s.figure.words[-1]}",
            )
            for s in swings
        ),
        (
            FigureSeries(
                say("reports.sensitivity.first_value"),
                tuple(float(s.first - s.today) for s in swings),
            ),
            FigureSeries(
                say("reports.sensitivity.last_value"),
                tuple(float(s.last - s.today) for s in swings),
            ),
        ),
        _PEOPLE,
        lying=True,
        label_heading=say("reports.sensitivity.figure"),
    )
    return Section(say("reports.sensitivity.figures"), (), (chart,))
