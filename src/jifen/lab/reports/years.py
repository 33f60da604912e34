"""Years ahead: people at the line each year under each policy, and when they first reach it."""

from datetime import date

from jifen.charts import Bars, FigureSeries, Lines
from jifen.lab.population.people import People
from jifen.lab.proposals import CheckedRules
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, make_plain_text, two_tables
from jifen.lab.years import YearsResult
from jifen.lab.years.messages import list_cautions
from jifen.lab.years.results import PolicyYears
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_PEOPLE = Text("人数", "people")
_DAY = Text("测算日期", "day")


def build_report(
    people: People, policies: list[Policy], result: YearsResult, on: date, checked: CheckedRules
) -> Report:
    """Lines over the years, then one section for each policy."""
    days = tuple(make_plain_text(str(year.day)) for year in result.by_policy[0].years)
    series = tuple(
        FigureSeries(policy_years.label, tuple(float(year.reached) for year in policy_years.years))
        for policy_years in result.by_policy
    )
    chart = Lines(
        Text("各年确定达到人数", "People surely at the line each year"), days, series, _PEOPLE, _DAY
    )
    head = Section(Text("各年", "Year by year"), tuple(list_cautions(result)), (chart,))
    title = policies[0].rules_on(on).title
    return Report(
        Text(f"{title.zh}：未来各年", f"{title.en}: the years ahead"),
        Text(
            f"{people.all_people:,} 人，自 {on} 起", f"{people.all_people:,} people, from {on} on"
        ),
        (*checked.list_labels(), *list_warnings(people)),
        (head, *(_show_policy(policy_years) for policy_years in result.by_policy)),
        list_provenance(people, policies, on),
    )


def _show_policy(policy_years: PolicyYears) -> Section:
    years, label = policy_years.years, policy_years.label
    heads = (
        _DAY,
        _PEOPLE,
        Text("确定达到", "surely reach"),
        Text("可能达到", "could reach"),
        Text("新达到", "newly"),
        Text("失去", "lost"),
        Text("事实齐全", "every fact known"),
        Text("其平均分", "their mean"),
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
        Text(f"{label.zh}：新达到与失去", f"{label.en}: gaining and losing the line"),
        tuple(make_plain_text(str(year.day)[:4]) for year in years),
        (
            FigureSeries(Text("新达到", "newly"), tuple(float(year.newly) for year in years)),
            FigureSeries(Text("失去", "lost"), tuple(float(year.lost) for year in years)),
        ),
        _PEOPLE,
    )
    return Section(label, (), (moves,), (table,))


def _format_mean(mean: float | None) -> float | str:
    return "—" if mean is None else round(float(mean), 2)
