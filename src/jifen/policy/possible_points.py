"""The points that are possible while facts are unknown, computed from each fact by itself.

This is cheap. The bounds are never too narrow, but may be too wide: where two parts of a rule read
one fact, each part is evaluated as if it were independent of the other.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jifen.policy.condition import Both, Condition, Either, Not

PossibleValues = Mapping[str, tuple[Any, ...]]
"""Fact → the values that it may have; one value where it is known."""

BoundsFunction = Callable[[PossibleValues], tuple[int, int]]
"""What facts may be → the least and the most points in the policy's smallest unit."""


def list_outcomes(condition: Condition, possible: PossibleValues) -> frozenset[bool]:
    """{True}, {False} or both: what a condition may be, each comparison is evaluated by itself."""
    if isinstance(condition, Not):
        return frozenset(not inner for inner in list_outcomes(condition.inner, possible))
    if isinstance(condition, Both | Either):
        left = list_outcomes(condition.left, possible)
        right = list_outcomes(condition.right, possible)
        both = isinstance(condition, Both)
        return frozenset((a and b) if both else (a or b) for a in left for b in right)
    holds, fact = condition.compile_test(), condition.fact
    return frozenset(holds({fact: value}) for value in possible[fact])


def compile_single_bounds(score: Callable[[Mapping[str, Any]], int], fact: str) -> BoundsFunction:
    """The span of a mechanism that reads one fact: its points at each value."""

    def bound_points(possible: PossibleValues) -> tuple[int, int]:
        return find_widest((score({fact: value}),) * 2 for value in possible[fact])

    return bound_points


def find_widest(ends: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The least and the most of several spans; (0, 0) where there is none."""
    every = list(ends) or [(0, 0)]
    return min(low for low, _ in every), max(high for _, high in every)
