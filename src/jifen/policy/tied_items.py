"""Items that count only beside another item, or only without it.

An indicator names others under `only_with` and `not_with`. Before anything else sees the rules, its
condition (`when`) is joined with the condition under which each of those gives points. So bounds,
compiled loops, forms, checks, pages and differences read one condition and know nothing of ties.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import reduce

from jifen.policy.catalogue import ElementName, join_list
from jifen.policy.condition import Both, Compare, Condition, Either, Member, Not
from jifen.policy.fault import find_nearest
from jifen.policy.mechanisms.base import Mechanism, MechanismLinker
from jifen.policy.mechanisms.choice import ChoicePoints
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.each_record import EachRecord
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.model import Indicator
from jifen.policy.shapes import Entry, Sink

TIES = ("only_with", "not_with")


def tie_items(
    indicators: Sequence[Indicator],
    entries: Mapping[str, Entry],
    linker: MechanismLinker,
    sink: Sink,
) -> list[Indicator]:
    """The indicators, with the conditions of their ties joined to their own. Ids that are not
    there, circles, and items of which no condition says whether they give points are faults."""
    return _ItemTies(indicators, entries, linker, sink).tie_all()


class _ItemTies:
    def __init__(
        self,
        indicators: Sequence[Indicator],
        entries: Mapping[str, Entry],
        linker: MechanismLinker,
        sink: Sink,
    ) -> None:
        self._indicators = {indicator.id: indicator for indicator in indicators}
        self._entries, self._linker, self._sink = entries, linker, sink
        self._tied: dict[str, Indicator] = {}
        self._under_way: list[str] = []

    def tie_all(self) -> list[Indicator]:
        tied = [self._tie(indicator) for indicator in self._indicators.values()]
        self._sink.element = None
        return tied

    def _tie(self, indicator: Indicator) -> Indicator:
        if indicator.id not in self._tied:
            self._under_way.append(indicator.id)
            conditions = [] if indicator.when is None else [indicator.when]
            for key in TIES:
                for ident in self._entries[indicator.id][key] or ():
                    self._sink.element = ElementName("indicator", indicator.id)
                    if (gives := self._find_condition(indicator, key, ident)) is not None:
                        conditions.append(gives if key == "only_with" else Not(gives))
            self._under_way.pop()
            when = reduce(Both, conditions) if conditions else None
            self._tied[indicator.id] = replace(indicator, when=when)
        return self._tied[indicator.id]

    def _find_condition(self, indicator: Indicator, key: str, ident: str) -> Condition | None:
        """When the named item gives points; None after a fault."""
        if not ident:
            return None
        place = self._entries[indicator.id].place_of(key)
        named = self._indicators.get(ident)
        if named is None:
            known = [other for other in self._indicators if other != indicator.id]
            words = {"item": ident, "known": join_list(known), "hint": find_nearest(ident, known)}
            self._linker.report_fault("JF-P095", place, "unknown", **words)
            return None
        if ident in self._under_way:
            self._linker.report_fault("JF-P095", place, "circle", item=ident, own=indicator.id)
            return None
        named = self._tie(named)
        gives = find_giving_condition(named.mechanism)
        if gives is None:
            self._linker.report_fault("JF-P095", place, "not_told", item=ident)
            return None
        return gives if named.when is None else Both(named.when, gives)


def find_giving_condition(mechanism: Mechanism) -> Condition | None:
    """The condition under which a mechanism gives points; None where no condition says it."""
    match mechanism:
        case PointsIf(when, points):
            return when if points else None
        case ChoicePoints(of, points):
            giving = tuple(answer for answer, given in points if given)
            return Member(of, giving, 0) if giving else None
        case EachRecord(count, each):
            return Compare(count, ">=", 1, 0) if each else None
        case PerUnit():
            return _find_first_unit(mechanism)
        case FirstOf(steps):
            return _find_giving_step([(step.when, step.points, step.inner) for step in steps])
    return None


def _find_first_unit(mechanism: PerUnit) -> Condition | None:
    """From which amount on units are paid; None where it has steps of its own."""
    if mechanism.first or mechanism.half or not mechanism.each or mechanism.most == 0:
        return None
    least = mechanism.every.amount
    if mechanism.starts_at:
        least = max(least, mechanism.starts_at.amount)
    return Compare(mechanism.of, ">=", int(least) if least == int(least) else least, 0)


def _find_giving_step(
    steps: Sequence[tuple[Condition | None, Decimal, Mechanism | None]],
) -> Condition | None:
    """Some step that gives points holds, and none before it. A step without condition is told only
    where it gives nothing."""
    giving: list[Condition] = []
    before: list[Condition] = []
    for when, points, inner in steps:
        if inner is not None or (when is None and points):
            return None
        if when is None:
            break
        if points:
            giving.append(reduce(Both, [when, *map(Not, before)]))
        else:
            before.append(when)
    return reduce(Either, giving) if giving else None
