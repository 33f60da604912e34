"""Years ahead: people at the line each year under each policy, and when they first reach it."""

from datetime import date

from jifen.charts import Bars, FigureSeries, Lines
from jifen.lab.population.people import People
from jifen.lab.proposals import CheckedRules
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, make_plain_text, two_tables
from jifen.lab.words import say
from jifen.lab.years import YearsResult
from jifen.lab.years.messages import list_cautions
from jifen.lab.years.results import PolicyYears
from jifen.policy.policy import Policy

_PEOPLE = say("reports.years.people")
_DAY = say("reports.years.day")


def build_report(
    people: People, policies: list[Policy], result: YearsResult, on: date, checked: CheckedRules
) -> Report:
    """Lines over the years, then one section for each policy."""
    days = tuple(make_plain_text(str(year.day)) for year in result.by_policy[0].years)
    series = tuple(
        FigureSeries(policy_years.label, tuple(float(year.reached) for year in policy_years.years))
        for policy_years in result.by_policy
    )
    chart = Lines(say("reports.years.people_surely_at_the_line"), days, series, _PEOPLE, _DAY)
    head = Section(say("reports.years.year_by_year"), tuple(list_cautions(result)), (chart,))
    title = policies[0].rules_on(on).title
    return Report(
        say("reports.years.the_years_ahead", title=title),
        say("reports.years.people_from", all_people=people.all_people, on=on),
        (*checked.list_labels(), *list_warnings(people)),
        (head, *(_show_policy(policy_years) for policy_years in result.by_policy)),
        list_provenance(people, policies, on),
    )


def _show_policy(policy_years: PolicyYears) -> Section:
    years, label = policy_years.years, policy_years.label
    heads = (
        _DAY,
        _PEOPLE,
        say("reports.years.surely_reach"),
        say("reports.years.could_reach"),
        say("reports.years.newly"),
        say("reports.years.lost"),
        say("reports.years.every_fact_known"),
        say("reports.years.their_mean"),
    )
    rows = [
        (
            make_plain_text(str(year.day)),
            (
                year.people,
                year.reached,
                year.undecided,
                year.newly,
                year.lost,
                year.known,
                _format_mean(year.mean_total),
            ),
        )
        for year in years
    ]
    table = two_tables(label, heads, rows)
    moves = Bars(
        say("reports.years.gaining_and_losing_the_line", label=label),
        tuple(make_plain_text(str(year.day)[:4]) for year in years),
        (
            FigureSeries(say("reports.years.newly"), tuple(float(year.newly) for year in years)),
            FigureSeries(say("reports.years.lost"), tuple(float(year.lost) for year in years)),
        ),
        _PEOPLE,
        label_heading=say("reports.years.year"),
    )
    return Section(label, (), (moves,), (table,))


def _format_mean(mean: float | None) -> float | str:
    return "—" if mean is None else round(float(mean), 2)
