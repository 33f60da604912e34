"""One population under one policy: distribution, groups, indicators, caps, who is near."""

from collections.abc import Sequence
from datetime import date

from jifen.charts import Bars, Series
from jifen.lab.analysis.run import Groups, RunResult
from jifen.lab.population.people import People
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import labels, plain, provenance, two_tables
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_PEOPLE = Text("人数", "people")
_BINS = 60


def report(people: People, policy: Policy, result: RunResult, on: date) -> Report:
    """The whole picture of a run."""
    sections = (
        _distribution(result),
        *(_group(result, group) for group in result.groups),
        _indicators(result),
        _limits(result),
        _near(result),
    )
    return Report(
        Text(f"{policy.title.zh}：全体测算", f"{policy.title.en}: a whole population"),
        Text(
            f"{people.count:,} 人，规则以 {on} 为准", f"{people.count:,} people, rules as on {on}"
        ),
        labels(people),
        sections,
        provenance(people, [policy], on),
    )


def _distribution(result: RunResult) -> Section:
    totals, scale = result.all_totals, result.program.scale
    held = totals.cumsum()
    last = int((held < held[-1] * 0.999).sum()) + 1 if held[-1] else 1
    step = max(-(-last // _BINS), 1)
    starts = range(0, last, step)
    counts = [float(totals[s : s + step].sum()) for s in starts]
    counts[-1] += float(totals[starts[-1] + step :].sum())
    line = (result.line - result.least) / step
    points = f"{result.line / scale:g}"
    chart = Bars(
        Text(
            "总分分布（最后一档含以上全部）",
            "Totals (the last band holds all above)",
        ),
        tuple(plain(f"{(result.least + s) / scale:g}") for s in starts),
        (Series(_PEOPLE, tuple(counts)),),
        _PEOPLE,
        marker=(line, Text(f"线 {points}", f"line {points}")) if line < len(counts) else None,
        of=Text("总分", "total"),
    )
    share = result.reached / max(result.settled, 1) * 100
    quarters = [result.quantile(totals, q) / scale for q in (0.1, 0.25, 0.5, 0.75, 0.9)]
    said = " / ".join(f"{q:g}" for q in quarters)
    open_ = result.people - result.settled
    words = (
        Text(
            f"{result.settled:,} 人可以确定，其中 {result.reached:,} 人（{share:.1f}%）"
            f"达到 {points} 分；符合条件的 {result.admissible:,} 人。",
            f"{result.settled:,} people are settled; {result.reached:,} of them ({share:.1f} %) "
            f"reach {points}; {result.admissible:,} meet the conditions.",
        ),
        Text(
            f"平均 {result.mean(totals):.2f} 分；十分位、四分位、中位、四分位、十分位：{said}。",
            f"Mean {result.mean(totals):.2f}; tenth, quarter, median, quarter, tenth: {said}.",
        ),
        Text(
            f"{open_:,} 人不能确定（其中 {result.faulty:,} 人有无法使用的值），"
            f"最多还有 {result.may_reach:,} 人可能达到。",
            f"{open_:,} are not settled ({result.faulty:,} with unusable "
            f"values); at most {result.may_reach:,} of them could reach the line.",
        ),
    )
    return Section(Text("分布", "Distribution"), words, (chart,))


def _group(result: RunResult, group: Groups) -> Section:
    label = group.grouping.label
    shown = [n for n, people in enumerate(group.people) if people]
    names = tuple(group.grouping.labels[n] for n in shown)
    shares = tuple(round(100 * group.reached[n] / group.people[n], 2) for n in shown)
    chart = Bars(
        Text(f"按{label.zh}：达到的比例", f"By {label.en.lower()}: share at the line"),
        names,
        (Series(Text("达到 %", "reached %"), shares),),
        Text("百分比", "per cent"),
        lying=True,
        of=label,
    )
    heads = (label, _PEOPLE, Text("符合条件", "admissible"), Text("达到", "reached"),
             Text("平均分", "mean"))  # fmt: skip
    rows = [
        (
            group.grouping.labels[n],
            (
                float(group.people[n]),
                float(group.admissible[n]),
                float(group.reached[n]),
                round(int(group.sums[n]) / int(group.people[n]) / result.program.scale, 2),
            ),
        )
        for n in shown
    ]
    table = two_tables(Text("各组明细", "Group by group"), heads, rows)
    return Section(Text(f"按{label.zh}", f"By {label.en.lower()}"), (), (chart,), (table,))


def _indicators(result: RunResult) -> Section:
    scale, people = result.program.scale, max(result.settled, 1)
    parts = sorted(result.parts.indicators, key=lambda one: -abs(one.sum))
    means = tuple(round(one.sum / people / scale, 3) for one in parts)
    reached = max(result.reached, 1)
    of_reached = tuple(round(one.sum_of_reached / reached / scale, 3) for one in parts)
    chart = Bars(
        Text("各指标的平均分", "Mean points of each indicator"),
        tuple(one.label for one in parts),
        (
            Series(Text("全体", "everybody"), means),
            Series(Text("达到者", "those who reach"), of_reached),
        ),
        Text("分", "points"),
        lying=True,
        of=Text("指标", "indicator"),
    )
    heads = (Text("指标", "indicator"), Text("有分人数", "with points"),
             Text("实际计入", "counted"), Text("达到该项最高", "at its highest"))  # fmt: skip
    rows = [(one.label, (one.people, one.counted, one.at_most)) for one in parts]
    table = two_tables(Text("人数", "People"), heads, rows)
    return Section(Text("指标", "Indicators"), (), (chart,), (table,))


def _limits(result: RunResult) -> Section:
    scale = result.program.scale
    caps = two_tables(
        Text("上限与下限", "Caps and the floor"),
        (
            Text("名称", "name"),
            Text("限值", "limit"),
            _PEOPLE,
            Text("削去或补足的分", "points cut or lifted"),
        ),
        [
            (cap.label, (cap.limit / scale, cap.people, cap.points / scale))
            for cap in result.parts.caps
        ],
    )
    failed = two_tables(
        Text("不满足的条件与否决", "Conditions not met and vetoes"),
        (Text("条件", "condition"), _PEOPLE, Text("仅此一项", "this one alone")),
        [(one.label, (one.people, one.alone)) for one in result.parts.failed],
    )
    return Section(Text("上限与条件", "Caps and conditions"), (), (), (caps, failed))


def _near(result: RunResult) -> Section:
    near = result.near
    words = (
        Text(
            f"人人大一岁：{near.loses_by_birthday:,} 人失去、{near.gains_by_birthday:,} 人达到。",
            f"Everybody a year older: {near.loses_by_birthday:,} lose the line, "
            f"{near.gains_by_birthday:,} gain it.",
        ),
        Text(
            f"{near.within_one_step:,} 人只差一项事实的一步即可达到（不问是否做得到、要多久）。",
            f"{near.within_one_step:,} are one step of one fact away (whether and how soon it can "
            "be taken is not asked).",
        ),
    )
    steps = near.steps[:15]
    charts: Sequence[Bars] = ()
    if steps:
        charts = (
            Bars(
                Text("改变一项事实就会达到的人", "People who would reach the line by one fact"),
                tuple(step.label for step in steps),
                (Series(_PEOPLE, tuple(float(step.people) for step in steps)),),
                _PEOPLE,
                lying=True,
                of=Text("事实", "fact"),
            ),
        )
    return Section(Text("离线不远的人", "Near the line"), words, tuple(charts))
