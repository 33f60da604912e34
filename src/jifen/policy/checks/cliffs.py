"""Cliffs: values of a fact at which points fall, or one unit short of which they are not given.

Examples are a birthday that costs points, a threshold that is missed by one month, a window that
months leave, and a record that takes points off. People ask about these values, and appeal.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from jifen.policy.break_points import find_breaks, list_representatives
from jifen.policy.checks.evaluation import (
    combine_values,
    compile_gated_score,
    list_applicable_values,
    list_axes,
    list_neighbouring_values,
)
from jifen.policy.condition import list_condition_facts
from jifen.policy.derived_mechanism import FromDerived
from jifen.policy.mechanisms.accrual import Accrual
from jifen.policy.mechanisms.condition import list_condition_breaks
from jifen.policy.mechanisms.phrases import format_points
from jifen.policy.model import Indicator, Requirement, Rules
from jifen.policy.text import EMPTY, Text
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.policy.words import say

CliffKind = Literal["birthday", "threshold", "window", "record", "rise", "condition"]


@dataclass(frozen=True, slots=True)
class Cliff:
    """At `value` (to `last` in equal steps) of `fact` points fall by `drop`; None: eligibility.

    `rising` says whether the loss comes when the value rises (a birthday) or when it is lower.
    """

    about: str
    label: Text
    fact: Fact
    value: Any
    last: Any
    drop: Decimal | None
    rising: bool
    kind: CliffKind

    def describe_cliff(self) -> Text:
        """The cliff in a sentence."""
        low, high = self.fact.describe_value(self.value), self.fact.describe_value(self.last)
        name, cost = self.fact.label, self._describe_cost()
        if self.kind == "record":
            return say("checks.cliffs.each_record", cost=cost)
        if not self.rising:
            words = say("checks.cliffs.also_when_months_leave") if self.kind == "window" else EMPTY
            return say("checks.cliffs.under", name=name, low=low, cost=cost, words=words)
        if self.value == self.last:
            return say("checks.cliffs.at", name=name, low=low, cost=cost)
        return say("checks.cliffs.at_each_value", name=name, low=low, high=high, cost=cost)

    def _describe_cost(self) -> Text:
        if self.drop is None:
            return say("checks.cliffs.the_condition_is_not_met")
        points = format_points(self.drop)
        return say("checks.cliffs.fewer", points=points)


def find_cliffs(rules: Rules) -> tuple[Cliff, ...]:
    """Every cliff of the rules, in the order of the policy."""
    cliffs: list[Cliff] = []
    for indicator in rules.indicators:
        if not indicator.is_veto:
            cliffs += find_indicator_cliffs(indicator, rules.vocabulary, 10**rules.precision)
    for requirement in rules.requirements:
        cliffs += _find_requirement_cliffs(requirement, rules.vocabulary)
    return tuple(cliffs)


@lru_cache(maxsize=2048)
def find_indicator_cliffs(
    indicator: Indicator, vocabulary: Vocabulary, scale: int
) -> tuple[Cliff, ...]:
    """The cliffs of one indicator, over everything that its other facts can be."""
    cliffs: list[Cliff] = []
    breaks = find_breaks(indicator)
    for fact_id, own in breaks.items():
        fact = vocabulary[fact_id]
        if not fact.is_number or _is_gradual(indicator, fact_id):
            continue
        values = list_neighbouring_values(fact, own, len(breaks) == 1)
        falls, jumps = _measure_losses(indicator, vocabulary, scale, fact_id, values)
        if fact.derive and fact.derive.measure == "records_in_window":
            cliffs += _build_record_cliff(indicator, fact, falls)
        else:
            cliffs += _join_falls(indicator, fact, falls)
            losses_below = {value: drop for value, drop in jumps.items() if Decimal(value) in own}
            kind: CliffKind = "window" if fact.derive and fact.derive.window else "threshold"
            cliffs += [
                Cliff(indicator.id, indicator.label, fact, v, v, drop, False, kind)
                for v, drop in losses_below.items()
            ]
    return tuple(cliffs)


def _is_gradual(indicator: Indicator, fact_id: str) -> bool:
    """Whether points move with a fact in proportion or by a derived number: no value of it is one
    at which anybody falls."""
    mechanism = indicator.mechanism
    if isinstance(mechanism, FromDerived):
        return fact_id not in mechanism.list_own_facts()
    return isinstance(mechanism, Accrual) and mechanism.starts_at is None


def _measure_losses(
    indicator: Indicator, vocabulary: Vocabulary, scale: int, fact_id: str, values: tuple[Any, ...]
) -> tuple[dict[Any, Decimal], dict[Any, Decimal]]:
    """By value: the largest fall on reaching it, and the largest gain on reaching it."""
    score = compile_gated_score(indicator, scale)
    others = {
        name: known for name, known in list_axes(indicator, vocabulary).items() if name != fact_id
    }
    falls: dict[Any, int] = {}
    jumps: dict[Any, int] = {}
    for person in combine_values(others, 5_000):
        before: int | None = None
        for value in values:
            person[fact_id] = value
            points = score(person)
            if before is not None and points < before:
                falls[value] = max(falls.get(value, 0), before - points)
            elif before is not None and points > before:
                jumps[value] = max(jumps.get(value, 0), points - before)
            before = points
    return _unscale_points(falls, scale), _unscale_points(jumps, scale)


def _unscale_points(scaled: dict[Any, int], scale: int) -> dict[Any, Decimal]:
    return {value: Decimal(scaled[value]) / scale for value in sorted(scaled)}


def _build_record_cliff(
    indicator: Indicator, fact: Fact, falls: dict[Any, Decimal]
) -> Iterator[Cliff]:
    if falls:
        drop = max(falls.values())
        yield Cliff(indicator.id, indicator.label, fact, 1, fact.most, drop, True, "record")


def _join_falls(indicator: Indicator, fact: Fact, falls: dict[Any, Decimal]) -> list[Cliff]:
    """Equal falls at neighbouring whole values become one cliff."""
    birthday = fact.derive is not None and fact.derive.measure == "completed_years"
    kind: CliffKind = "birthday" if birthday else "rise"
    cliffs: list[Cliff] = []
    for value, drop in falls.items():
        end = cliffs[-1] if cliffs else None
        first = value
        if end and isinstance(value, int) and end.last == value - 1 and end.drop == drop:
            first = cliffs.pop().value
        cliffs.append(Cliff(indicator.id, indicator.label, fact, first, value, drop, True, kind))
    return cliffs


def _find_requirement_cliffs(requirement: Requirement, vocabulary: Vocabulary) -> Iterator[Cliff]:
    """Numbers at which a condition of eligibility stops being met, all else being as it may."""
    holds = requirement.when.compile_test()
    breaks: dict[str, set[Decimal]] = {}
    for fact_id, value in list_condition_breaks(requirement.when):
        breaks.setdefault(fact_id, set()).add(value)
    known = {
        fact_id: list_applicable_values(vocabulary[fact_id], own) for fact_id, own in breaks.items()
    }
    names = dict.fromkeys(
        atom for atom in list_condition_facts(requirement.when) if atom not in known
    )
    known |= {fact_id: list_representatives(vocabulary[fact_id], ()) for fact_id in names}
    for fact_id in breaks:
        yield from _find_condition_ends(requirement, vocabulary[fact_id], known, holds)


def _find_condition_ends(
    requirement: Requirement,
    fact: Fact,
    known: dict[str, tuple[Any, ...]],
    holds: Callable[[Any], bool],
) -> Iterator[Cliff]:
    others = {fact_id: values for fact_id, values in known.items() if fact_id != fact.id}
    ends: dict[tuple[Any, bool], None] = {}
    for person in combine_values(others, 5_000):
        before: bool | None = None
        for value in known[fact.id]:
            person[fact.id] = value
            met = holds(person)
            if before is not None and met != before:
                ends[value, before] = None
            before = met
    for value, rising in ends:
        kind: CliffKind = "condition"
        yield Cliff(requirement.id, requirement.label, fact, value, value, None, rising, kind)
