"""Packed people → tables as they were before: for what reads people from tables only."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jifen.lab.population.people import NOT_APPLICABLE_NUMBER, People
from jifen.lab.weights import Count, count_mask
from jifen.policy.vocabulary import WHOLE_TYPES, Fact
from jifen.scoring.population.axis import NOT_APPLICABLE, Axis
from jifen.scoring.population.columns import name_not_applicable_column

_ROWS = 1 << 18


def tables_of(people: People, rows: int = _ROWS) -> Iterator[tuple[pa.Table, int]]:
    """Tables of at most so many people, with a column for each fact; and how many people of that
    stretch are left out because a value of theirs cannot be used."""
    for start in range(0, people.count, rows):
        span = slice(start, min(start + rows, people.count))
        keep = np.ones(span.stop - span.start, bool)
        if people.faulty is not None:
            keep &= ~people.faulty[span]
        columns: dict[str, pa.Array] = {}
        for ident in people.facts:
            fact = people.vocabulary[ident]
            if ident in people.codes:
                values, absent, not_applicable = _from_codes(fact, people.codes[ident][span][keep])
            else:
                values, absent, not_applicable = _from_numbers(people.numbers[ident][span][keep])
            columns[ident] = _to_arrow(fact, values, absent | not_applicable)
            if not_applicable.any():
                columns[name_not_applicable_column(ident)] = pa.array(not_applicable)
        yield pa.table(columns), int(np.count_nonzero(~keep))


def weights_of_stretches(
    people: People, rows: int = _ROWS
) -> Iterator[tuple[NDArray[np.float64] | None, Count]]:
    """Beside each table of `tables_of`: the weights of its rows (None: each row is one person), and
    the weights of the people who are left out."""
    for start in range(0, people.count, rows):
        if people.weights is None:
            yield None, 0
            continue
        weights = np.asarray(people.weights[start : start + rows])
        keep = np.ones(len(weights), bool)
        if people.faulty is not None:
            keep = ~np.asarray(people.faulty[start : start + rows])
        yield weights[keep], count_mask(~keep, weights)


_Masks = tuple[NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]


def _from_codes(fact: Fact, codes: NDArray[Any]) -> _Masks:
    """Values (of a choice its number), where the fact is absent, where it does not apply."""
    axis = Axis(fact)
    absent = codes == axis.absent
    if fact.type == "bool":
        return codes == 1, absent, np.zeros(len(codes), bool)
    first = 0 if fact.type == "choice" else int(fact.least)
    return codes.astype(np.int64) - 1 + first, absent, codes == NOT_APPLICABLE


def _from_numbers(numbers: NDArray[np.float64]) -> _Masks:
    return numbers, np.isnan(numbers), numbers == NOT_APPLICABLE_NUMBER


def _to_arrow(fact: Fact, values: NDArray[Any], empty: NDArray[np.bool_]) -> pa.Array:
    if fact.type == "choice":
        numbers = pa.array(np.where(empty, 0, values).astype(np.int16), mask=empty)
        return pa.DictionaryArray.from_arrays(numbers, list(fact.ids))
    if fact.type in WHOLE_TYPES and values.dtype.kind == "f":
        values = np.where(empty, 0, values).astype(np.int64)
    return pa.array(values, mask=empty)
