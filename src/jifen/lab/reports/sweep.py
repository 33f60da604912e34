"""A sweep: the heat map of its first two figures, the frontier, the variants on it."""

from datetime import date

from jifen.charts import Bars, FigureSeries, HeatMap, Lines
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
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_REACHED = Text("确定达到人数", "people surely at the line")
_PERHAPS = Text("可能达到人数", "people who could reach it")
_MEAN = Text("平均分", "mean points")


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
        _show_map(plan, variant_results),
        _show_frontier(plan, result, find_frontier(variant_results)),
    ]
    title = policy.rules_on(on).title
    return Report(
        Text(f"{title.zh}：{plan.label.zh}", f"{title.en}: {plan.label.en}"),
        Text(
            f"{len(variant_results):,} 个方案 × {people.count:,} 人，规则以 {on} 为准",
            f"{len(variant_results):,} variants × {people.count:,} people, rules as on {on}",
        ),
        (*checked.list_labels(), *list_warnings(people)),
        tuple(section for section in sections if section is not None),
        list_provenance(people, [policy], on),
    )


def _show_map(plan: Sweep, variant_results: list[VariantResult]) -> Section | None:
    cells = build_grid(plan, variant_results)
    if cells is None:
        name = plan.vary[0]
        values = tuple(float(variant.reached) for variant in variant_results)
        places = tuple(make_plain_text(" / ".join(variant.values)) for variant in variant_results)
        lines = Lines(plan.label, places, (FigureSeries(name.label, values),), _REACHED)
        return Section(_REACHED, (), (lines,))
    rows, columns, *others = plan.vary
    still = [f"{figure.label.zh} = {figure.value_texts[0]}" for figure in others]
    still_en = [f"{figure.label.en} = {figure.value_texts[0]}" for figure in others]
    words = (
        (
            Text(
                f"其余取第一个值：{'，'.join(still)}",
                f"At their first value: {', '.join(still_en)}",
            ),
        )
        if others
        else ()
    )
    chart = HeatMap(
        Text(f"确定达到人数：{rows.label.zh} × {columns.label.zh}",
             f"People surely at the line: {rows.label.en} × {columns.label.en}"),
        rows.label,
        columns.label,
        tuple(make_plain_text(word) for word in rows.value_texts),
        tuple(make_plain_text(word) for word in columns.value_texts),
        tuple(tuple(float(cell) for cell in row) for row in cells),
        _REACHED,
    )  # fmt: skip
    return Section(_REACHED, words, (chart,))


def _show_frontier(plan: Sweep, result: SweepResult, best: list[VariantResult]) -> Section:
    shown = best[:: max(len(best) // 24, 1)]
    names = tuple(make_plain_text(f"{variant.reached:,}") for variant in shown)
    chart = Bars(
        Text("前沿：每一达到人数下最高的平均分", "Frontier: the highest mean for so many people"),
        names,
        (FigureSeries(_MEAN, tuple(round(variant.mean, 2) for variant in shown)),),
        _MEAN,
        lying=True,
        label_heading=_REACHED,
    )
    heads = (_REACHED, _PERHAPS, *(figure.label for figure in plan.vary), _MEAN)
    rows = [
        (make_plain_text(f"{v.reached:,}"), (f"{v.perhaps:,}", *v.values, f"{v.mean:.2f}"))
        for v in best
    ]
    table = two_tables(Text("前沿上的方案", "Variants on the frontier"), heads, rows)
    mean_of = describe_mean(to_count(result.known.sum()))
    words = (
        Text(
            "在确定达到人数不多于它的方案中，没有一个的平均分比它高。",
            "No variant with as few people surely at the line or fewer has a higher mean.",
        ),
        Text(f"平均分：{mean_of.zh}。", f"The mean: {mean_of.en}."),
    )
    return Section(Text("前沿", "Frontier"), words, (chart,), (table,))
