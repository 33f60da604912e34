"""JF-C109: points that fall although the policy says that more of a fact never costs points."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jifen.policy.break_points import find_breaks
from jifen.policy.checks.context import CheckContext, CheckRule, RulesCheck
from jifen.policy.checks.evaluation import (
    combine_values,
    compile_gated_score,
    list_axes,
    list_neighbouring_values,
)
from jifen.policy.fault import Fault
from jifen.policy.mechanisms.phrases import format_points
from jifen.policy.model import Indicator

_RULE = CheckRule("JF-C109", "error", "points that fall where they are expected not to")


def _find_falls(context: CheckContext) -> Iterator[Fault]:
    for indicator in context.rules.indicators:
        for fact_id in indicator.non_decreasing_in:
            breaks = find_breaks(indicator)
            if fact_id in breaks and context.rules.vocabulary[fact_id].is_number:
                worst = _find_worst_fall(context, indicator, fact_id)
                if worst:
                    yield _build_fault(context, indicator, fact_id, *worst)


def _find_worst_fall(
    context: CheckContext, indicator: Indicator, fact_id: str
) -> tuple[int, Any, Any] | None:
    """The largest fall between neighbouring values: (points × scale, from, to)."""
    breaks = find_breaks(indicator)
    values = list_neighbouring_values(
        context.rules.vocabulary[fact_id], breaks[fact_id], len(breaks) == 1
    )
    score = compile_gated_score(indicator, context.scale)
    others = {
        k: v for k, v in list_axes(indicator, context.rules.vocabulary).items() if k != fact_id
    }
    worst: tuple[int, Any, Any] | None = None
    for person in combine_values(others, 5_000):
        points = [score({**person, fact_id: value}) for value in values]
        for position in range(1, len(points)):
            drop = points[position - 1] - points[position]
            if drop > 0 and (worst is None or drop > worst[0]):
                worst = (drop, values[position - 1], values[position])
    return worst


def _build_fault(
    context: CheckContext, indicator: Indicator, fact_id: str, drop: int, low: Any, high: Any
) -> Fault:
    fact = context.rules.vocabulary[fact_id]
    return context.build_fault(
        _RULE,
        ("indicators", indicator.id, "expect_non_decreasing_in"),
        "falls",
        low=fact.describe_value(low),
        high=fact.describe_value(high),
        fact=fact_id,
        lost=format_points(Decimal(drop) / context.scale),
    )


CHECK = RulesCheck(_RULE, _find_falls)
