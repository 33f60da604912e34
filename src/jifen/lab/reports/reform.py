"""A reform's effect: who crosses the line, who gains and loses, by group."""

from collections.abc import Sequence
from datetime import date

from jifen.charts import Bars, FigureSeries
from jifen.lab.classes import describe_mean, format_range
from jifen.lab.population.people import People
from jifen.lab.proposals import CheckedRules
from jifen.lab.reforms.cases import HEAD, CaseChange, find_changed_cases
from jifen.lab.reforms.compare import GroupResult, ReformResult
from jifen.lab.reforms.serialization import FLOW_WORDS, MOVE_WORDS, format_means
from jifen.lab.report.model import Report, Section, TwoTables
from jifen.lab.reports.common import list_provenance, list_warnings, make_plain_text, two_tables
from jifen.policy.diff import rules_changes
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_PEOPLE = Text("人数", "people")
_NONE = Text("—", "—")
_BEFORE, _AFTER = Text("现行", "today"), Text("改革后", "after the reform")


def build_report(
    people: People,
    policy: Policy,
    reforms: Sequence[Policy],
    results: Sequence[ReformResult],
    on: date,
    checked: CheckedRules,
) -> Report:
    """One section per reform, with the worked cases that it changes, and one per grouping."""
    sections = [
        section
        for reform, result in zip(reforms, results, strict=True)
        for section in _build_sections(
            result, find_changed_cases(policy, reform), _tabulate_changes(policy, reform, on)
        )
    ]
    title = policy.rules_on(on).title
    return Report(
        Text(f"{title.zh}：改革模拟", f"{title.en}: a reform simulated"),
        Text(
            f"{people.count:,} 人，规则以 {on} 为准", f"{people.count:,} people, rules as on {on}"
        ),
        (*checked.list_labels(), *list_warnings(people)),
        tuple(sections),
        list_provenance(people, [policy, *reforms], on),
    )


def _tabulate_changes(policy: Policy, reform: Policy, on: date) -> TwoTables:
    """What the reform changes on the day, in the words of the difference of two measures."""
    heads = (Text("条款", "clause"), Text("现行", "today"), Text("改革后", "after the reform"))
    rows = [
        (
            change.label,
            tuple(words if words.zh else _NONE for words in (change.before, change.after)),
        )
        for change in rules_changes(policy.rules_on(on), reform.rules_on(on))
    ]
    return two_tables(Text("改动", "What changes"), heads, rows)


def _build_sections(
    result: ReformResult, cases: list[CaseChange], changes: TwoTables
) -> list[Section]:
    everybody = result.everybody
    gains, loses = (
        format_range(everybody.count_flow(flow), everybody.count_flow_at_most(flow))
        for flow in ("gains", "loses")
    )
    mean_of = describe_mean(everybody.known)
    words = [
        Text(
            f"新达到 {gains} 人，不再达到 {loses} 人。",
            f"{gains} newly reach the line, {loses} no longer do.",
        ),
        Text(
            f"{mean_of.zh}：{format_means(result, everybody)}。",
            f"{mean_of.en[0].upper()}{mean_of.en[1:]}: {format_means(result, everybody)}.",
        ),
    ]
    if everybody.open:
        words.append(
            Text(
                f"{everybody.open:,} 人前或后尚不能确定是否达到；区间的两端是他们全不或全部如此。",
                f"{everybody.open:,} people are not settled before or after; a span runs from none "
                "of them to all of them.",
            )
        )
    if result.faulty:
        words.append(
            Text(
                f"{result.faulty:,} 人的值无法使用，未作比较。",
                f"{result.faulty:,} people with unusable values are not compared.",
            )
        )
    charts = (
        _chart_flow(result, everybody),
        _chart_moves(result, everybody),
        _chart_distribution(result),
    )
    head = Section(result.label, tuple(words), charts, (changes, _tabulate_cases(cases)))
    return [
        head,
        *(_show_groups(result, grouping.label, groups) for grouping, groups in result.groups),
    ]


def _tabulate_cases(cases: list[CaseChange]) -> TwoTables:
    heads = (Text("样例", "case"), Text("现行", "today"), Text("改革后", "after the reform"))
    rows = [
        (
            Text(f"{case.id}：{case.label.zh}", f"{case.id}: {case.label.en}"),
            (case.before.describe_outcome(), case.after.describe_outcome()),
        )
        for case in cases
    ]
    return two_tables(HEAD, heads, rows)


def _chart_flow(result: ReformResult, group: GroupResult) -> Bars:
    flows = ("stays_in", "gains", "loses", "stays_out")
    unsettled = Text("前或后尚不能确定", "open before or after")
    title = Text(f"{result.label.zh}：线上线下", f"{result.label.en}: across the line")
    values = (*(float(group.count_flow(flow)) for flow in flows), float(group.open))
    names = (*(FLOW_WORDS[flow] for flow in flows), unsettled)
    return Bars(title, names, (FigureSeries(_PEOPLE, values),), _PEOPLE, lying=True)


def _chart_moves(result: ReformResult, group: GroupResult) -> Bars:
    moves = ("more", "same", "fewer")
    title = Text(f"{result.label.zh}：加分与减分", f"{result.label.en}: winners and losers")
    values = tuple(float(group.count_move(move)) for move in moves)
    names = tuple(MOVE_WORDS[move] for move in moves)
    return Bars(title, names, (FigureSeries(_PEOPLE, values),), _PEOPLE, lying=True)


_BINS = 48


def _chart_distribution(result: ReformResult) -> Bars:
    """Totals before and after in even bands; the tail beyond 99.9 % in the last."""
    before, after = result.everybody.before, result.everybody.after
    held = (before + after).cumsum()
    last = int((held < held[-1] * 0.999).sum()) + 1 if held[-1] else 1
    step = max(-(-last // _BINS), 1)
    scale = result.baseline.scale
    starts = range(0, last, step)
    names = tuple(make_plain_text(f"{(result.least + start) / scale:g}") for start in starts)
    series = []
    for label, bins in ((_BEFORE, before), (_AFTER, after)):
        sums = [float(bins[s : s + step].sum()) for s in starts]
        sums[-1] += float(bins[starts[-1] + step :].sum())
        series.append(FigureSeries(label, tuple(sums)))
    title = Text(f"{result.label.zh}：总分分布", f"{result.label.en}: distribution of totals")
    markers = _mark_lines(result, step, len(names))
    return Bars(
        title,
        names,
        tuple(series),
        _PEOPLE,
        marker=markers[0],
        other_marker=markers[1],
        label_heading=Text("总分", "total"),
    )


def _mark_lines(result: ReformResult, step: int, bands: int) -> list[tuple[float, Text] | None]:
    """The line of today, and that after the reform where it is another one."""
    scale, (first, second) = result.baseline.scale, result.lines
    words = [Text(f"线 {first / scale:g}", f"line {first / scale:g}"), None]
    if second != first:
        words = [
            Text(f"现行线 {first / scale:g}", f"line today {first / scale:g}"),
            Text(f"改革后线 {second / scale:g}", f"line after the reform {second / scale:g}"),
        ]
    places = [(line - result.least) / step for line in result.lines]
    return [
        (place, name) if name is not None and 0 <= place < bands else None
        for place, name in zip(places, words, strict=True)
    ]


def _show_groups(result: ReformResult, label: Text, groups: Sequence[GroupResult]) -> Section:
    shown = [group for group in groups if group.people]
    heading = Text(f"{result.label.zh}：按{label.zh}", f"{result.label.en}: by {label.en.lower()}")
    names = tuple(group.label for group in shown)
    crossed = Bars(
        Text(f"按{label.zh}：新达到与不再达到", f"By {label.en.lower()}: crossing the line"),
        names,
        (
            FigureSeries(
                FLOW_WORDS["gains"], tuple(float(group.count_flow("gains")) for group in shown)
            ),
            FigureSeries(
                FLOW_WORDS["loses"], tuple(float(group.count_flow("loses")) for group in shown)
            ),
        ),
        _PEOPLE,
        lying=True,
        label_heading=label,
    )
    return Section(heading, (), (crossed,), (_tabulate_groups(result, label, shown),))


def _tabulate_groups(result: ReformResult, label: Text, groups: Sequence[GroupResult]) -> TwoTables:
    heads = (
        label,
        _PEOPLE,
        Text("现行确定达到", "surely reached today"),
        Text("现行可能达到", "perhaps today"),
        Text("改革后确定达到", "surely reached after"),
        Text("改革后可能达到", "perhaps after"),
        Text("事实齐全", "every fact known"),
        MOVE_WORDS["more"],
        MOVE_WORDS["fewer"],
        Text("其现行平均", "their mean today"),
        Text("其改革后平均", "their mean after"),
    )
    rows = [(group.label, _list_cells(result, group)) for group in groups]
    return two_tables(Text("各组明细", "Group by group"), heads, rows)


def _list_cells(result: ReformResult, group: GroupResult) -> tuple[float | str, ...]:
    before, after = group.reached_before, group.reached_after
    means = (result.mean_points(bins) for bins in (group.before, group.after))
    return (
        group.people,
        before.surely,
        before.perhaps,
        after.surely,
        after.perhaps,
        group.known,
        group.count_move("more"),
        group.count_move("fewer"),
        *("—" if mean is None else round(mean, 2) for mean in means),
    )
