"""One person of whom every fact is known: the quick way of the plain evaluator.

What reads a single fact is looked up by the value of the fact. The tables are filled by the
compiled mechanisms and conditions themselves, value by value as they come, so that both ways agree.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Caution, Indicator, Requirement, WayIn
from jifen.scoring.indicator_bounds import IndicatorEvaluator
from jifen.scoring.result import ConditionResult, WayResult
from jifen.scoring.settled_tally import SettledTally, take_items

KnownFacts = Mapping[str, Any]
Outcome = Callable[[KnownFacts], Any]
_MOST_VALUES = 1_000
"""Values of one fact for which an outcome is kept. Others are worked out each time."""


class OutcomesByValue(dict[Hashable, Any]):
    """What an outcome of one fact is, by the value of the fact."""

    def __init__(self, fact: str, outcome: Outcome) -> None:
        super().__init__()
        self._fact, self._outcome = fact, outcome

    def __missing__(self, value: Hashable) -> Any:
        outcome = self._outcome({self._fact: value})
        if len(self) < _MOST_VALUES:
            self[value] = outcome
        return outcome


class SettledResult(NamedTuple):
    """What every line gives and whether it counts, the total before the floor, and what holds."""

    points: Sequence[int]
    counted: list[bool]
    total: int
    conditions: tuple[ConditionResult, ...]
    vetoes: tuple[tuple[Indicator, bool], ...]
    ways: tuple[WayResult, ...]
    cautions: tuple[Caution, ...]


Part = tuple[tuple[str, ...], Outcome]
"""The facts that something reads, and what it gives."""


class SettledEvaluator:
    """The lines, conditions, vetoes and cautions of some rules, for whom every fact is known."""

    def __init__(
        self,
        lines: Sequence[IndicatorEvaluator],
        tally: SettledTally,
        requirements: Sequence[Requirement],
        vetoes: Sequence[Indicator],
        ways: Sequence[WayIn],
        cautions: Sequence[Caution],
        parts: Sequence[Part],
    ) -> None:
        """`parts` are the tests of the requirements, vetoes, ways and cautions, in this order."""
        self._tally, self._cautions = tally, cautions
        self._lines, self._conditions = len(lines), len(lines) + len(requirements)
        self._vetoes = self._conditions + len(vetoes)
        self._ways = self._vetoes + len(ways)
        scores: list[Part] = [
            ((), _give_nothing)
            if isinstance(line.indicator.mechanism, Veto)
            else (line.facts, line.score)
            for line in lines
        ]
        results: list[Callable[[bool], Any]] = [
            *(_name_condition(requirement) for requirement in requirements),
            *(_name_veto(indicator) for indicator in vetoes),
            *(_name_way(way) for way in ways),
            *(bool for _ in cautions),
        ]
        named = [
            (facts, _compose(result, test))
            for result, (facts, test) in zip(results, parts, strict=True)
        ]
        self._compile([*scores, *named])

    def _compile(self, parts: Sequence[Part]) -> None:
        """Tables for what reads a single fact; what reads several, or none, is called."""
        single = [number for number, (facts, _) in enumerate(parts) if len(facts) == 1]
        others = [number for number, (facts, _) in enumerate(parts) if len(facts) != 1]
        self._tables = [OutcomesByValue(parts[n][0][0], parts[n][1]) for n in single]
        self._called = [parts[number][1] for number in others]
        order = [*single, *others]
        self._arrange = take_items([order.index(number) for number in range(len(parts))])
        read = [parts[n][0][0] for n in single]
        read += [fact for n in others for fact in parts[n][0]]
        # every fact must be known: also one that what is called would not look at
        self._read_facts = take_items([*read[: len(single)], *dict.fromkeys(read[len(single) :])])

    def evaluate(self, known: KnownFacts) -> SettledResult:
        """Everything about a person. Raises KeyError where a fact is absent."""
        values = self._read_facts(known)
        outcomes = [table[value] for table, value in zip(self._tables, values, strict=False)]
        outcomes += [outcome(known) for outcome in self._called]
        arranged = self._arrange(outcomes)
        points, cautions = arranged[: self._lines], arranged[self._ways :]
        total, counted = self._tally(points)
        return SettledResult(
            points,
            counted,
            total,
            arranged[self._lines : self._conditions],
            arranged[self._conditions : self._vetoes],
            arranged[self._vetoes : self._ways],
            tuple([c for c, holds in zip(self._cautions, cautions, strict=True) if holds])
            if True in cautions
            else (),
        )


def _give_nothing(known: KnownFacts) -> int:
    """The points of a veto."""
    del known
    return 0


def _name_condition(requirement: Requirement) -> Callable[[bool], ConditionResult]:
    answers = {met: ConditionResult(requirement, met) for met in (False, True)}
    return answers.__getitem__


def _name_veto(indicator: Indicator) -> Callable[[bool], tuple[Indicator, bool]]:
    answers = {met: (indicator, met) for met in (False, True)}
    return answers.__getitem__


def _name_way(way: WayIn) -> Callable[[bool], WayResult]:
    answers = {met: WayResult(way, met) for met in (False, True)}
    return answers.__getitem__


def _compose(result: Callable[[bool], Any], test: Callable[[KnownFacts], bool]) -> Outcome:
    return lambda known: result(test(known))
