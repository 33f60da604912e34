"""The bounds of one person's total where open indicators share absent facts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from jifen.policy.joint_sets import AbsentFacts, Sharing
from jifen.scoring.joint import NUMBERS, Ends, Fixed, JointBounds, JointPlan, plan_joint
from jifen.scoring.open_parts import Known, LineBounds, OpenLine
from jifen.scoring.tree import Node
from jifen.scoring.unknowns import Ranges, within


class JointTotal(NamedTuple):
    """The least and the most total, and whether every set of indicators was looked at together."""

    low: int
    high: int
    exact: bool


class _Plan(NamedTuple):
    plan: JointPlan
    lines: frozenset[int]
    exact: bool


class JointTotals:
    """Bounds of totals under some rules. Plans are kept by what is open: people who have left out
    the same facts share one."""

    def __init__(self, tree: Node, sharing: Sharing, lines: Sequence[OpenLine]) -> None:
        self._tree, self._sharing, self._lines = tree, sharing, lines
        self._plans: dict[tuple[Any, ...], _Plan] = {}

    def bounds(
        self, lines: Sequence[LineBounds], known: Known, ranges: Ranges
    ) -> JointTotal | None:
        """The bounds of the total; None where no two open lines share an absent fact."""
        if self._sharing.shared.keys() <= known.keys():
            return None
        absent = {
            number: [ident for ident in self._lines[number].facts if ident not in known]
            for number, line in enumerate(lines)
            if line.low != line.high
        }
        plan = self._plan(absent)
        if not plan.lines:
            return None if plan.exact else self._tallied(lines)
        values = within(self._answers(absent), ranges)

        kept: dict[Any, Ends] = {}

        def line_ends(number: int, fixed: Fixed) -> Ends:
            line = lines[number]
            if number not in plan.lines or not fixed:
                return line.low, line.high
            own = {ident: fixed[ident] for ident in absent[number] if ident in fixed}
            key = (number, *own.items())
            if key not in kept:
                line = self._lines[number].bounds({**known, **own}, ranges)
                kept[key] = line.low, line.high
            return kept[key]

        low, high = JointBounds(values, line_ends, NUMBERS, keep=True).of(plan.plan)
        return JointTotal(low, high, plan.exact)

    def _tallied(self, lines: Sequence[LineBounds]) -> JointTotal:
        lows, highs = [line.low for line in lines], [line.high for line in lines]
        return JointTotal(*self._tree.tally(lows, highs, [True] * len(lines)), False)

    def _answers(self, absent: AbsentFacts) -> dict[str, tuple[Any, ...]]:
        shared = self._sharing.shared
        read = {ident for idents in absent.values() for ident in idents}
        return {ident: answers for ident in read if (answers := shared.get(ident))}

    def _plan(self, absent: AbsentFacts) -> _Plan:
        key = tuple((number, *idents) for number, idents in absent.items())
        plan = self._plans.get(key)
        if plan is None:
            sets = self._sharing.find_joint_sets(absent)
            plan = _Plan(
                plan_joint(self._tree, sets, absent),
                frozenset(line for joint in sets if joint.exact for line in joint.indicators),
                all(joint.exact for joint in sets),
            )
            if len(self._plans) >= _PLANS_KEPT:
                self._plans.clear()
            self._plans[key] = plan
        return plan


_PLANS_KEPT = 500
