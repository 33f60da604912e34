"""Indicators as functions of their facts, and the values at which they are looked at."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from jifen.policy.break_points import find_breaks, list_representatives
from jifen.policy.mechanisms.base import ScoreFunction
from jifen.policy.model import Indicator
from jifen.policy.vocabulary import WHOLE_TYPES, Fact, Vocabulary

_MOST_STEPS = 1_000
_MOST_COMBINATIONS = 20_000


def compile_gated_score(indicator: Indicator, scale: int) -> ScoreFunction:
    """Points × scale of an indicator, its `when` included."""
    points = indicator.mechanism.compile_score(scale)
    if indicator.when is None:
        return points
    holds = indicator.when.compile_test()
    return lambda values: points(values) if holds(values) else 0


def list_applicable_values(fact: Fact, breaks: Iterable[Decimal]) -> tuple[Any, ...]:
    """Representative values of a fact where it applies."""
    return tuple(value for value in list_representatives(fact, breaks) if value is not None)


def list_axes(indicator: Indicator, vocabulary: Vocabulary) -> dict[str, tuple[Any, ...]]:
    """Representative values of every fact of an indicator, `does not apply` (None) included
    where it can be.
    """
    values_by_fact = {}
    for fact_id, breaks in find_breaks(indicator).items():
        fact = vocabulary[fact_id]
        values = list_applicable_values(fact, breaks)
        values_by_fact[fact_id] = values if fact.always_applies else (*values, None)
    return values_by_fact


def combine_values(
    values: Mapping[str, tuple[Any, ...]], most: int = _MOST_COMBINATIONS
) -> Iterator[Any]:
    """Every combination of the values, at most so many."""
    names = list(values)
    for number, combination in enumerate(product(*values.values())):
        if number >= most:
            return
        yield dict(zip(names, combination, strict=True))


def list_neighbouring_values(fact: Fact, breaks: set[Decimal], alone: bool) -> tuple[Any, ...]:
    """Values of a number fact from the least to the most: every whole one where the fact stands
    alone and its range is short, else those beside the break points.
    """
    if fact.type in WHOLE_TYPES and alone and fact.most - fact.least <= _MOST_STEPS:
        return tuple(range(int(fact.least), int(fact.most) + 1))
    return list_applicable_values(fact, breaks)


@lru_cache(maxsize=1024)
def find_extremes(
    indicator: Indicator, vocabulary: Vocabulary, scale: int
) -> tuple[Decimal, Decimal]:
    """The least and the most points that an indicator can give within the ranges of its facts."""
    score = compile_gated_score(indicator, scale)
    scores = [score(person) for person in combine_values(list_axes(indicator, vocabulary))] or [0]
    return Decimal(min(scores)) / scale, Decimal(max(scores)) / scale


def is_countable(values: Mapping[str, tuple[Any, ...]]) -> bool:
    """Whether every combination can be looked at."""
    return prod(len(known) for known in values.values()) <= _MOST_COMBINATIONS
