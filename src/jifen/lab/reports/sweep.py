"""A sweep: the heat map of its first two figures, the frontier, the variants on it."""

from datetime import date

from jifen.charts import FigureSeries, HeatMap, Lines, Scatter
from jifen.lab.classes import describe_mean
from jifen.lab.population.people import People
from jifen.lab.proposals import CheckedRules
from jifen.lab.report.model import Report, Section
from jifen.lab.reports.common import list_provenance, list_warnings, make_plain_text, two_tables
from jifen.lab.sweeps.serialization import (
    VariantResult,
    build_grid,
    find_frontier,
    list_variant_results,
)
from jifen.lab.sweeps.sweep_file import Sweep
from jifen.lab.sweeps.sweeper import SweepResult
from jifen.lab.weights import to_count
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_REACHED = say("reports.sweep.reached")
_HEADING = say("reports.sweep.heading")
_PERHAPS = say("reports.sweep.perhaps")
_MEAN = say("reports.sweep.mean")
_BASE = say("reports.sweep.base")
_FRONTIER = say("reports.sweep.frontier")
_MOST_MARKS = 400
Choice = tuple[int, ...]


def build_report(
    people: People,
    policy: Policy,
    plan: Sweep,
    result: SweepResult,
    on: date,
    checked: CheckedRules,
) -> Report:
    """The map where two figures vary together, and the frontier."""
    variant_results = list_variant_results(plan, result)
    sections = [
        _show_map(plan, variant_results, plan.find_base(policy)),
        _show_frontier(plan, result, variant_results, plan.find_base(policy)),
    ]
    title = policy.rules_on(on).title
    return Report(
        say("reports.sweep.report", title=title, plan_label=plan.label),
        say(
            "reports.sweep.variants_people_rules",
            variant_results_count=len(variant_results),
            count=people.count,
            on=on,
        ),
        (*checked.list_labels(), *list_warnings(people)),
        tuple(section for section in sections if section is not None),
        list_provenance(people, [policy], on),
    )


def _show_map(
    plan: Sweep, variant_results: list[VariantResult], base: Choice | None
) -> Section | None:
    cells = build_grid(plan, variant_results)
    if cells is None:
        name = plan.vary[0]
        values = tuple(float(variant.reached) for variant in variant_results)
        places = tuple(make_plain_text(" / ".join(variant.values)) for variant in variant_results)
        lines = Lines(plan.label, places, (FigureSeries(name.label, values),), _REACHED)
        return Section(_HEADING, (_describe_base(plan, base),), (lines,))
    rows, columns, *others = plan.vary
    still = [f"{figure.label.zh} = {figure.value_texts[0]}" for figure in others]
    still_en = [f"{figure.label.en} = {figure.value_texts[0]}" for figure in others]
    words = [_describe_base(plan, base)]
    if others:
        words.append(
            say(
                "reports.sweep.at_their_first_value",
                still=Text("，".join(still), ", ".join(still_en)),
            )
        )
    chart = HeatMap(
        say(
            "reports.sweep.people_surely_at_the_line",
            rows_label=rows.label,
            columns_label=columns.label,
        ),
        rows.label,
        columns.label,
        tuple(make_plain_text(word) for word in rows.value_texts),
        tuple(make_plain_text(word) for word in columns.value_texts),
        tuple(tuple(float(cell) for cell in row) for row in cells),
        _REACHED,
        (base[0], base[1]) if base is not None and not any(base[2:]) else None,
        _BASE,
    )  # fmt: skip
    return Section(_HEADING, tuple(words), (chart,))


def _describe_base(plan: Sweep, base: Choice | None) -> Text:
    """Which variant is the policy as it stands."""
    if base is None:
        return say("reports.sweep.the_rules_of_today")
    values = list(zip(plan.vary, base, strict=True))
    words = Text(
        "，".join((f"{figure.label.zh} {figure.value_texts[n]}" for figure, n in values)),
        ", ".join((f"{figure.label.en} {figure.value_texts[n]}" for figure, n in values)),
    )
    return say("reports.sweep.the_rules_of_today_the_base", words=words)


def _show_frontier(
    plan: Sweep, result: SweepResult, variant_results: list[VariantResult], base: Choice | None
) -> Section:
    best = find_frontier(variant_results)
    chart = _draw_frontier(plan, variant_results, best, base)
    heads = (_REACHED, _PERHAPS, *(figure.label for figure in plan.vary), _MEAN)
    rows = [
        (make_plain_text(f"{v.reached:,}"), (f"{v.perhaps:,}", *v.values, f"{v.mean:.2f}"))
        for v in best
    ]
    table = two_tables(say("reports.sweep.variants_on_the_frontier"), heads, rows)
    mean_of = describe_mean(to_count(result.known.sum()))
    words = (
        say("reports.sweep.no_variant_with_as_few"),
        say("reports.sweep.the_mean", mean_of=mean_of),
    )
    return Section(say("reports.sweep.frontier_frontier"), words, (chart,), (table,))


def _draw_frontier(
    plan: Sweep, variants: list[VariantResult], best: list[VariantResult], base: Choice | None
) -> Scatter:
    """Every variant as a mark, those on the frontier as squares."""
    numbers = {variant.number for variant in best}
    others = [variant for variant in variants if variant.number not in numbers]
    some = others[:: max(len(others) // _MOST_MARKS, 1)]
    choices = list(plan.list_choices())
    base_number = choices.index(base) if base is not None else -1
    shown = [*best, *(v for v in some if v.number != base_number)]
    shown += [v for v in others if v.number == base_number]
    # its table has every name; beside the marks only the ends of the frontier and the base
    named = {variant.number for variant in (*best[:1], *best[-1:])} | {base_number}
    return Scatter(
        say("reports.sweep.people_and_mean_points"),
        tuple(make_plain_text(" / ".join(variant.values)) for variant in shown),
        tuple(float(variant.reached) for variant in shown),
        tuple(round(variant.mean, 2) for variant in shown),
        _REACHED,
        _MEAN,
        tuple(variant.number in named for variant in shown),
        Text(" / ".join(f.label.zh for f in plan.vary), " / ".join(f.label.en for f in plan.vary)),
        tuple(variant.number in numbers for variant in shown),
        _FRONTIER,
        next((row for row, variant in enumerate(shown) if variant.number == base_number), None),
        _BASE,
    )
