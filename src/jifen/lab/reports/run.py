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
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Lang, Text, capitalize_text

LANGS: tuple[Lang, ...] = ("zh", "en")
_PEOPLE = say("reports.run.people")
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
        say("reports.run.a_whole_population", title=title),
        say("reports.run.people_rules", count=people.count, on=on),
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
        say(
            "reports.run.of_people_surely_reach_could",
            people=reached.people,
            surely=reached.surely,
            share=Text(share["zh"], share["en"]),
            points=points,
            perhaps=reached.perhaps,
            surely_not=reached.surely_not,
            at_most=reached.at_most,
            most=Text(most["zh"], most["en"]),
            meet=meet,
        )
    ]
    if result.faulty:
        words.append(say("reports.run.more_people_have_unusable_values", faulty=result.faulty))
    chart = Bars(
        say("reports.run.the_line", points=points),
        (SURELY, PERHAPS, NOT_REACHED),
        (
            FigureSeries(
                _PEOPLE, tuple(map(float, (reached.surely, reached.perhaps, reached.surely_not)))
            ),
        ),
        _PEOPLE,
        lying=True,
        label_heading=say("reports.run.class"),
    )
    return Section(say("reports.run.who_reaches_the_line"), tuple(words), (chart,))


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
        say("reports.run.totals_the_last_band_holds"),
        tuple(make_plain_text(f"{(result.least + s) / scale:g}") for s in starts),
        (FigureSeries(_PEOPLE, tuple(counts)),),
        _PEOPLE,
        marker=(line, say("reports.run.line", points=points)) if 0 <= line < len(counts) else None,
        label_heading=say("reports.run.total"),
    )
    return Section(say("reports.run.distribution"), tuple(_describe_spread(result)), (chart,))


def _describe_spread(result: RunResult) -> Iterator[Text]:
    """The mean, with what it is the mean of, and the quarters."""
    if result.mean is None:
        yield say("reports.run.there_is_nobody_of_whom")
        return
    mean_of = describe_mean(result.known)
    yield say(
        "reports.run.spread",
        mean=result.mean,
        mean_of=capitalize_text(mean_of),
    )
    quarters = [result.find_quantile(q) or 0 for q in (0.1, 0.25, 0.5, 0.75, 0.9)]
    quarter_points = " / ".join(f"{q / result.program.scale:g}" for q in quarters)
    yield say("reports.run.their_tenth_quarter_median_quarter", quarter_points=quarter_points)


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
        say("reports.run.by_share_at_the_line", label=Text(label.zh, label.en.lower())),
        names,
        series,
        say("reports.run.per_cent"),
        lying=True,
        label_heading=label,
    )
    heads = (label, _PEOPLE, say('reports.run.surely_admissible'), SURELY, PERHAPS,
             say('reports.run.every_fact_known'), say('reports.run.their_mean'))  # fmt: skip
    table = two_tables(
        say("reports.run.group_by_group"),
        heads,
        [(group.grouping.labels[n], _group_cells(result, group, n)) for n in shown],
    )
    return Section(
        say("reports.run.by", label=Text(label.zh, label.en.lower())), (), (chart,), (table,)
    )


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
        say("reports.run.mean_points_of_each_indicator"),
        tuple(indicator.label for indicator in parts),
        (
            FigureSeries(say("reports.run.everybody"), means),
            FigureSeries(say("reports.run.those_who_reach"), of_reached),
        ),
        say("reports.run.points"),
        lying=True,
        label_heading=say("reports.run.indicator"),
    )
    heads = (say('reports.run.indicator'), say('reports.run.with_points'),
             say('reports.run.counted'), say('reports.run.at_its_highest'))  # fmt: skip
    rows = [
        (indicator.label, (indicator.people, indicator.counted, indicator.at_most))
        for indicator in parts
    ]
    table = two_tables(say("reports.run.indicators_people"), heads, rows)
    return Section(say("reports.run.indicators"), (mean_of,), (chart,), (table,))


def _show_limits(result: RunResult) -> Section:
    scale = result.program.scale
    caps = two_tables(
        say("reports.run.caps_and_the_floor"),
        (
            say("reports.run.name"),
            say("reports.run.limit"),
            _PEOPLE,
            say("reports.run.points_cut_or_lifted"),
        ),
        [
            (cap.label, (cap.limit / scale, cap.people, cap.points / scale))
            for cap in result.parts.caps
        ],
    )
    failed = two_tables(
        say("reports.run.conditions_not_met_and_vetoes"),
        (
            say("reports.run.condition"),
            say("reports.run.surely"),
            say("reports.run.open"),
            say("reports.run.this_one_alone_every_fact"),
        ),
        [
            (failed.label, (failed.people, failed.perhaps, failed.alone))
            for failed in result.parts.failed
        ],
    )
    return Section(say("reports.run.caps_and_conditions"), (), (), (caps, failed))


def _show_near(result: RunResult) -> Section:
    near = result.near
    words = (
        say(
            "reports.run.everybody_a_year_older_lose",
            loses_by_birthday=near.loses_by_birthday,
            gains_by_birthday=near.gains_by_birthday,
        ),
        say("reports.run.are_one_step_of_one", within_one_step=near.within_one_step),
    )
    steps = near.steps[:15]
    charts: Sequence[Bars] = ()
    if steps:
        charts = (
            Bars(
                say("reports.run.people_who_would_reach"),
                tuple(step.label for step in steps),
                (FigureSeries(_PEOPLE, tuple(float(step.people) for step in steps)),),
                _PEOPLE,
                lying=True,
                label_heading=say("reports.run.fact"),
            ),
        )
    return Section(say("reports.run.near_the_line"), words, tuple(charts))
