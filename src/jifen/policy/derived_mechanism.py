"""A mechanism that reads derived numbers, seen from the facts from which they are computed.

A mechanism that reads a derived number is wrapped in `FromDerived`, so that bounds, forms and
tables ask for facts. Its points must only rise or only fall with a derived number; then they only
rise or only fall with each fact, and the least and the greatest value of a fact give the extremes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jifen.policy.condition import list_condition_facts
from jifen.policy.derived_numbers import describe_formula
from jifen.policy.formulas import PersonOperations
from jifen.policy.mechanisms.base import FactValues, Mechanism, RuleRow, ScoreFunction
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.sum_of import SumOf
from jifen.policy.mechanisms.table import PointsTable
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import DerivedNumber, Indicator
from jifen.policy.possible_points import BoundsFunction, PossibleValues
from jifen.policy.text import Lang
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.policy.words import say

_FINEST_SCALE = 10_000
"""Points in their smallest unit: a policy has at most four places."""


@dataclass(frozen=True, slots=True)
class FromDerived:
    """`inner` reads `numbers` (and perhaps facts)."""

    inner: Mechanism
    numbers: tuple[DerivedNumber, ...]

    def list_facts(self) -> tuple[str, ...]:
        own = self.list_own_facts()
        return tuple(
            dict.fromkeys((*own, *(i for n in self.numbers for i in n.formula.list_facts())))
        )

    def list_own_facts(self) -> tuple[str, ...]:
        """The facts that `inner` reads as they are."""
        derived = {number.fact.id for number in self.numbers}
        return tuple(fact_id for fact_id in self.inner.list_facts() if fact_id not in derived)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        own = set(self.list_own_facts())
        yield from (
            break_point for break_point in self.inner.list_breaks() if break_point[0] in own
        )

    def evaluate_numbers(self, values: FactValues) -> dict[str, int]:
        """The derived numbers of a person of whom every fact is known."""
        person = PersonOperations(values)
        return {number.fact.id: number.formula.evaluate_with(person) for number in self.numbers}

    def compile_score(self, scale: int) -> ScoreFunction:
        points, own = self.inner.compile_score(scale), self.list_own_facts()
        numbers = [(number.fact.id, number.formula) for number in self.numbers]

        def score_facts(v: FactValues) -> int:
            person = PersonOperations(v)
            seen = {fact_id: v[fact_id] for fact_id in own}
            for fact_id, formula in numbers:
                seen[fact_id] = formula.evaluate_with(person)
            return points(seen)

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        inner = self.inner.compile_bounds(scale)

        def bound_points(possible: PossibleValues) -> tuple[int, int]:
            ranges = {
                fact_id: (min(v or 0 for v in values), max(v or 0 for v in values))
                for number in self.numbers
                for fact_id in number.formula.find_directions()
                for values in [possible[fact_id]]
            }
            ends = {n.fact.id: n.formula.find_range(ranges) for n in self.numbers}
            return inner({**possible, **ends})

        return bound_points

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        reckoned = (
            RuleRow(number.fact.label, describe_formula(number.formula, vocabulary))
            for number in self.numbers
        )
        return (*self.inner.list_rows(vocabulary), *reckoned)

    def find_row(self, values: FactValues) -> int | None:
        own = {fact_id: values[fact_id] for fact_id in self.list_own_facts()}
        return self.inner.find_row({**own, **self.evaluate_numbers(values)})

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        sentences = [self.inner.describe_rule(vocabulary, lang)]
        for number in self.numbers:
            label, how = number.fact.label(lang), describe_formula(number.formula, vocabulary)(lang)
            sentences.append(say("derived_mechanism.rule", label=label, how=how)(lang))
        return say("derived_mechanism.rule_rule")(lang).join(sentences)

    def find_direction(self, fact: str) -> int:
        """1 where more of a fact never costs points, -1 where it never brings any, 0 where some of
        the derived numbers move one way and some the other."""
        signs = {
            sign * (slope or 0)
            for number in self.numbers
            for part in _list_moving_parts(self.inner, number.fact.id)
            for slope in _find_slopes(part, number.fact)
            if (sign := number.formula.find_directions().get(fact, 0))
        } - {0}
        if fact in self.list_own_facts():
            return 0
        return signs.pop() if len(signs) == 1 else 0


def find_one_way(indicator: Indicator) -> dict[str, int]:
    """Facts that an indicator reads in derived numbers only → 1 or -1: with more of one the points
    move that way, or stay, whatever the other facts are."""
    mechanism = indicator.mechanism
    if not isinstance(mechanism, FromDerived):
        return {}
    numbers = {i for number in mechanism.numbers for i in number.formula.find_directions()}
    conditions = list_condition_facts(indicator.when) if indicator.when else ()
    free = numbers - {*mechanism.list_own_facts(), *conditions}
    directions = {fact_id: mechanism.find_direction(fact_id) for fact_id in free}
    return {fact_id: sign for fact_id, sign in directions.items() if sign}


def unwrap_mechanism(mechanism: Mechanism) -> Mechanism:
    """The mechanism as it is written, whether or not it reads derived numbers."""
    return mechanism.inner if isinstance(mechanism, FromDerived) else mechanism


def wrap_derived(mechanism: Mechanism, derived: dict[str, DerivedNumber]) -> Mechanism:
    """The mechanism, put into a FromDerived where it reads derived numbers."""
    read = tuple(derived[fact_id] for fact_id in mechanism.list_facts() if fact_id in derived)
    return FromDerived(mechanism, read) if read else mechanism


def find_turning_number(mechanism: Mechanism) -> str:
    """A derived number with which the points of a mechanism rise and fall; empty where none."""
    if not isinstance(mechanism, FromDerived):
        return ""
    for number in mechanism.numbers:
        signs = {
            slope
            for part in _list_moving_parts(mechanism.inner, number.fact.id)
            for slope in _find_slopes(part, number.fact)
        }
        if None in signs or len(signs - {0}) > 1:
            return number.fact.id
    for fact_id in mechanism.list_facts():
        moved = [n for n in mechanism.numbers if fact_id in n.formula.find_directions()]
        several = len(moved) > 1 or (moved and fact_id in mechanism.list_own_facts())
        if several and mechanism.find_direction(fact_id) == 0:
            return moved[0].fact.id
    return ""


def _list_moving_parts(mechanism: Mechanism, fact_id: str) -> Iterator[Mechanism]:
    """The parts of a mechanism whose points move with a number."""
    if isinstance(mechanism, FirstOf):
        for step in mechanism.steps:
            if step.inner:
                yield from _list_moving_parts(step.inner, fact_id)
    elif isinstance(mechanism, SumOf):
        for part in mechanism.parts:
            yield from _list_moving_parts(part, fact_id)
    elif not isinstance(mechanism, PointsIf | Veto) and fact_id in mechanism.list_facts():
        yield mechanism


def _find_slopes(mechanism: Mechanism, number: Fact) -> set[int | None]:
    """How the points of a part move with a number; of a table, in each of its columns."""
    if isinstance(mechanism, PointsTable):
        return {*mechanism.list_directions(number.id, number.least)}
    return {_find_slope(mechanism, number)}


def _find_slope(mechanism: Mechanism, number: Fact) -> int | None:
    """1, -1 or 0 (level) for points that only rise, only fall or stay; None where they do both."""
    least, most = int(number.least), int(number.most)
    near = {least, most}
    for _, value in mechanism.list_breaks():
        near |= {int(value) - 1, int(value), int(value) + 1}
    score = mechanism.compile_score(_FINEST_SCALE)
    points = [score({number.id: value}) for value in sorted(near) if least <= value <= most]
    signs = {(low < high) - (high < low) for low, high in pairwise(points)} - {0}
    if len(signs) > 1:
        return None
    return signs.pop() if signs else 0
