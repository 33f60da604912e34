"""One indicator, and one condition, while some of their facts are absent.

Up to the limit of `policy.sharing` the answer is exact: every combination is evaluated. Beyond it
each fact is taken by itself: what comes out holds, but may be wider than the truth.
"""

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

from jifen.facts.measures import ABSENT
from jifen.policy.break_points import list_condition_answers
from jifen.policy.condition import Condition, list_condition_facts
from jifen.policy.model import Indicator, Rules, list_facts_used
from jifen.policy.possible_points import PossibleValues, find_widest, list_outcomes
from jifen.scoring.unknowns import Ranges, matter, outcomes, within

Known = Mapping[str, Any]
Answers = Mapping[str, tuple[Any, ...]]


class LineBounds(NamedTuple):
    """The least and the most points, the absent facts on which they depend, and whether the
    bounds are the narrowest that hold."""

    low: int
    high: int
    depends: tuple[str, ...]
    exact: bool = True


class OpenLine:
    """An indicator, compiled. `answers`: what its facts may be (none for a veto)."""

    def __init__(self, indicator: Indicator, answers: Answers, scale: int, most: int) -> None:
        self.indicator = indicator
        self.facts = list_facts_used(indicator)
        self.needed = frozenset(self.facts)
        self.answers = answers
        self._points = indicator.mechanism.compile_score(scale)
        self._span = indicator.mechanism.compile_bounds(scale)
        self._when = indicator.when.compile_test() if indicator.when else None
        self._most = most
        self._kept: dict[tuple[Any, ...], LineBounds] = {}
        self.score = self._gated if self._when else self._points

    def _gated(self, person: Known) -> int:
        return self._points(person) if self._when is None or self._when(person) else 0

    def bounds(self, known: Known, ranges: Ranges) -> LineBounds:
        """The bounds for what is known. Kept by the known facts: while a form is being filled in,
        most lines stay as they were."""
        if not self.answers:
            return LineBounds(0, 0, ())
        key = tuple([known.get(ident, ranges.get(ident, ABSENT)) for ident in self.facts])
        bounds = self._kept.get(key)
        if bounds is None:
            bounds = self._bounds(known, ranges)
            if len(self._kept) >= _BOUNDS_KEPT:
                self._kept.clear()
            self._kept[key] = bounds
        return bounds

    def _bounds(self, known: Known, ranges: Ranges) -> LineBounds:
        absent = tuple(ident for ident in self.facts if ident not in known)
        if prod(len(self.answers[ident]) for ident in absent) > self._most:
            return self._by_each_fact(known, absent, ranges)
        found = outcomes(self.score, known, absent, within(self.answers, ranges))
        low, high = min(found.values()), max(found.values())
        return LineBounds(low, high, matter(absent, found) if low != high else ())

    def _by_each_fact(self, known: Known, absent: tuple[str, ...], ranges: Ranges) -> LineBounds:
        possible = _possible(self.facts, known, within(self.answers, ranges))
        when = self.indicator.when
        admitted = list_outcomes(when, possible) if when else frozenset({True})
        ends = [(0, 0)] if False in admitted else []
        if True in admitted:
            ends.append(self._span(possible))
        low, high = find_widest(ends)
        return LineBounds(low, high, absent if low != high else (), exact=low == high)


_BOUNDS_KEPT = 2_000


class ConditionAnswer(NamedTuple):
    """Met, not met or unknown (None); the absent facts that decide where it is unknown, and
    whether it is certain that they can decide it."""

    met: bool | None
    depends: tuple[str, ...]
    exact: bool = True


class OpenCondition:
    """A condition, compiled to yes, no or unknown."""

    def __init__(self, when: Condition, rules: Rules, most: int) -> None:
        self.facts = list_condition_facts(when)
        self._when, self._most = when, most
        self._holds = when.compile_test()
        self._answers = list_condition_answers(when, rules.vocabulary)

    def met(self, known: Known, ranges: Ranges) -> ConditionAnswer:
        """The answer for what is known."""
        absent = tuple(ident for ident in self.facts if ident not in known)
        if not absent:
            return ConditionAnswer(self._holds(known), ())
        answers = within(self._answers, ranges)
        if prod(len(self._answers[ident]) for ident in absent) > self._most:
            possible = list_outcomes(self._when, _possible(self.facts, known, answers))
            if len(possible) == 1:
                return ConditionAnswer(next(iter(possible)), ())
            return ConditionAnswer(None, absent, exact=False)
        found = outcomes(self._holds, known, absent, answers)
        if len(set(found.values())) == 1:
            return ConditionAnswer(next(iter(found.values())), ())
        return ConditionAnswer(None, matter(absent, found))


def _possible(facts: tuple[str, ...], known: Known, answers: Answers) -> PossibleValues:
    return {ident: (known[ident],) if ident in known else answers[ident] for ident in facts}
