"""What reading facts needs to know of some rules, worked out once: types, ranges, derivations."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jifen.policy.model import Rules
from jifen.policy.vocabulary import NUMBER_TYPES, WHOLE_TYPES, Derivation, Fact


class _Slow:
    """Says that a value needs the careful way: it is text, a date, or wrong."""


SLOW = _Slow()
Quick = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """For each fact id a quick check of a plain value; the derivations in order; what is used."""

    quick: dict[str, tuple[Fact, Quick]]
    derivations: tuple[tuple[Fact, Derivation, str], ...]
    """Derived fact, how, and the type of its source."""
    used: frozenset[str]
    useful: frozenset[str]
    """Used facts and what they are derived from."""


@lru_cache(maxsize=256)
def plan_for(rules: Rules) -> Plan:
    """The plan for some rules."""
    vocabulary = rules.vocabulary
    used = frozenset(rules.used)
    useful = set(used)
    for _ in range(2):  # identity number → birth date → age
        useful |= {f.derive.source for f in vocabulary if f.derive and f.id in useful}
    return Plan(
        {fact.id: (fact, _quick(fact)) for fact in vocabulary},
        tuple((f, f.derive, vocabulary[f.derive.source].type) for f in vocabulary if f.derive),
        used,
        frozenset(useful),
    )


def _quick(fact: Fact) -> Quick:
    if fact.type == "bool":
        return lambda value: value if value is True or value is False else SLOW
    if fact.type == "choice":
        ids = frozenset(fact.ids)
        return lambda value: value if value.__class__ is str and value in ids else SLOW
    if fact.type in NUMBER_TYPES and (fact.type in WHOLE_TYPES or fact.least == int(fact.least)):
        low, high = int(fact.least), int(fact.most)
        return lambda value: value if value.__class__ is int and low <= value <= high else SLOW
    return lambda value: SLOW
