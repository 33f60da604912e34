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


def _find_falls(scene: CheckContext) -> Iterator[Fault]:
    for indicator in scene.rules.indicators:
        for ident in indicator.non_decreasing_in:
            breaks = find_breaks(indicator)
            if ident in breaks and scene.rules.vocabulary[ident].is_number:
                worst = _find_worst_fall(scene, indicator, ident)
                if worst:
                    yield _build_fault(scene, indicator, ident, *worst)


def _find_worst_fall(
    scene: CheckContext, indicator: Indicator, ident: str
) -> tuple[int, Any, Any] | None:
    """The largest fall between neighbouring values: (points × scale, from, to)."""
    breaks = find_breaks(indicator)
    values = list_neighbouring_values(
        scene.rules.vocabulary[ident], breaks[ident], len(breaks) == 1
    )
    score = compile_gated_score(indicator, scene.scale)
    others = {k: v for k, v in list_axes(indicator, scene.rules.vocabulary).items() if k != ident}
    found: tuple[int, Any, Any] | None = None
    for person in combine_values(others, 5_000):
        points = [score({**person, ident: value}) for value in values]
        for n in range(1, len(points)):
            drop = points[n - 1] - points[n]
            if drop > 0 and (found is None or drop > found[0]):
                found = (drop, values[n - 1], values[n])
    return found


def _build_fault(
    scene: CheckContext, indicator: Indicator, ident: str, drop: int, low: Any, high: Any
) -> Fault:
    fact = scene.rules.vocabulary[ident]
    return scene.build_fault(
        _RULE,
        ("indicators", indicator.id, "expect_non_decreasing_in"),
        "falls",
        low=fact.describe_value(low),
        high=fact.describe_value(high),
        fact=ident,
        lost=format_points(Decimal(drop) / scene.scale),
    )


CHECK = RulesCheck(_RULE, _find_falls)
