"""The plain evaluator: scores one person under one policy on one day.

It gives every point with its reason, and bounds while facts are missing. The population kernel and
the device module are tested against it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache, partial
from itertools import repeat
from typing import Any, NamedTuple

from jifen.facts.situation import Situation, read_situation
from jifen.policy.fault import Place
from jifen.policy.joint_sets import Sharing, find_sharing
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Lang
from jifen.scoring.indicator_bounds import ConditionEvaluator, IndicatorBounds, IndicatorEvaluator
from jifen.scoring.joint_totals import JointTotals
from jifen.scoring.result import Assessment, ConditionResult, LineResult, WayResult
from jifen.scoring.settled_evaluator import SettledEvaluator, SettledResult
from jifen.scoring.settled_tally import compile_settled_tally
from jifen.scoring.tree import build_tree, list_factors

KnownFacts = Mapping[str, Any]


def assess(
    policy: Policy,
    facts: KnownFacts,
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
    rules = policy.rules_on(on, readings)
    situation = read_situation(rules, facts, on, places=places, lang=lang, also_known=also_known)
    return score_situation(rules, situation)


def score_situation(rules: Rules, situation: Situation) -> Assessment:
    """Score a situation whose facts are already read and checked."""
    return evaluator_for(rules).evaluate(situation)


@lru_cache(maxsize=256)
def evaluator_for(rules: Rules) -> "Evaluator":
    """The evaluator of some rules; the same rules share one evaluator."""
    return Evaluator(rules)


class Evaluator:
    """The evaluator of some rules. It counts points as integers: points × 10 ** precision.

    `most` overrides how many evaluations the bounds of one indicator, set or condition may cost.
    """

    def __init__(self, rules: Rules, most: int | None = None) -> None:
        self._rules = rules
        scale = 10**rules.precision
        self._sharing = Sharing(rules, most) if most else find_sharing(rules)
        limit = self._sharing.most
        self._lines = [
            IndicatorEvaluator(indicator, answers, scale, limit)
            for indicator, answers in zip(rules.indicators, self._sharing.answers, strict=True)
        ]
        self._indicators = [line.indicator for line in self._lines]
        self._facts = [line.facts for line in self._lines]
        self._tree = build_tree(rules, scale)
        self._multipliers = {factor.line for factor in list_factors(self._tree)}
        self._floor = None if rules.floor is None else int(rules.floor * scale)
        self._joint = JointTotals(self._tree, self._sharing, self._lines)
        self._requirements = [
            (r, ConditionEvaluator(r.when, rules, limit)) for r in rules.requirements
        ]
        self._ways = [(way, ConditionEvaluator(way.when, rules, limit)) for way in rules.ways]
        self._cautions = [(c, ConditionEvaluator(c.when, rules, limit)) for c in rules.cautions]
        self._vetoes = [
            (indicator, ConditionEvaluator(indicator.mechanism.when, rules, limit))
            for indicator in rules.indicators
            if isinstance(indicator.mechanism, Veto) and indicator.mechanism.refuses
        ]
        self._settled = self._build_settled_evaluator()

    def _build_settled_evaluator(self) -> SettledEvaluator | None:
        """The quick way for people of whom everything is known, where nothing multiplies."""
        tally = compile_settled_tally(self._tree, len(self._lines))
        if tally is None:
            return None
        tests = [*self._requirements, *self._vetoes, *self._ways, *self._cautions]
        return SettledEvaluator(
            self._lines,
            tally,
            [requirement for requirement, _ in self._requirements],
            [indicator for indicator, _ in self._vetoes],
            [way for way, _ in self._ways],
            [caution for caution, _ in self._cautions],
            [(test.facts, test.holds) for _, test in tests],
        )

    def evaluate(self, situation: Situation) -> Assessment:
        """Every line, condition and veto, the total and its bounds."""
        if self._settled is not None:
            try:
                settled = self._settled.evaluate(situation.values)
            except KeyError:  # a fact is absent
                return self.evaluate_with_absent_facts(situation)
            return self._assess_settled(situation, settled)
        return self.evaluate_with_absent_facts(situation)

    def _assess_settled(self, situation: Situation, settled: SettledResult) -> Assessment:
        total, points = settled.total, settled.points
        if self._floor is not None and total < self._floor:
            total = self._floor
        lines = zip(
            self._indicators,
            points,
            points,
            settled.counted,
            self._facts,
            repeat(situation.values),
            repeat(self._rules.precision),
            repeat(True),
            repeat(None),
            strict=False,
        )
        return Assessment(
            self._rules,
            situation,
            (total, total),
            settled.conditions,
            settled.vetoes,
            settled.cautions,
            tuple(map(_build_line, lines)),
            (),
            total,
            ways=settled.ways,
        )

    def evaluate_with_absent_facts(self, situation: Situation) -> Assessment:
        """The same for any person: every line has bounds. The oracle of the quick way."""
        known = situation.values
        lines = []
        for line in self._lines:
            if known.keys() >= line.needed:
                point_count = line.score(known)
                lines.append(IndicatorBounds(point_count, point_count, ()))
            else:
                lines.append(line.bound_points(known, situation.ranges))
        return self._assess_total(situation, lines)

    def _assess_total(self, situation: Situation, lines: list[IndicatorBounds]) -> Assessment:
        lows, highs = [line.low for line in lines], [line.high for line in lines]
        counted = [True] * len(lines)
        low, high = self._tree.tally_bounds(lows, highs, counted)
        exact = True
        if low != high:
            joint = self._joint.bound_total(lines, situation.values, situation.ranges)
            low, high, exact = joint or (low, high, exact)
            exact = exact and all(map(_is_settled, lines, counted))
        if self._floor is not None:
            low, high = max(low, self._floor), max(high, self._floor)
        answered = low if low == high else self._settled_total(lows, highs)
        exact = exact or low == high
        return self._build_assessment(
            situation, lines, counted, TotalBounds(low, high, answered, exact)
        )

    def _settled_total(self, lows: list[int], highs: list[int]) -> int:
        """The total of the indicators whose points are known; the others count as 0."""
        settled = [a if a == b else 0 for a, b in zip(lows, highs, strict=True)]
        total, _ = self._tree.tally_bounds(settled, settled, [True] * len(settled))
        return total if self._floor is None else max(total, self._floor)

    def _build_assessment(
        self,
        situation: Situation,
        lines: list[IndicatorBounds],
        counted: list[bool],
        total: "TotalBounds",
    ) -> Assessment:
        known, ranges, missing = situation.values, situation.ranges, set[str]()
        exact = total.exact
        if total.low != total.high:
            for line, counts in zip(lines, counted, strict=True):
                if counts:
                    missing.update(line.deciding_facts)
        conditions = []
        for requirement, test in self._requirements:
            answer = test.evaluate(known, ranges)
            missing.update(answer.deciding_facts)
            exact = exact and answer.exact
            conditions.append(ConditionResult(requirement, answer.met))
        vetoes = []
        for indicator, test in self._vetoes:
            answer = test.evaluate(known, ranges)
            missing.update(answer.deciding_facts)
            exact = exact and answer.exact
            vetoes.append((indicator, answer.met))
        ways = []
        for way, test in self._ways:
            answer = test.evaluate(known, ranges)
            missing.update(answer.deciding_facts)
            exact = exact and answer.exact
            ways.append(WayResult(way, answer.met))
        return Assessment(
            self._rules,
            situation,
            (total.low, total.high),
            tuple(conditions),
            tuple(vetoes),
            tuple(
                [caution for caution, test in self._cautions if test.evaluate(known, ranges).met]
            ),
            self._line_results(lines, counted, known),
            self._order_missing_facts(missing),
            total.answered,
            exact,
            tuple(ways),
        )

    def _line_results(
        self, lines: list[IndicatorBounds], counted: list[bool], known: KnownFacts
    ) -> tuple[LineResult, ...]:
        precision = self._rules.precision
        if self._multipliers:
            return self._line_results_with_multipliers(lines, counted, known)
        return tuple(
            [
                LineResult(
                    indicator, line.low, line.high, counts, facts, known, precision, line.exact
                )
                for indicator, line, counts, facts in zip(
                    self._indicators, lines, counted, self._facts, strict=True
                )
            ]
        )

    def _line_results_with_multipliers(
        self, lines: list[IndicatorBounds], counted: list[bool], known: KnownFacts
    ) -> tuple[LineResult, ...]:
        """The same where some lines multiply: these give no points."""
        states = {number: (lines[number].low, lines[number].high) for number in self._multipliers}
        points = [
            line._replace(low=0, high=0) if number in states else line
            for number, line in enumerate(lines)
        ]
        return tuple(
            LineResult(
                indicator,
                line.low,
                line.high,
                counts,
                facts,
                known,
                self._rules.precision,
                line.exact,
                states.get(number),
            )
            for number, (indicator, line, counts, facts) in enumerate(
                zip(self._indicators, points, counted, self._facts, strict=True)
            )
        )

    def _order_missing_facts(self, missing: set[str]) -> tuple[str, ...]:
        """The questions that give the missing facts, in the order of the vocabulary."""
        if not missing:
            return ()
        vocabulary = self._rules.vocabulary
        asked = {vocabulary.find_asked_fact(fact_id) for fact_id in missing}
        return tuple(fact_id for fact_id in vocabulary.ids if fact_id in asked)


class TotalBounds(NamedTuple):
    """The bounds of a total, whether they are exact, and the total of the known indicators."""

    low: int
    high: int
    answered: int
    exact: bool


_build_line: Callable[[Iterable[Any]], LineResult] = partial(tuple.__new__, LineResult)
"""A LineResult of its fields in their order, without a call in Python for each."""


def _is_settled(line: IndicatorBounds, counts: bool) -> bool:
    return line.exact or not counts
