"""One person under one policy on one day: every point with its reason, bounds while facts are
missing. The plain evaluator; everything faster is held equal to it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Any

from jifen.facts.measures import ABSENT
from jifen.facts.situation import Situation, understand
from jifen.policy.condition import Condition, facts_of
from jifen.policy.fault import Place
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Indicator, Rules, facts_used
from jifen.policy.policy import Policy
from jifen.policy.stretches import condition_answers, indicator_answers
from jifen.policy.text import Lang
from jifen.scoring.result import Assessment, ConditionResult, LineResult
from jifen.scoring.tree import build_tree
from jifen.scoring.unknowns import Ranges, matter, outcomes, within

Known = Mapping[str, Any]


def assess(
    policy: Policy,
    facts: Known,
    on: date,
    *,
    readings: Mapping[str, str] | None = None,
    places: dict[str, Place] | None = None,
    lang: Lang = "zh",
    also_known: Iterable[str] = (),
) -> Assessment:
    """Score one person (facts as in the contract's vocabulary) on a day.

    Raises FactsError for facts that cannot be used and PolicyError for unknown readings.
    """
    rules = policy.at(on, readings)
    situation = understand(rules, facts, on, places=places, lang=lang, also_known=also_known)
    return score(rules, situation)


def score(rules: Rules, situation: Situation) -> Assessment:
    """Score a situation that is understood already."""
    return scorer(rules).score(situation)


@lru_cache(maxsize=256)
def scorer(rules: Rules) -> "Scorer":
    """The compiled evaluator of some rules."""
    return Scorer(rules)


class _Line:
    """An indicator, compiled."""

    def __init__(self, indicator: Indicator, rules: Rules, scale: int) -> None:
        self.indicator = indicator
        self.facts = facts_used(indicator)
        self._points = indicator.mechanism.score(scale)
        self._when = indicator.when.test() if indicator.when else None
        self._values = indicator_answers(indicator, rules.vocabulary)
        self._bounds: dict[tuple[Any, ...], tuple[int, int, tuple[str, ...]]] = {}
        self.score = self._gated if self._when else self._points

    def _gated(self, person: Known) -> int:
        return self._points(person) if self._when is None or self._when(person) else 0

    def bounds(
        self, known: Known, absent: tuple[str, ...], ranges: Ranges
    ) -> tuple[int, int, tuple[str, ...]]:
        """Least, most, and the absent facts that matter. Kept by the known facts: while a form is
        being filled in, most lines stay as they were."""
        key = tuple([known.get(ident, ranges.get(ident, ABSENT)) for ident in self.facts])
        kept = self._bounds.get(key)
        if kept is None:
            found = outcomes(self.score, known, absent, within(self._values, ranges))
            low, high = min(found.values()), max(found.values())
            kept = low, high, matter(absent, found) if low != high else ()
            if len(self._bounds) >= _BOUNDS_KEPT:
                self._bounds.clear()
            self._bounds[key] = kept
        return kept


_BOUNDS_KEPT = 2_000


class _Test:
    """A condition, compiled to yes, no or unknown."""

    def __init__(self, when: Condition, rules: Rules) -> None:
        self.facts = facts_of(when)
        self._holds = when.test()
        self._values = condition_answers(when, rules.vocabulary)

    def met(self, known: Known, ranges: Ranges) -> tuple[bool | None, tuple[str, ...]]:
        """True, False or None; with the absent facts that decide where it is None."""
        for ident in self.facts:
            if ident not in known:
                break
        else:
            return self._holds(known), ()
        absent = tuple(ident for ident in self.facts if ident not in known)
        found = outcomes(self._holds, known, absent, within(self._values, ranges))
        if len(set(found.values())) == 1:
            return next(iter(found.values())), ()
        return None, matter(absent, found)


class Scorer:
    """The evaluator of some rules. Points inside are integers: points × 10 ** precision."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        scale = 10**rules.precision
        self._lines = [_Line(indicator, rules, scale) for indicator in rules.indicators]
        self._indicators = [line.indicator for line in self._lines]
        self._facts = [line.facts for line in self._lines]
        self._needed = {ident for line in self._lines for ident in line.facts}
        self._nothing: list[tuple[str, ...]] = [()] * len(self._lines)
        self._tree = build_tree(rules, scale)
        self._floor = None if rules.floor is None else int(rules.floor * scale)
        self._requirements = [(r, _Test(r.when, rules)) for r in rules.requirements]
        self._cautions = [(c, _Test(c.when, rules)) for c in rules.cautions]
        self._vetoes = [
            (indicator, _Test(indicator.mechanism.when, rules))
            for indicator in rules.indicators
            if isinstance(indicator.mechanism, Veto) and indicator.mechanism.refuses
        ]

    def score(self, situation: Situation) -> Assessment:
        """Every line, condition and veto, the total and its bounds."""
        known = situation.values
        if known.keys() >= self._needed:
            points = [line.score(known) for line in self._lines]
            return self._finish(situation, points, points, self._nothing)
        lows, highs, mattering = [], [], []
        for line in self._lines:
            absent = tuple(ident for ident in line.facts if ident not in known)
            if absent:
                low, high, matters = line.bounds(known, absent, situation.ranges)
            else:
                low = high = line.score(known)
                matters = ()
            lows.append(low)
            highs.append(high)
            mattering.append(matters)
        return self._finish(situation, lows, highs, mattering)

    def _finish(
        self,
        situation: Situation,
        lows: list[int],
        highs: list[int],
        mattering: list[tuple[str, ...]],
    ) -> Assessment:
        counted = [True] * len(lows)
        low, high = self._tree.tally(lows, highs, counted)
        if self._floor is not None:
            low, high = max(low, self._floor), max(high, self._floor)
        answered = low if low == high else self._answered(lows, highs)
        return self._result(situation, (lows, highs, counted, mattering), (low, high), answered)

    def _answered(self, lows: list[int], highs: list[int]) -> int:
        """The total of the lines that are settled."""
        settled = [a if a == b else 0 for a, b in zip(lows, highs, strict=True)]
        total, _ = self._tree.tally(settled, settled, [True] * len(settled))
        return total if self._floor is None else max(total, self._floor)

    def _result(
        self,
        situation: Situation,
        scored: tuple[list[int], list[int], list[bool], list[tuple[str, ...]]],
        bounds: tuple[int, int],
        answered: int,
    ) -> Assessment:
        lows, highs, counted, mattering = scored
        known, ranges, missing = situation.values, situation.ranges, set[str]()
        if bounds[0] != bounds[1]:
            for counts, matters in zip(counted, mattering, strict=True):
                if counts:
                    missing.update(matters)
        conditions = []
        for requirement, test in self._requirements:
            met, unknown = test.met(known, ranges)
            missing.update(unknown)
            conditions.append(ConditionResult(requirement, met))
        vetoes = []
        for indicator, test in self._vetoes:
            met, unknown = test.met(known, ranges)
            missing.update(unknown)
            vetoes.append((indicator, met))
        lines = tuple(
            map(
                LineResult,
                self._indicators,
                lows,
                highs,
                counted,
                self._facts,
                repeat(known),
                repeat(self._rules.precision),
            )
        )
        return Assessment(
            self._rules,
            situation,
            bounds,
            tuple(conditions),
            tuple(vetoes),
            tuple([caution for caution, test in self._cautions if test.met(known, ranges)[0]]),
            lines,
            self._order(missing),
            answered,
        )

    def _order(self, missing: set[str]) -> tuple[str, ...]:
        """Missing facts as a person is asked for them, in the order of the vocabulary."""
        if not missing:
            return ()
        vocabulary = self._rules.vocabulary
        asked = {vocabulary.asked(ident) for ident in missing}
        return tuple(ident for ident in vocabulary.ids if ident in asked)
