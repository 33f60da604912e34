"""Which indicators read the same facts, and how many evaluations exact bounds of them cost.

While facts are absent, an indicator is evaluated at every combination of what its absent facts may
be. Indicators that share an absent fact are looked at together, as one joint set: points that
exclude each other must not be added up. Both are done up to a limit that is the same for everybody;
beyond it there are bounds that hold but may be too wide.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

from jifen.policy.break_points import list_indicator_answers
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Indicator, Rules
from jifen.policy.shared_answers import list_shared_answers

MOST_COMBINATIONS = 10_000
"""Evaluations of indicators that one joint set, one indicator or one condition may cost."""
MOST_RUNS = 500_000
"""Evaluations that one assessment may cost in all; measures of very many indicators get a lower
limit for each of them."""

AbsentFacts = Mapping[int, Sequence[str]]
"""The number of an indicator whose points are open → its facts that are absent."""


@dataclass(frozen=True, slots=True)
class JointSet:
    """Indicators (by number) that share absent facts: those that two or more of them read, and the
    evaluations that looking at every combination costs. Not exact: it would cost too many."""

    indicators: tuple[int, ...]
    facts: tuple[str, ...]
    runs: int
    exact: bool


class Sharing:
    """The facts of the indicators of some rules, seen together. `most` replaces the limit."""

    def __init__(self, rules: Rules, most: int | None = None) -> None:
        vocabulary, self._most = rules.vocabulary, most or limit_combinations(rules)
        self.answers = [_list_answers(indicator, rules) for indicator in rules.indicators]
        readers: dict[str, list[Indicator]] = {}
        for indicator, answers in zip(rules.indicators, self.answers, strict=True):
            for fact_id in answers:
                readers.setdefault(fact_id, []).append(indicator)
        self._order = {fact_id: place for place, fact_id in enumerate(vocabulary.ids)}
        self.shared = {
            fact_id: list_shared_answers(several, vocabulary[fact_id], self._most)
            for fact_id, several in readers.items()
            if len(several) > 1
        }
        """Facts that several indicators read → what they may be (None: too many)."""

    @property
    def most(self) -> int:
        """Evaluations that one joint set, indicator or condition may cost under these rules."""
        return self._most

    def count_runs(self, line: int, absent: Iterable[str]) -> int:
        """The evaluations that exact bounds of one indicator cost."""
        return prod(len(self.answers[line].get(fact_id, ())) or 1 for fact_id in absent)

    def find_joint_sets(self, absent: AbsentFacts) -> tuple[JointSet, ...]:
        """The joint sets of two or more open indicators."""
        groups: list[tuple[set[int], set[str]]] = []
        for line, fact_ids in absent.items():
            lines, facts = {line}, {fact_id for fact_id in fact_ids if fact_id in self.shared}
            apart = []
            for other in groups:
                if other[1] & facts:
                    lines |= other[0]
                    facts |= other[1]
                else:
                    apart.append(other)
            groups = [*apart, (lines, facts)]
        return tuple(
            self._build_joint_set(sorted(lines), absent) for lines, _ in groups if len(lines) > 1
        )

    def _build_joint_set(self, lines: list[int], absent: AbsentFacts) -> JointSet:
        read = [fact_id for line in lines for fact_id in absent[line]]
        common = sorted({i for i in read if read.count(i) > 1}, key=self._order.__getitem__)
        answers = [self.shared[fact_id] for fact_id in common]
        alone = sum(self.count_runs(line, set(absent[line]) - set(common)) for line in lines)
        runs = alone * prod(len(values or ()) for values in answers)
        exact = None not in answers and runs <= self._most
        return JointSet(tuple(lines), tuple(common), runs, exact)


def _list_answers(indicator: Indicator, rules: Rules) -> dict[str, tuple[Any, ...]]:
    """What each fact of an indicator may be; nothing for a veto, which gives no points."""
    if isinstance(indicator.mechanism, Veto):
        return {}
    return list_indicator_answers(indicator, rules.vocabulary)


def limit_combinations(rules: Rules) -> int:
    """The limit of one joint set, indicator or condition: an indicator may be evaluated alone and
    in a set, so that all of them together stay within MOST_RUNS."""
    tests = len(rules.requirements) + len(rules.ways) + len(rules.cautions)
    places = 2 * len(rules.indicators) + tests
    return min(MOST_COMBINATIONS, MOST_RUNS // max(places, 1))


@lru_cache(maxsize=256)
def find_sharing(rules: Rules) -> Sharing:
    """What the indicators of some rules share; kept by the rules."""
    return Sharing(rules)
