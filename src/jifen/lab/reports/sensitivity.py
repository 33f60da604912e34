"""A report of what the people at the line depend on: shares of indicators, swings of figures."""

from collections.abc import Sequence
from datetime import date

from jifen.charts import Bars, FigureSeries
from jifen.lab.population.people import People
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, two_tables
from jifen.lab.sensitivity.shapley import Shares
from jifen.lab.sensitivity.tornado import Swing
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_PEOPLE = Text("人数", "people")


def build_report(
    people: People, policy: Policy, shares: Shares, swings: Sequence[Swing], on: date
) -> Report:
    """The shares first, then the swings where figures were given."""
    sections = [_show_shares(shares), *([_show_swings(swings)] if swings else [])]
    title = policy.rules_on(on).title
    return Report(
        Text(f"{title.zh}：敏感性", f"{title.en}: sensitivity"),
        Text(
            f"{shares.people:,} 人，规则以 {on} 为准", f"{shares.people:,} people, rules as on {on}"
        ),
        list_warnings(people),
        tuple(sections),
        list_provenance(people, [policy], on),
    )


def _show_shares(shares: Shares) -> Section:
    words = Text(
        f"{shares.reached:,} 人确定达到。各指标按随机次序逐一计入，一项指标的份额是它平均带来的"
        f"达到人数（{shares.pairs} 对次序，夏普利值）；各项之和等于达到人数。",
        f"{shares.reached:,} people are surely at the line. Indicators are counted in one after "
        "another in random orders; the share of one is the people whom it brings to the line on "
        f"the average ({shares.pairs} pairs of orders, Shapley value). The shares add up to the "
        "people.",
    )
    chart = Bars(
        Text("各指标的份额", "Shares of the indicators"),
        tuple(share.label for share in shares.shares),
        (FigureSeries(_PEOPLE, tuple(round(share.people) * 1.0 for share in shares.shares)),),
        _PEOPLE,
        lying=True,
        label_heading=Text("指标", "indicator"),
    )
    heads = (Text("指标", "indicator"), _PEOPLE, Text("标准误", "standard error"))
    rows = [(s.label, (f"{s.people:,.0f}", f"{s.error:,.0f}")) for s in shares.shares]
    table = two_tables(Text("份额与误差", "Shares and their errors"), heads, rows)
    return Section(Text("指标", "Indicators"), (words,), (chart,), (table,))


def _show_swings(swings: Sequence[Swing]) -> Section:
    chart = Bars(
        Text("单独改动一个数值时达到人数的变化", "People more or fewer when one figure changes"),
        tuple(
            Text(
                f"{s.figure.label.zh} {s.figure.words[0]}…{s.figure.words[-1]}",
                f"{s.figure.label.en} {s.figure.words[0]}…{s.figure.words[-1]}",
            )
            for s in swings
        ),
        (
            FigureSeries(
                Text("第一个值", "first value"), tuple(float(s.first - s.today) for s in swings)
            ),
            FigureSeries(
                Text("最后一个值", "last value"), tuple(float(s.last - s.today) for s in swings)
            ),
        ),
        _PEOPLE,
        lying=True,
        label_heading=Text("数值", "figure"),
    )
    return Section(Text("数值", "Figures"), (), (chart,))
