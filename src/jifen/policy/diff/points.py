"""Where the points of an indicator differ between two versions, and by how much."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jifen.policy.break_points import find_breaks
from jifen.policy.checks.evaluation import (
    combine_values,
    compile_gated_score,
    list_applicable_values,
)
from jifen.policy.mechanisms.base import Mechanism
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.mechanisms.phrases import format_points, set_minus_sign
from jifen.policy.mechanisms.scale import Scale
from jifen.policy.mechanisms.sum_of import SumOf
from jifen.policy.model import Indicator, Rules, list_facts_used
from jifen.policy.text import Text
from jifen.policy.vocabulary import WHOLE_TYPES, Fact
from jifen.policy.words import say

_MOST_STEPS = 1_000
_MOST_STRETCHES = 8


@dataclass(frozen=True, slots=True)
class PointChange:
    """Facts in words, and the points that they gave before and give after."""

    facts: Text
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """More is positive."""
        return self.after - self.before

    def describe_change(self) -> Text:
        """'60–70 个月：20 分 → 0 分（−20）'."""
        before, after = format_points(self.before), format_points(self.after)
        sign = "+" if self.difference > 0 else ""
        change = f"{sign}{set_minus_sign(f'{self.difference.normalize():f}')}"
        return say(
            "diff.points.change", facts=self.facts, before=before, after=after, change=change
        )


def compare_indicator_points(
    old: Indicator | None, new: Indicator | None, before: Rules, after: Rules
) -> tuple[PointChange, ...]:
    """Stretches of values (one fact) or the largest gain and loss (several facts); empty where
    the points are the same. An indicator that does not stand gives no points.
    """
    pair = _IndicatorPair(old, new, before, after)
    if not pair.facts:
        return ()
    return pair.list_stretches() if pair.is_stepwise else pair.find_extremes()


class _IndicatorPair:
    def __init__(
        self, old: Indicator | None, new: Indicator | None, before: Rules, after: Rules
    ) -> None:
        self._sides = [(old, 10**before.precision), (new, 10**after.precision)]
        self._scores = [_compile_score(indicator, scale) for indicator, scale in self._sides]
        self.facts: dict[str, Fact] = {}
        for indicator, rules in ((old, before), (new, after)):
            if indicator and not indicator.is_veto:
                self.facts |= {i: rules.vocabulary[i] for i in list_facts_used(indicator)}

    @property
    def is_stepwise(self) -> bool:
        """One fact whose every value, or every stretch of values, can be looked at."""
        facts = list(self.facts.values())
        bands = all(i is None or isinstance(i.mechanism, Scale) for i, _ in self._sides)
        return len(facts) == 1 and (bands or not facts[0].is_number or _is_short(facts[0]))

    def _find_breaks(self, fact_id: str) -> set[Decimal]:
        break_points: set[Decimal] = set()
        for indicator, _ in self._sides:
            if indicator:
                break_points |= find_breaks(indicator).get(fact_id, set())
                break_points |= {
                    amount for of, amount in _list_cap_values(indicator.mechanism) if of == fact_id
                }
        return break_points

    def _score_both(self, person: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
        return self._scores[0](person), self._scores[1](person)

    def list_stretches(self) -> tuple[PointChange, ...]:
        """Neighbouring values with the same points on both sides are one stretch."""
        fact_id, fact = next(iter(self.facts.items()))
        values: tuple[Any, ...] = list_applicable_values(fact, self._find_breaks(fact_id))
        if _is_short(fact):
            values = tuple(range(int(fact.least), int(fact.most) + 1))
        stretches: list[tuple[Any, Any, tuple[Decimal, Decimal]]] = []
        for value in values:
            points = self._score_both({fact_id: value})
            if stretches and stretches[-1][2] == points and fact.is_number:
                stretches[-1] = (stretches[-1][0], value, points)
            else:
                stretches.append((value, value, points))
        differ = [stretch for stretch in stretches if stretch[2][0] != stretch[2][1]]
        if len(differ) > _MOST_STRETCHES:
            return self.find_extremes()
        return tuple(PointChange(_describe_stretch(fact, a, b), *points) for a, b, points in differ)

    def find_extremes(self) -> tuple[PointChange, ...]:
        """The largest gain and the largest loss, with the values at which they occur."""
        values = {i: list_applicable_values(f, self._find_breaks(i)) for i, f in self.facts.items()}
        best: tuple[Decimal, Any] = (Decimal(0), None)
        worst = best
        for person in combine_values(values, 50_000):
            before, after = self._score_both(person)
            change = after - before
            if change > best[0]:
                best = (change, dict(person))
            if change < worst[0]:
                worst = (change, dict(person))
        return tuple(self._describe_extreme(person) for _, person in (best, worst) if person)

    def _describe_extreme(self, person: Mapping[str, Any]) -> PointChange:
        described = [
            (fact.label, fact.describe_value(person[fact_id]))
            for fact_id, fact in self.facts.items()
        ]
        words = Text(
            "，".join((f"{label.zh} {value.zh}" for label, value in described)),
            ", ".join((f"{label.en} {value.en}" for label, value in described)),
        )
        return PointChange(words, *self._score_both(person))


def _is_short(fact: Fact) -> bool:
    return fact.type in WHOLE_TYPES and fact.most - fact.least <= _MOST_STEPS


def _list_cap_values(mechanism: Mechanism) -> Iterator[tuple[str, Decimal]]:
    """Where a cap is reached: the value that shows a raised cap best."""
    inner: list[Mechanism | None] = []
    if isinstance(mechanism, FirstOf):
        inner = [step.inner for step in mechanism.steps]
    if isinstance(mechanism, SumOf):
        inner = list(mechanism.parts)
    for unit in (mechanism, *inner):
        if isinstance(unit, PerUnit) and unit.most is not None and unit.each > 0:
            start, points = unit.first or (None, Decimal(0))
            units = -(-(unit.most - points) // unit.each)
            yield unit.of, (start.amount if start else Decimal(0)) + units * unit.every.amount


def _compile_score(
    indicator: Indicator | None, scale: int
) -> Callable[[Mapping[str, Any]], Decimal]:
    if indicator is None:
        return lambda person: Decimal(0)
    points = compile_gated_score(indicator, scale)
    return lambda person: Decimal(points(person)) / scale


def _describe_stretch(fact: Fact, low: Any, high: Any) -> Text:
    first, last = fact.describe_value(low), fact.describe_value(high)
    label = fact.label
    if low == high:
        return Text(f"{label.zh} {first.zh}", f"{label.en} {first.en}")
    if Decimal(high) == fact.most:
        return say("diff.points.or_more", label=label, first=first)
    return say("diff.points.to", label=label, first=first, last=last)
