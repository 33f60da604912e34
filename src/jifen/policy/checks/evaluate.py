"""Indicators as functions of their facts, and the values at which they are looked at."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from jifen.policy.mechanisms.base import Score
from jifen.policy.model import Indicator
from jifen.policy.stretches import breaks_of, representatives
from jifen.policy.vocabulary import WHOLE_TYPES, Fact, Vocabulary

_WALK = 1_000
_COMBINATIONS = 20_000


def gated(indicator: Indicator, scale: int) -> Score:
    """Points × scale of an indicator, its `when` included."""
    points = indicator.mechanism.score(scale)
    if indicator.when is None:
        return points
    holds = indicator.when.test()
    return lambda values: points(values) if holds(values) else 0


def applicable(fact: Fact, breaks: Iterable[Decimal]) -> tuple[Any, ...]:
    """Representative values of a fact where it applies."""
    return tuple(value for value in representatives(fact, breaks) if value is not None)


def axes(indicator: Indicator, vocabulary: Vocabulary) -> dict[str, tuple[Any, ...]]:
    """Representative values of every fact of an indicator, `does not apply` (None) included
    where it can be.
    """
    found = {}
    for ident, breaks in breaks_of(indicator).items():
        fact = vocabulary[ident]
        values = applicable(fact, breaks)
        found[ident] = values if fact.always_applies else (*values, None)
    return found


def people(values: Mapping[str, tuple[Any, ...]], most: int = _COMBINATIONS) -> Iterator[Any]:
    """Every combination of the values, at most so many."""
    names = list(values)
    for number, combination in enumerate(product(*values.values())):
        if number >= most:
            return
        yield dict(zip(names, combination, strict=True))


def walk(fact: Fact, breaks: set[Decimal], alone: bool) -> tuple[Any, ...]:
    """Values of a number fact from the least to the most: every whole one where the fact stands
    alone and its range is short, else those beside the break points.
    """
    if fact.type in WHOLE_TYPES and alone and fact.most - fact.least <= _WALK:
        return tuple(range(int(fact.least), int(fact.most) + 1))
    return applicable(fact, breaks)


@lru_cache(maxsize=1024)
def extremes(indicator: Indicator, vocabulary: Vocabulary, scale: int) -> tuple[Decimal, Decimal]:
    """The least and the most points that an indicator can give within the ranges of its facts."""
    score = gated(indicator, scale)
    found = [score(person) for person in people(axes(indicator, vocabulary))] or [0]
    return Decimal(min(found)) / scale, Decimal(max(found)) / scale


def countable(values: Mapping[str, tuple[Any, ...]]) -> bool:
    """Whether every combination can be looked at."""
    return prod(len(known) for known in values.values()) <= _COMBINATIONS
