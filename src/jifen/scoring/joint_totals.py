"""The bounds of one person's total where open indicators share absent facts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from jifen.policy.joint_sets import AbsentFacts, Sharing
from jifen.scoring.absent_facts import Ranges, restrict_to_ranges
from jifen.scoring.indicator_bounds import IndicatorBounds, IndicatorEvaluator, KnownFacts
from jifen.scoring.joint_bounds import (
    SCALAR_MIN_MAX,
    FixedFacts,
    JointBounds,
    JointPlan,
    PointBounds,
    plan_joint_bounds,
)
from jifen.scoring.tree import GroupNode


class JointTotal(NamedTuple):
    """The least and the most total; `exact`: every set of indicators was bounded jointly."""

    low: int
    high: int
    exact: bool


class _CachedPlan(NamedTuple):
    plan: JointPlan
    lines: frozenset[int]
    exact: bool


class JointTotals:
    """Bounds of totals under some rules. Plans are cached by the absent facts, so that people who
    left out the same facts share one plan."""

    def __init__(
        self, tree: GroupNode, sharing: Sharing, lines: Sequence[IndicatorEvaluator]
    ) -> None:
        self._tree, self._sharing, self._lines = tree, sharing, lines
        self._plans: dict[tuple[Any, ...], _CachedPlan] = {}

    def bound_total(
        self, lines: Sequence[IndicatorBounds], known: KnownFacts, ranges: Ranges
    ) -> JointTotal | None:
        """The bounds of the total; None where no two open lines share an absent fact."""
        if self._sharing.shared.keys() <= known.keys():
            return None
        absent = {
            number: [fact for fact in self._lines[number].facts if fact not in known]
            for number, line in enumerate(lines)
            if line.low != line.high
        }
        plan = self._plan_for(absent)
        if not plan.lines:
            return None if plan.exact else self._tally_separately(lines)
        values = restrict_to_ranges(self._answers_of_shared_facts(absent), ranges)

        cache: dict[Any, PointBounds] = {}

        def bound_indicator(number: int, fixed: FixedFacts) -> PointBounds:
            line = lines[number]
            if number not in plan.lines or not fixed:
                return line.low, line.high
            own_facts = {fact_id: fixed[fact_id] for fact_id in absent[number] if fact_id in fixed}
            key = (number, *own_facts.items())
            if key not in cache:
                line = self._lines[number].bound_points({**known, **own_facts}, ranges)
                cache[key] = line.low, line.high
            return cache[key]

        low, high = JointBounds(
            values, bound_indicator, SCALAR_MIN_MAX, use_cache=True
        ).bound_group(plan.plan)
        return JointTotal(low, high, plan.exact)

    def _tally_separately(self, lines: Sequence[IndicatorBounds]) -> JointTotal:
        lows, highs = [line.low for line in lines], [line.high for line in lines]
        return JointTotal(*self._tree.tally_bounds(lows, highs, [True] * len(lines)), False)

    def _answers_of_shared_facts(self, absent: AbsentFacts) -> dict[str, tuple[Any, ...]]:
        shared = self._sharing.shared
        read = {fact_id for fact_ids in absent.values() for fact_id in fact_ids}
        return {fact_id: answers for fact_id in read if (answers := shared.get(fact_id))}

    def _plan_for(self, absent: AbsentFacts) -> _CachedPlan:
        key = tuple((number, *fact_ids) for number, fact_ids in absent.items())
        plan = self._plans.get(key)
        if plan is None:
            sets = self._sharing.find_joint_sets(absent)
            plan = _CachedPlan(
                plan_joint_bounds(self._tree, sets, absent),
                frozenset(line for joint in sets if joint.exact for line in joint.indicators),
                all(joint.exact for joint in sets),
            )
            if len(self._plans) >= _MOST_CACHED_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan


_MOST_CACHED_PLANS = 500
