"""One indicator, and one condition, while some of their facts are absent.

Up to the limit of `policy.sharing` every combination of values is evaluated and the bounds are
exact. Beyond it each fact is varied separately: the bounds hold, but may be wider than the exact
ones.
"""

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

from jifen.facts.measures import ABSENT
from jifen.policy.break_points import list_condition_answers
from jifen.policy.condition import Condition, list_condition_facts
from jifen.policy.model import Indicator, Rules, list_facts_used
from jifen.policy.possible_points import PossibleValues, find_widest, list_outcomes
from jifen.scoring.absent_facts import (
    Ranges,
    evaluate_combinations,
    find_deciding_facts,
    restrict_to_ranges,
)

KnownFacts = Mapping[str, Any]
Answers = Mapping[str, tuple[Any, ...]]


class IndicatorBounds(NamedTuple):
    """The least and the most points, the absent facts on which they depend, and whether the
    bounds are the narrowest that hold."""

    low: int
    high: int
    deciding_facts: tuple[str, ...]
    exact: bool = True


class IndicatorEvaluator:
    """A compiled indicator. `answers`: the possible values of its facts (none for a veto)."""

    def __init__(self, indicator: Indicator, answers: Answers, scale: int, most: int) -> None:
        self.indicator = indicator
        self.facts = list_facts_used(indicator)
        self.needed = frozenset(self.facts)
        self.answers = answers
        self._score_mechanism = indicator.mechanism.compile_score(scale)
        self._bound_mechanism = indicator.mechanism.compile_bounds(scale)
        self._is_admitted = indicator.when.compile_test() if indicator.when else None
        self._most = most
        self._cache: dict[tuple[Any, ...], IndicatorBounds] = {}
        self.score = self._score_if_admitted if self._is_admitted else self._score_mechanism

    def _score_if_admitted(self, person: KnownFacts) -> int:
        return (
            self._score_mechanism(person)
            if self._is_admitted is None or self._is_admitted(person)
            else 0
        )

    def bound_points(self, known: KnownFacts, ranges: Ranges) -> IndicatorBounds:
        """The bounds for the known facts. They are cached, because most indicators stay the same
        while a form is being filled in."""
        if not self.answers:
            return IndicatorBounds(0, 0, ())
        key = tuple([known.get(fact_id, ranges.get(fact_id, ABSENT)) for fact_id in self.facts])
        bounds = self._cache.get(key)
        if bounds is None:
            bounds = self._compute_bounds(known, ranges)
            if len(self._cache) >= _MOST_CACHED_BOUNDS:
                self._cache.clear()
            self._cache[key] = bounds
        return bounds

    def _compute_bounds(self, known: KnownFacts, ranges: Ranges) -> IndicatorBounds:
        absent = tuple(fact_id for fact_id in self.facts if fact_id not in known)
        if prod(len(self.answers[fact_id]) for fact_id in absent) > self._most:
            return self._bound_by_single_facts(known, absent, ranges)
        outcomes = evaluate_combinations(
            self.score, known, absent, restrict_to_ranges(self.answers, ranges)
        )
        low, high = min(outcomes.values()), max(outcomes.values())
        return IndicatorBounds(
            low, high, find_deciding_facts(absent, outcomes) if low != high else ()
        )

    def _bound_by_single_facts(
        self, known: KnownFacts, absent: tuple[str, ...], ranges: Ranges
    ) -> IndicatorBounds:
        possible = _possible_values(self.facts, known, restrict_to_ranges(self.answers, ranges))
        when = self.indicator.when
        admitted = list_outcomes(when, possible) if when else frozenset({True})
        ends = [(0, 0)] if False in admitted else []
        if True in admitted:
            ends.append(self._bound_mechanism(possible))
        low, high = find_widest(ends)
        return IndicatorBounds(low, high, absent if low != high else (), exact=low == high)


_MOST_CACHED_BOUNDS = 2_000


class ConditionAnswer(NamedTuple):
    """Met, not met or unknown (None); the absent facts that decide where it is unknown, and
    whether it is certain that they can decide it."""

    met: bool | None
    deciding_facts: tuple[str, ...]
    exact: bool = True


class ConditionEvaluator:
    """A compiled condition that answers yes, no or unknown."""

    def __init__(self, when: Condition, rules: Rules, most: int) -> None:
        self.facts = list_condition_facts(when)
        self._when, self._most = when, most
        self.holds = when.compile_test()
        self._answers = list_condition_answers(when, rules.vocabulary)

    def evaluate(self, known: KnownFacts, ranges: Ranges) -> ConditionAnswer:
        """Whether the known facts meet the condition."""
        absent = tuple(fact_id for fact_id in self.facts if fact_id not in known)
        if not absent:
            return ConditionAnswer(self.holds(known), ())
        answers = restrict_to_ranges(self._answers, ranges)
        if prod(len(self._answers[fact_id]) for fact_id in absent) > self._most:
            possible = list_outcomes(self._when, _possible_values(self.facts, known, answers))
            if len(possible) == 1:
                return ConditionAnswer(next(iter(possible)), ())
            return ConditionAnswer(None, absent, exact=False)
        outcomes = evaluate_combinations(self.holds, known, absent, answers)
        if len(set(outcomes.values())) == 1:
            return ConditionAnswer(next(iter(outcomes.values())), ())
        return ConditionAnswer(None, find_deciding_facts(absent, outcomes))


def _possible_values(facts: tuple[str, ...], known: KnownFacts, answers: Answers) -> PossibleValues:
    return {
        fact_id: (known[fact_id],) if fact_id in known else answers[fact_id] for fact_id in facts
    }
