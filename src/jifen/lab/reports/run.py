"""One population under one policy: distribution, groups, indicators, caps, who is near."""

from collections.abc import Iterator, Sequence
from datetime import date

from jifen.charts import Bars, FigureSeries
from jifen.lab.analysis.run import GroupCounts, RunResult
from jifen.lab.classes import (
    NOT_REACHED,
    PERHAPS,
    SURELY,
    describe_mean,
    format_range,
    format_share,
)
from jifen.lab.population.people import People
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, make_plain_text, two_tables
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text

LANGS: tuple[Lang, ...] = ("zh", "en")
_PEOPLE = Text("人数", "people")
_BINS = 60


def build_report(people: People, policy: Policy, result: RunResult, on: date) -> Report:
    """The whole picture of a run."""
    sections = (
        _show_classes(result),
        _show_distribution(result),
        *(_show_group(result, group) for group in result.groups),
        _show_indicators(result),
        _show_limits(result),
        _show_near(result),
    )
    title = policy.rules_on(on).title
    return Report(
        Text(f"{title.zh}：全体测算", f"{title.en}: a whole population"),
        Text(
            f"{people.count:,} 人，规则以 {on} 为准", f"{people.count:,} people, rules as on {on}"
        ),
        list_warnings(people),
        sections,
        list_provenance(people, [policy], on),
    )


def _format_threshold(result: RunResult) -> str:
    """The points of the line; a dash where the measure has none."""
    points = result.program.threshold_points(result.line)
    return "—" if points is None else f"{points:g}"


def _show_classes(result: RunResult) -> Section:
    """Everybody in the three classes."""
    reached, admissible = result.reached, result.admissible
    points = _format_threshold(result)
    share = {lang: format_share(reached.surely, reached.people, lang) for lang in LANGS}
    most = {lang: format_share(reached.at_most, reached.people, lang) for lang in LANGS}
    meet = format_range(admissible.surely, admissible.at_most)
    words = [
        Text(
            f"{reached.people:,} 人中，{reached.surely:,} 人（{share['zh']}）确定达到 {points} 分，"
            f"{reached.perhaps:,} 人可能达到而尚不能确定，{reached.surely_not:,} 人确定未达到；"
            f"达到的人最多 {reached.at_most:,}（{most['zh']}）。符合条件的 {meet} 人。",
            f"Of {reached.people:,} people, {reached.surely:,} ({share['en']}) surely reach "
            f"{points}, {reached.perhaps:,} could and are not settled, "
            f"{reached.surely_not:,} surely do not; "
            f"at most {reached.at_most:,} ({most['en']}) reach it. {meet} meet the conditions.",
        )
    ]
    if result.faulty:
        words.append(
            Text(
                f"另有 {result.faulty:,} 人的值无法使用，不在以上各类。",
                f"{result.faulty:,} more people have unusable values and are in none of these.",
            )
        )
    chart = Bars(
        Text(f"{points} 分线", f"The line {points}"),
        (SURELY, PERHAPS, NOT_REACHED),
        (
            FigureSeries(
                _PEOPLE, tuple(map(float, (reached.surely, reached.perhaps, reached.surely_not)))
            ),
        ),
        _PEOPLE,
        lying=True,
    )
    return Section(Text("达到与未达到", "Who reaches the line"), tuple(words), (chart,))


def _show_distribution(result: RunResult) -> Section:
    totals, scale = result.known_totals, result.program.scale
    held = totals.cumsum()
    last = int((held < held[-1] * 0.999).sum()) + 1 if held[-1] else 1
    step = max(-(-last // _BINS), 1)
    starts = range(0, last, step)
    counts = [float(totals[s : s + step].sum()) for s in starts]
    counts[-1] += float(totals[starts[-1] + step :].sum())
    line = (result.line - result.least) / step
    points = _format_threshold(result)
    chart = Bars(
        Text(
            "总分分布（最后一档含以上全部）",
            "Totals (the last band holds all above)",
        ),
        tuple(make_plain_text(f"{(result.least + s) / scale:g}") for s in starts),
        (FigureSeries(_PEOPLE, tuple(counts)),),
        _PEOPLE,
        marker=(line, Text(f"线 {points}", f"line {points}")) if 0 <= line < len(counts) else None,
        label_heading=Text("总分", "total"),
    )
    return Section(Text("分布", "Distribution"), tuple(_describe_spread(result)), (chart,))


def _describe_spread(result: RunResult) -> Iterator[Text]:
    """The mean, with what it is the mean of, and the quarters."""
    if result.mean is None:
        yield Text("没有事实齐全的人。", "There is nobody of whom every fact is known.")
        return
    mean_of = describe_mean(result.known)
    yield Text(
        f"{mean_of.zh}：{result.mean:.2f}。",
        f"{mean_of.en[0].upper()}{mean_of.en[1:]}: {result.mean:.2f}.",
    )
    quarters = [result.find_quantile(q) or 0 for q in (0.1, 0.25, 0.5, 0.75, 0.9)]
    quarter_points = " / ".join(f"{q / result.program.scale:g}" for q in quarters)
    yield Text(
        f"同上各人的十分位、四分位、中位、四分位、十分位：{quarter_points}。",
        f"Their tenth, quarter, median, quarter, tenth: {quarter_points}.",
    )


def _show_group(result: RunResult, group: GroupCounts) -> Section:
    label = group.grouping.label
    shown = [n for n, people in enumerate(group.people) if people]
    names = tuple(group.grouping.labels[n] for n in shown)
    series = tuple(
        FigureSeries(
            words, tuple(round(float(100 * counts[n] / group.people[n]), 2) for n in shown)
        )
        for words, counts in ((SURELY, group.reached), (PERHAPS, group.perhaps))
    )
    chart = Bars(
        Text(f"按{label.zh}：达到的比例（%）", f"By {label.en.lower()}: share at the line, %"),
        names,
        series,
        Text("百分比", "per cent"),
        lying=True,
        label_heading=label,
    )
    heads = (label, _PEOPLE, Text("确定符合条件", "surely admissible"), SURELY, PERHAPS,
             Text("事实齐全", "every fact known"), Text("其平均分", "their mean"))  # fmt: skip
    table = two_tables(
        Text("各组明细", "Group by group"),
        heads,
        [(group.grouping.labels[n], _group_cells(result, group, n)) for n in shown],
    )
    return Section(Text(f"按{label.zh}", f"By {label.en.lower()}"), (), (chart,), (table,))


def _group_cells(result: RunResult, group: GroupCounts, n: int) -> tuple[float | str, ...]:
    counts = (group.people, group.admissible, group.reached, group.perhaps, group.known)
    mean = group.mean_of_group(n, result.program.scale)
    return (
        *(float(counts_of_class[n]) for counts_of_class in counts),
        "—" if mean is None else round(mean, 2),
    )


def _show_indicators(result: RunResult) -> Section:
    scale, people = result.program.scale, max(result.known, 1)
    parts = sorted(result.parts.indicators, key=lambda indicator: -abs(indicator.sum))
    means = tuple(round(indicator.sum / people / scale, 3) for indicator in parts)
    reached = max(result.parts.known_reached, 1)
    of_reached = tuple(round(indicator.sum_of_reached / reached / scale, 3) for indicator in parts)
    mean_of = describe_mean(result.known)
    chart = Bars(
        Text("各指标的平均分", "Mean points of each indicator"),
        tuple(indicator.label for indicator in parts),
        (
            FigureSeries(Text("全体", "everybody"), means),
            FigureSeries(Text("达到者", "those who reach"), of_reached),
        ),
        Text("分", "points"),
        lying=True,
        label_heading=Text("指标", "indicator"),
    )
    heads = (Text("指标", "indicator"), Text("有分人数", "with points"),
             Text("实际计入", "counted"), Text("达到该项最高", "at its highest"))  # fmt: skip
    rows = [
        (indicator.label, (indicator.people, indicator.counted, indicator.at_most))
        for indicator in parts
    ]
    table = two_tables(Text("人数", "People"), heads, rows)
    return Section(Text("指标", "Indicators"), (mean_of,), (chart,), (table,))


def _show_limits(result: RunResult) -> Section:
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
        (
            Text("条件", "condition"),
            Text("确定", "surely"),
            Text("尚不能确定", "open"),
            Text("仅此一项（事实齐全者）", "this one alone (every fact known)"),
        ),
        [
            (failed.label, (failed.people, failed.perhaps, failed.alone))
            for failed in result.parts.failed
        ],
    )
    return Section(Text("上限与条件", "Caps and conditions"), (), (), (caps, failed))


def _show_near(result: RunResult) -> Section:
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
                (FigureSeries(_PEOPLE, tuple(float(step.people) for step in steps)),),
                _PEOPLE,
                lying=True,
                label_heading=Text("事实", "fact"),
            ),
        )
    return Section(Text("离线不远的人", "Near the line"), words, tuple(charts))
