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
QuickCheck = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """For each fact id a quick check of a plain value; the derivations in order; what is used."""

    quick: dict[str, tuple[Fact, QuickCheck]]
    derivations: tuple[tuple[Fact, Derivation, str], ...]
    """Derived fact, how, and the type of its source."""
    used: frozenset[str]
    useful: frozenset[str]
    """Used facts and what they are derived from."""


@lru_cache(maxsize=256)
def build_reading_plan(rules: Rules) -> ReadingPlan:
    """The plan for some rules."""
    vocabulary = rules.vocabulary
    used = frozenset(rules.used)
    useful = set(used)
    for _ in range(2):  # identity number → birth date → age
        useful |= {f.derive.source for f in vocabulary if f.derive and f.id in useful}
    return ReadingPlan(
        {fact.id: (fact, _build_quick_check(fact)) for fact in vocabulary},
        tuple((f, f.derive, vocabulary[f.derive.source].type) for f in vocabulary if f.derive),
        used,
        frozenset(useful),
    )


def _build_quick_check(fact: Fact) -> QuickCheck:
    if fact.type == "bool":
        return lambda value: value if value is True or value is False else SLOW
    if fact.type == "choice":
        ids = frozenset(fact.ids)
        return lambda value: value if value.__class__ is str and value in ids else SLOW
    if fact.type in NUMBER_TYPES and (fact.type in WHOLE_TYPES or fact.least == int(fact.least)):
        low, high = int(fact.least), int(fact.most)
        return lambda value: value if value.__class__ is int and low <= value <= high else SLOW
    return lambda value: SLOW
