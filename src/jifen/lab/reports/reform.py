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
from jifen.lab.words import say
from jifen.policy.diff import rules_changes
from jifen.policy.policy import Policy
from jifen.policy.text import Text, capitalize_text

_PEOPLE = say("reports.reform.people")
_NONE = Text("—", "—")
_BEFORE, _AFTER = say("reports.reform.today"), say("reports.reform.after_the_reform")


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
        say("reports.reform.a_reform_simulated", title=title),
        say("reports.reform.people_rules", count=people.count, on=on),
        (*checked.list_labels(), *list_warnings(people)),
        tuple(sections),
        list_provenance(people, [policy, *reforms], on),
    )


def _tabulate_changes(policy: Policy, reform: Policy, on: date) -> TwoTables:
    """What the reform changes on the day, in the words of the difference of two measures."""
    heads = (
        say("reports.reform.clause"),
        say("reports.reform.today"),
        say("reports.reform.after_the_reform"),
    )
    rows = [
        (
            change.label,
            tuple(words if words.zh else _NONE for words in (change.before, change.after)),
        )
        for change in rules_changes(policy.rules_on(on), reform.rules_on(on))
    ]
    return two_tables(say("reports.reform.what_changes"), heads, rows)


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
        say("reports.reform.newly_reach_the_line", gains=gains, loses=loses),
        say(
            "reports.reform.sections",
            means=format_means(result, everybody),
            mean_of=capitalize_text(mean_of),
        ),
    ]
    if everybody.open:
        words.append(say("reports.reform.people_are_not_settled_before", open=everybody.open))
    if result.faulty:
        words.append(say("reports.reform.people_with_unusable_values", faulty=result.faulty))
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
    heads = (
        say("reports.reform.case"),
        say("reports.reform.today"),
        say("reports.reform.after_the_reform"),
    )
    rows = [
        (
            say("reports.reform.tabulate_cases", case_id=case.id, case_label=case.label),
            (case.before.describe_outcome(), case.after.describe_outcome()),
        )
        for case in cases
    ]
    return two_tables(HEAD, heads, rows)


def _chart_flow(result: ReformResult, group: GroupResult) -> Bars:
    flows = ("stays_in", "gains", "loses", "stays_out")
    unsettled = say("reports.reform.open_before_or_after")
    title = say("reports.reform.across_the_line", result_label=result.label)
    values = (*(float(group.count_flow(flow)) for flow in flows), float(group.open))
    names = (*(FLOW_WORDS[flow] for flow in flows), unsettled)
    return Bars(
        title,
        names,
        (FigureSeries(_PEOPLE, values),),
        _PEOPLE,
        lying=True,
        label_heading=say("reports.reform.class"),
    )


def _chart_moves(result: ReformResult, group: GroupResult) -> Bars:
    moves = ("more", "same", "fewer")
    title = say("reports.reform.winners_and_losers", result_label=result.label)
    values = tuple(float(group.count_move(move)) for move in moves)
    names = tuple(MOVE_WORDS[move] for move in moves)
    return Bars(
        title,
        names,
        (FigureSeries(_PEOPLE, values),),
        _PEOPLE,
        lying=True,
        label_heading=say("reports.reform.class"),
    )


_BINS = 48


def _chart_distribution(result: ReformResult) -> Bars:
    """Totals before and after in even bands; the tail beyond 99.9 % in the last."""
    before, after = result.shown_totals
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
    title = say("reports.reform.distribution_of_totals", result_label=result.label)
    markers = _mark_lines(result, step, len(names))
    return Bars(
        title,
        names,
        tuple(series),
        _PEOPLE,
        marker=markers[0],
        other_marker=markers[1],
        label_heading=say("reports.reform.total"),
    )


def _mark_lines(result: ReformResult, step: int, bands: int) -> list[tuple[float, Text] | None]:
    """The line of today, and that after the reform where it is another one."""
    scale, (first, second) = result.baseline.scale, result.lines
    words = [say("reports.reform.line", first=first / scale), None]
    if second != first:
        words = [
            say("reports.reform.line_today", first=first / scale),
            say("reports.reform.line_after_the_reform", second=second / scale),
        ]
    places = [(line - result.least) / step for line in result.lines]
    return [
        (place, name) if name is not None and 0 <= place < bands else None
        for place, name in zip(places, words, strict=True)
    ]


def _show_groups(result: ReformResult, label: Text, groups: Sequence[GroupResult]) -> Section:
    shown = [group for group in groups if group.people]
    heading = say(
        "reports.reform.by", result_label=result.label, label=Text(label.zh, label.en.lower())
    )
    names = tuple(group.label for group in shown)
    crossed = Bars(
        say("reports.reform.by_crossing_the_line", label=Text(label.zh, label.en.lower())),
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
        say("reports.reform.surely_reached_today"),
        say("reports.reform.perhaps_today"),
        say("reports.reform.surely_reached_after"),
        say("reports.reform.perhaps_after"),
        say("reports.reform.every_fact_known"),
        MOVE_WORDS["more"],
        MOVE_WORDS["fewer"],
        say("reports.reform.their_mean_today"),
        say("reports.reform.their_mean_after"),
    )
    rows = [(group.label, _list_cells(result, group)) for group in groups]
    return two_tables(say("reports.reform.group_by_group"), heads, rows)


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
