"""Exact bounds while facts are absent: the evaluator runs on representative values.

Evaluating every combination of representative values of the absent facts gives exact bounds, and
shows which absent facts change the outcome.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

Ranges = Mapping[str, tuple[int, int]]
"""Absent fact → its least and its most possible value, where records limit it."""


def restrict_to_ranges(
    values: Mapping[str, tuple[Any, ...]], ranges: Ranges
) -> Mapping[str, tuple[Any, ...]]:
    """Representative values inside the ranges, and both ends of each range."""
    if not ranges:
        return values
    restricted = dict(values)
    for fact_id in values.keys() & ranges.keys():
        low, high = ranges[fact_id]
        inside = {value for value in values[fact_id] if value is not None and low <= value <= high}
        restricted[fact_id] = tuple(sorted(inside | {low, high}))
    return restricted


def evaluate_combinations(
    run: Callable[[Mapping[str, Any]], Any],
    known: Mapping[str, Any],
    absent: Sequence[str],
    values: Mapping[str, tuple[Any, ...]],
) -> dict[tuple[Any, ...], Any]:
    """The result of `run` for every combination of representative values of the absent facts."""
    outcomes: dict[tuple[Any, ...], Any] = {}
    person = dict(known)
    for combination in product(*(values[fact_id] for fact_id in absent)):
        person.update(zip(absent, combination, strict=True))
        outcomes[combination] = run(person)
    return outcomes


def find_deciding_facts(
    absent: Sequence[str], outcomes: Mapping[tuple[Any, ...], Any]
) -> tuple[str, ...]:
    """The absent facts that change the outcome."""
    depends = []
    for position, fact_id in enumerate(absent):
        by_rest: dict[tuple[Any, ...], set[Any]] = {}
        for combination, outcome in outcomes.items():
            rest = combination[:position] + combination[position + 1 :]
            by_rest.setdefault(rest, set()).add(outcome)
        if any(len(different) > 1 for different in by_rest.values()):
            depends.append(fact_id)
    return tuple(depends)
