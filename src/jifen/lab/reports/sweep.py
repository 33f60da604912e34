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
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_REACHED = Text("确定达到人数", "people surely at the line")
_HEADING = Text("确定达到人数", "People surely at the line")
_PERHAPS = Text("可能达到人数", "people who could reach it")
_MEAN = Text("平均分", "mean points")
_BASE = Text("现行（基准）", "today (the base case)")
_FRONTIER = Text("前沿上的方案", "on the frontier")
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
        Text(f"{title.zh}：{plan.label.zh}", f"{title.en}: {plan.label.en}"),
        Text(
            f"{len(variant_results):,} 个方案 × {people.count:,} 人，规则以 {on} 为准",
            f"{len(variant_results):,} variants × {people.count:,} people, rules as on {on}",
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
            Text(
                f"其余取第一个值：{'，'.join(still)}",
                f"At their first value: {', '.join(still_en)}",
            )
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
        (base[0], base[1]) if base is not None and not any(base[2:]) else None,
        _BASE,
    )  # fmt: skip
    return Section(_HEADING, tuple(words), (chart,))


def _describe_base(plan: Sweep, base: Choice | None) -> Text:
    """Which variant is the policy as it stands."""
    if base is None:
        return Text(
            "现行规定不在这些方案之中，因此没有标出。",
            "The rules of today are not among these variants and so not marked.",
        )
    values = list(zip(plan.vary, base, strict=True))
    zh = "，".join(f"{figure.label.zh} {figure.value_texts[n]}" for figure, n in values)
    en = ", ".join(f"{figure.label.en} {figure.value_texts[n]}" for figure, n in values)
    return Text(f"现行规定（基准）：{zh}。", f"The rules of today (the base case): {en}.")


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
        Text("每个方案的人数与平均分", "People and mean points of every variant"),
        tuple(_name_variant(variant, base_number) for variant in shown),
        tuple(float(variant.reached) for variant in shown),
        tuple(round(variant.mean, 2) for variant in shown),
        _REACHED,
        _MEAN,
        tuple(variant.number in named for variant in shown),
        Text(" / ".join(f.label.zh for f in plan.vary), " / ".join(f.label.en for f in plan.vary)),
        tuple(variant.number in numbers for variant in shown),
        _FRONTIER,
    )


def _name_variant(variant: VariantResult, base_number: int) -> Text:
    words = " / ".join(variant.values)
    if variant.number != base_number:
        return make_plain_text(words)
    return Text(f"{words}（{_BASE.zh}）", f"{words} ({_BASE.en})")
