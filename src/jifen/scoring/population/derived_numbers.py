"""Derived numbers of a population: worked out from columns of codes, column by column.

In the kernel they are vectors that follow from the loaded columns; where something is unknown they
are NumPy arrays. Both run the formula that one person's score runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from jifen.policy.formulas import Formula
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.lanes import LaneArithmetic, Lanes, lane_width, splat, vector_type

Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class DerivedAxis:
    """A derived number as an axis of tables: its codes, and the formula that gives its value."""

    axis: Axis
    formula: Formula

    def compute_codes(self, columns: Mapping[str, Column], axes: Mapping[str, Axis]) -> Column:
        """Its codes (intp) for people of whom all that it reads is known."""
        values = self.formula.evaluate_with(_ColumnOperations(columns, axes))
        return np.asarray(values - int(self.axis.fact.least) + 1, np.intp)

    def emit_lanes(self, builder: ir.IRBuilder, codes: Mapping[str, Lanes], axes: Any) -> Lanes:
        """Its codes for 64 people, in the width of its axis."""
        value = self.formula.evaluate_with(_LaneOperations(builder, codes, axes))
        bits, wide = self.axis.dtype.itemsize * 8, value.bits
        vector = builder.add(value.vector, splat(wide, 1 - int(self.axis.fact.least)))
        if bits < wide:
            vector = builder.trunc(vector, vector_type(bits))
        elif bits > wide:
            vector = builder.sext(vector, vector_type(bits))
        return Lanes(vector, bits, 1, self.axis.size - 1)


def add_derived(
    columns: Mapping[str, Column], axes: Mapping[str, Axis], derived: Mapping[str, DerivedAxis]
) -> tuple[dict[str, Column], dict[str, Axis]]:
    """Columns and axes with those of derived numbers; absent where something they read is."""
    all_columns, all_axes = dict(columns), dict(axes)
    for key, derived_axis in derived.items():
        codes = derived_axis.compute_codes(columns, axes)
        for fact_id in derived_axis.formula.list_facts():
            codes[columns[fact_id] == axes[fact_id].absent] = derived_axis.axis.absent
        all_columns[key], all_axes[key] = codes.astype(derived_axis.axis.dtype), derived_axis.axis
    return all_columns, all_axes


@dataclass(frozen=True, slots=True)
class _ColumnOperations:
    """Operations on columns of codes: int32 arrays of values come out."""

    columns: Mapping[str, Column]
    axes: Mapping[str, Axis]

    def read_fact(self, ident: str) -> Column:
        codes = self.columns[ident].astype(np.int32)
        return np.where(codes == 0, 0, codes - 1 + int(self.axes[ident].fact.least))

    def read_answer(self, ident: str, numbers: tuple[tuple[str, int], ...]) -> Column:
        axis = self.axes[ident]
        table = np.zeros(axis.absent + 1, np.int32)
        for answer, number in numbers:
            table[axis.encode(answer)] = number
        return np.asarray(table[self.columns[ident]])

    def make_constant(self, number: int) -> int:
        return number

    def add(self, one: Any, other: Any) -> Any:
        return one + other

    def subtract_to_zero(self, one: Any, other: Any) -> Any:
        return np.maximum(one - other, 0)

    def take_least(self, one: Any, other: Any) -> Any:
        return np.minimum(one, other)

    def take_greatest(self, one: Any, other: Any) -> Any:
        return np.maximum(one, other)

    def multiply(self, one: Any, other: Any) -> Any:
        return one * other


class _LaneOperations:
    """Operations on vectors of 64 people, signed, in 16 or 32 bits."""

    def __init__(self, builder: ir.IRBuilder, codes: Mapping[str, Lanes], axes: Any) -> None:
        self._builder, self._codes, self._axes = builder, codes, axes
        self._arithmetic = LaneArithmetic(builder)

    def read_fact(self, ident: str) -> Lanes:
        build, axis = self._builder, self._axes[ident]
        least, most = int(axis.fact.least), int(axis.fact.most)
        bits = _signed_width(0, max(most, axis.size))
        codes = self._extend_codes(self._codes[ident], bits)
        applies = build.icmp_unsigned("!=", codes, splat(bits, 0))
        value = build.add(codes, splat(bits, least - 1))
        return Lanes(build.select(applies, value, splat(bits, 0)), bits, min(least, 0), most)

    def read_answer(self, ident: str, numbers: tuple[tuple[str, int], ...]) -> Lanes:
        build, axis, codes = self._builder, self._axes[ident], self._codes[ident]
        most = max(0, *(number for _, number in numbers))
        bits = _signed_width(0, most)
        value = splat(bits, 0)
        for answer, number in numbers:
            is_answer = build.icmp_unsigned(
                "==", codes.vector, splat(codes.bits, axis.encode(answer))
            )
            value = build.select(is_answer, splat(bits, number), value)
        return Lanes(value, bits, 0, most)

    def make_constant(self, number: int) -> Lanes:
        bits = _signed_width(0, number)
        return Lanes(splat(bits, number), bits, number, number)

    def add(self, one: Lanes, other: Lanes) -> Lanes:
        return self._arithmetic.add(one, other)

    def subtract_to_zero(self, one: Lanes, other: Lanes) -> Lanes:
        build = self._builder
        left, right, bits = self._widen_alike(one, other)
        above = build.icmp_signed(">", left, right)
        value = build.select(above, build.sub(left, right), splat(bits, 0))
        return Lanes(value, bits, max(one.least - other.most, 0), max(one.most - other.least, 0))

    def take_least(self, one: Lanes, other: Lanes) -> Lanes:
        left, right, bits = self._widen_alike(one, other)
        value = self._builder.select(self._builder.icmp_signed("<", left, right), left, right)
        return Lanes(value, bits, min(one.least, other.least), min(one.most, other.most))

    def take_greatest(self, one: Lanes, other: Lanes) -> Lanes:
        return self._arithmetic.take_higher(one, other)

    def multiply(self, one: Lanes, other: Lanes) -> Lanes:
        least, most = one.least * other.least, one.most * other.most
        bits = max(one.bits, other.bits, _signed_width(least, most))
        left, right = self._arithmetic.widen(one, bits), self._arithmetic.widen(other, bits)
        return Lanes(self._builder.mul(left.vector, right.vector), bits, least, most)

    def _widen_alike(self, first: Lanes, second: Lanes) -> tuple[Any, Any, int]:
        bits = max(first.bits, second.bits)
        left, right = self._arithmetic.widen(first, bits), self._arithmetic.widen(second, bits)
        return left.vector, right.vector, bits

    def _extend_codes(self, codes: Lanes, bits: int) -> Any:
        """Codes, which have no sign, in a width that has one."""
        if bits == codes.bits:
            return codes.vector
        return self._builder.zext(codes.vector, vector_type(bits))


def _signed_width(least: int, most: int) -> int:
    """16 or 32: vectors of eight bits have no sign."""
    return max(16, lane_width(least, most))
