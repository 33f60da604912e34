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
    cut = dict(values)
    for ident in values.keys() & ranges.keys():
        low, high = ranges[ident]
        inside = {value for value in values[ident] if value is not None and low <= value <= high}
        cut[ident] = tuple(sorted(inside | {low, high}))
    return cut


def evaluate_combinations(
    run: Callable[[Mapping[str, Any]], Any],
    known: Mapping[str, Any],
    absent: Sequence[str],
    values: Mapping[str, tuple[Any, ...]],
) -> dict[tuple[Any, ...], Any]:
    """What `run` gives for every combination of representatives of the absent facts."""
    found: dict[tuple[Any, ...], Any] = {}
    person = dict(known)
    for combination in product(*(values[ident] for ident in absent)):
        person.update(zip(absent, combination, strict=True))
        found[combination] = run(person)
    return found


def find_deciding_facts(
    absent: Sequence[str], found: Mapping[tuple[Any, ...], Any]
) -> tuple[str, ...]:
    """Those absent facts on which the outcome depends."""
    depends = []
    for at, ident in enumerate(absent):
        by_rest: dict[tuple[Any, ...], set[Any]] = {}
        for combination, outcome in found.items():
            rest = combination[:at] + combination[at + 1 :]
            by_rest.setdefault(rest, set()).add(outcome)
        if any(len(different) > 1 for different in by_rest.values()):
            depends.append(ident)
    return tuple(depends)
