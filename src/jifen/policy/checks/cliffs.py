"""Cliffs: values of a fact at which points fall, or one unit short of which they are not there.

A birthday that costs points, the threshold that one month too few misses, the window out of
which months drop, the record that is punished: what people ask about, and what appeals are about.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from jifen.policy.checks.evaluate import applicable, axes, gated, people, walk
from jifen.policy.condition import facts_of
from jifen.policy.from_derived import FromDerived
from jifen.policy.mechanisms.accrual import Accrual
from jifen.policy.mechanisms.condition import condition_breaks
from jifen.policy.mechanisms.words import points_text
from jifen.policy.model import Indicator, Requirement, Rules
from jifen.policy.stretches import breaks_of, representatives
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact, Vocabulary

Kind = Literal["birthday", "threshold", "window", "record", "rise", "condition"]


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
    kind: Kind

    def words(self) -> Text:
        """The cliff in a sentence."""
        low, high = self.fact.say(self.value), self.fact.say(self.last)
        name, cost = self.fact.label, self._cost()
        if self.kind == "record":
            return Text(f"每一次记录{cost.zh}", f"each record: {cost.en}")
        if not self.rising:
            zh = "，满足的月份移出窗口后也会失去" if self.kind == "window" else ""
            en = ", also when months leave the window" if self.kind == "window" else ""
            return Text(
                f"{name.zh}：不到 {low.zh}时，{cost.zh}{zh}",
                f"{name.en}: under {low.en}, {cost.en}{en}",
            )
        if self.value == self.last:
            return Text(
                f"{name.zh}：到 {low.zh}时，{cost.zh}", f"{name.en}: at {low.en}, {cost.en}"
            )
        return Text(
            f"{name.zh}：{low.zh}起至 {high.zh}，每次{cost.zh}",
            f"{name.en}: at each value from {low.en} to {high.en}, {cost.en}",
        )

    def _cost(self) -> Text:
        if self.drop is None:
            return Text("不再符合该申请条件", "the condition is not met")
        points = points_text(self.drop)
        return Text(f"少 {points.zh}", f"{points.en} fewer")


def cliffs(rules: Rules) -> tuple[Cliff, ...]:
    """Every cliff of the rules, in the order of the policy."""
    found: list[Cliff] = []
    for indicator in rules.indicators:
        if not indicator.is_veto:
            found += indicator_cliffs(indicator, rules.vocabulary, 10**rules.precision)
    for requirement in rules.requirements:
        found += _requirement_cliffs(requirement, rules.vocabulary)
    return tuple(found)


@lru_cache(maxsize=2048)
def indicator_cliffs(indicator: Indicator, vocabulary: Vocabulary, scale: int) -> tuple[Cliff, ...]:
    """The cliffs of one indicator, over everything that its other facts can be."""
    found: list[Cliff] = []
    breaks = breaks_of(indicator)
    for ident, own in breaks.items():
        fact = vocabulary[ident]
        if not fact.is_number or _is_gradual(indicator, ident):
            continue
        values = walk(fact, own, len(breaks) == 1)
        falls, jumps = _losses(indicator, vocabulary, scale, ident, values)
        if fact.derive and fact.derive.measure == "records_in_window":
            found += _record(indicator, fact, falls)
        else:
            found += _joined(indicator, fact, falls)
            at = {value: drop for value, drop in jumps.items() if Decimal(value) in own}
            kind: Kind = "window" if fact.derive and fact.derive.window else "threshold"
            found += [
                Cliff(indicator.id, indicator.label, fact, v, v, drop, False, kind)
                for v, drop in at.items()
            ]
    return tuple(found)


def _is_gradual(indicator: Indicator, ident: str) -> bool:
    """Whether points move with a fact in proportion or by a derived number: no value of it is one
    at which anybody falls."""
    mechanism = indicator.mechanism
    if isinstance(mechanism, FromDerived):
        return ident not in mechanism.own_facts()
    return isinstance(mechanism, Accrual) and mechanism.starts_at is None


def _losses(
    indicator: Indicator, vocabulary: Vocabulary, scale: int, ident: str, values: tuple[Any, ...]
) -> tuple[dict[Any, Decimal], dict[Any, Decimal]]:
    """By value: the largest fall on reaching it, and the largest gain on reaching it."""
    score = gated(indicator, scale)
    others = {name: known for name, known in axes(indicator, vocabulary).items() if name != ident}
    falls: dict[Any, int] = {}
    jumps: dict[Any, int] = {}
    for person in people(others, 5_000):
        before: int | None = None
        for value in values:
            person[ident] = value
            points = score(person)
            if before is not None and points < before:
                falls[value] = max(falls.get(value, 0), before - points)
            elif before is not None and points > before:
                jumps[value] = max(jumps.get(value, 0), points - before)
            before = points
    return _unscaled(falls, scale), _unscaled(jumps, scale)


def _unscaled(found: dict[Any, int], scale: int) -> dict[Any, Decimal]:
    return {value: Decimal(found[value]) / scale for value in sorted(found)}


def _record(indicator: Indicator, fact: Fact, falls: dict[Any, Decimal]) -> Iterator[Cliff]:
    if falls:
        drop = max(falls.values())
        yield Cliff(indicator.id, indicator.label, fact, 1, fact.most, drop, True, "record")


def _joined(indicator: Indicator, fact: Fact, falls: dict[Any, Decimal]) -> list[Cliff]:
    """Equal falls at neighbouring whole values become one cliff."""
    birthday = fact.derive is not None and fact.derive.measure == "completed_years"
    kind: Kind = "birthday" if birthday else "rise"
    found: list[Cliff] = []
    for value, drop in falls.items():
        end = found[-1] if found else None
        first = value
        if end and isinstance(value, int) and end.last == value - 1 and end.drop == drop:
            first = found.pop().value
        found.append(Cliff(indicator.id, indicator.label, fact, first, value, drop, True, kind))
    return found


def _requirement_cliffs(requirement: Requirement, vocabulary: Vocabulary) -> Iterator[Cliff]:
    """Numbers at which a condition of eligibility stops being met, all else being as it may."""
    holds = requirement.when.test()
    breaks: dict[str, set[Decimal]] = {}
    for ident, value in condition_breaks(requirement.when):
        breaks.setdefault(ident, set()).add(value)
    known = {ident: applicable(vocabulary[ident], own) for ident, own in breaks.items()}
    names = dict.fromkeys(atom for atom in facts_of(requirement.when) if atom not in known)
    known |= {ident: representatives(vocabulary[ident], ()) for ident in names}
    for ident in breaks:
        yield from _lost(requirement, vocabulary[ident], known, holds)


def _lost(
    requirement: Requirement,
    fact: Fact,
    known: dict[str, tuple[Any, ...]],
    holds: Callable[[Any], bool],
) -> Iterator[Cliff]:
    others = {ident: values for ident, values in known.items() if ident != fact.id}
    ends: dict[tuple[Any, bool], None] = {}
    for person in people(others, 5_000):
        before: bool | None = None
        for value in known[fact.id]:
            person[fact.id] = value
            met = holds(person)
            if before is not None and met != before:
                ends[value, before] = None
            before = met
    for value, rising in ends:
        kind: Kind = "condition"
        yield Cliff(requirement.id, requirement.label, fact, value, value, None, rising, kind)
