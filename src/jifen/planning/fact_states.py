"""What a fact hangs on, person by person, as one number; and numbers of which two tell the rest."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.planning.population_answers import PAID_MONTH_MEASURES
from jifen.policy.vocabulary import WHOLE_TYPES
from jifen.scoring.population.axis import Axis

Codes = NDArray[Any]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
CodeRange = tuple[Codes, Codes]


class FactStates:
    """What a fact hangs on, for each person one number: code + width × answers."""

    def __init__(self, axis: Axis, codes: Codes, companions: Mapping[str, Mask]) -> None:
        self.axis, self.companions = axis, companions
        self.codes = np.minimum(codes, axis.size - 1)  # who is not known is not asked of
        self.width = axis.size

    @cached_property
    def state_numbers(self) -> Codes:
        """The state of each person (int32; the codes themselves where nothing is beside)."""
        if not self.companions:
            return self.codes
        numbers = self.codes.astype(np.int32)
        for bit, mask in enumerate(self.companions.values()):
            numbers += mask.astype(np.int32) * (self.width << bit)
        return numbers

    @cached_property
    def present_states(self) -> Codes:
        """The states that occur, in order."""
        return np.flatnonzero(np.bincount(self.state_numbers, minlength=self.size))

    def lookup_codes(self, state_codes: Codes, rows: Rows) -> Codes:
        """The codes of some people, where `row` has one for each state."""
        everybody = len(rows) == len(self.codes)  # each row is named once
        if (state_codes[self.present_states] == self.initial_codes[self.present_states]).all():
            return self.codes if everybody else self.codes.take(rows)
        return state_codes.take(self.state_numbers if everybody else self.state_numbers.take(rows))

    @property
    def size(self) -> int:
        """How many states there may be."""
        return self.width << len(self.companions)

    @cached_property
    def initial_codes(self) -> Codes:
        """The code of each state on the first day."""
        return np.tile(np.arange(self.width), 1 << len(self.companions)).astype(self.axis.dtype)

    def list_answers(self) -> Iterator[tuple[int, dict[str, bool]]]:
        """Each combination of answers, and where its states begin."""
        for number, answers in enumerate(product((False, True), repeat=len(self.companions))):
            yield number * self.width, dict(zip([*self.companions][::-1], answers, strict=True))


def find_line_codes(axis: Axis) -> tuple[int, int]:
    """Two codes from which those of all numbers from the first on follow: of months of a window
    none and all; of other whole numbers 1 and 2. The first is above the second: there are none."""
    derive = axis.fact.derive
    if axis.fact.type not in WHOLE_TYPES or axis.cuts is not None or axis.fact.most <= 1:
        return axis.size, 0
    if derive and derive.window and derive.measure in PAID_MONTH_MEASURES:
        return axis.encode(0), axis.encode(derive.window)
    return axis.encode(1), axis.encode(2)


def interpolate_codes(axis: Axis, least: CodeRange, most: CodeRange, codes: Codes) -> CodeRange:
    """Days × codes by what becomes of two of them. Months leave a window one by one, at the low
    end at once and at the high end last; any other number goes on, stays, or is gone."""
    first, second = find_line_codes(axis)
    steps, wide, size = (codes - first)[None, :], second - first, axis.size - 1
    (low, top), (high, above) = (
        (a.astype(np.int64)[:, None], b.astype(np.int64)[:, None])
        for a, b in zip(least, most, strict=True)
    )
    if wide > 1:
        less = low + np.maximum(steps - (wide - (top - low)), 0)
        more = high + np.minimum(steps, above - high)
    else:
        less, more = low + (top - low) * steps, high + (above - high) * steps
    absent = axis.absent
    return (
        np.where(low == absent, absent, np.minimum(less, size)),
        np.where(high == absent, absent, np.minimum(more, size)),
    )
