"""Exact bounds while facts are absent: the same evaluator, run at representative values.

Running the evaluator on every combination of representatives of the absent facts gives exact
bounds, and shows which absent facts matter.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

Ranges = Mapping[str, tuple[int, int]]
"""For some absent facts, the least and the most that they can be."""


def restrict_to_ranges(
    values: Mapping[str, tuple[Any, ...]], ranges: Ranges
) -> Mapping[str, tuple[Any, ...]]:
    """Representatives cut down to the ranges; both ends of a range represent it as well."""
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
    """What `run` gives for every combination of representatives of the absent facts."""
    outcomes: dict[tuple[Any, ...], Any] = {}
    person = dict(known)
    for combination in product(*(values[fact_id] for fact_id in absent)):
        person.update(zip(absent, combination, strict=True))
        outcomes[combination] = run(person)
    return outcomes


def find_deciding_facts(
    absent: Sequence[str], found: Mapping[tuple[Any, ...], Any]
) -> tuple[str, ...]:
    """Those absent facts on which the outcome depends."""
    depends = []
    for position, fact_id in enumerate(absent):
        by_rest: dict[tuple[Any, ...], set[Any]] = {}
        for combination, outcome in found.items():
            rest = combination[:position] + combination[position + 1 :]
            by_rest.setdefault(rest, set()).add(outcome)
        if any(len(different) > 1 for different in by_rest.values()):
            depends.append(fact_id)
    return tuple(depends)
