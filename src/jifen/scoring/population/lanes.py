"""Vectors of 64 people in the narrowest width that their proven range allows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir

from jifen.scoring.tree import RoundedProduct

LANES = 64
WORD, LONG = ir.IntType(32), ir.IntType(64)


@dataclass(frozen=True, slots=True)
class Lanes:
    """A vector with its width in bits and the range that its lanes are proven to be in. Eight bits
    are unsigned, wider ones signed."""

    vector: Any
    bits: int
    least: int
    most: int


def lane_width(least: int, most: int) -> int:
    """The narrowest width for a range."""
    if least >= 0 and most <= np.iinfo(np.uint8).max:
        return 8
    return 16 if max(-least - 1, most) <= np.iinfo(np.int16).max else 32


def vector_type(bits: int) -> ir.VectorType:
    """The type of 64 lanes of so many bits."""
    return ir.VectorType(ir.IntType(bits), LANES)


def splat(bits: int, value: int) -> ir.Constant:
    """One value in every lane."""
    return ir.Constant(vector_type(bits), [value & ((1 << bits) - 1)] * LANES)


class LaneArithmetic:
    """Sums, the best of several, caps and floors, each in the width that its range needs."""

    def __init__(self, builder: ir.IRBuilder) -> None:
        self._builder = builder

    def widen(self, lanes: Lanes, bits: int) -> Lanes:
        """The same values in wider lanes."""
        if bits == lanes.bits:
            return lanes
        extend = self._builder.zext if lanes.bits == 8 else self._builder.sext
        return Lanes(extend(lanes.vector, vector_type(bits)), bits, lanes.least, lanes.most)

    def add(self, left: Lanes, right: Lanes) -> Lanes:
        """The sum."""
        least, most = left.least + right.least, left.most + right.most
        bits = max(left.bits, right.bits, lane_width(least, most))
        wide_left, wide_right = self.widen(left, bits), self.widen(right, bits)
        return Lanes(self._builder.add(wide_left.vector, wide_right.vector), bits, least, most)

    def take_higher(self, left: Lanes, right: Lanes) -> Lanes:
        """The higher of two."""
        bits = max(left.bits, right.bits)
        wide_left, wide_right = self.widen(left, bits).vector, self.widen(right, bits).vector
        vector = self._builder.select(
            self._is_above(wide_left, wide_right, bits), wide_left, wide_right
        )
        return Lanes(vector, bits, max(left.least, right.least), max(left.most, right.most))

    def apply_cap(self, lanes: Lanes, most: int) -> Lanes:
        """Not above a cap."""
        if lanes.most <= most:
            return lanes
        least = min(lanes.least, most)
        lanes = self.widen(lanes, max(lanes.bits, lane_width(least, most)))
        cap = splat(lanes.bits, most)
        above = self._is_above(lanes.vector, cap, lanes.bits)
        return Lanes(self._builder.select(above, cap, lanes.vector), lanes.bits, least, most)

    def apply_floor(self, lanes: Lanes, floor: int | None) -> Lanes:
        """Not below a floor."""
        if floor is None or lanes.least >= floor:
            return lanes
        most = max(lanes.most, floor)
        lanes = self.widen(lanes, max(16, lanes.bits, lane_width(floor, most)))
        least = splat(lanes.bits, floor)
        below = self._is_above(least, lanes.vector, lanes.bits)
        return Lanes(self._builder.select(below, least, lanes.vector), lanes.bits, floor, most)

    def apply_factor(
        self, lanes: Lanes, factor: RoundedProduct, states: Lanes | None = None
    ) -> Lanes:
        """Multiplied and rounded where the state is 1 (everywhere without states), as it is
        elsewhere."""
        build = self._builder
        ends = (lanes.least, lanes.most)
        least = min(lanes.least, *map(factor.multiply, ends))
        most = max(lanes.most, *map(factor.multiply, ends))
        points = self.widen(lanes, WORD.width)
        zero = splat(WORD.width, 0)
        is_negative = build.icmp_signed("<", points.vector, zero)
        amount = build.select(is_negative, build.sub(zero, points.vector), points.vector)
        amount = build.mul(amount, splat(WORD.width, factor.above))
        amount = build.add(amount, splat(WORD.width, factor.added_before_division))
        amount = build.udiv(amount, splat(WORD.width, factor.below))
        amount = build.mul(amount, splat(WORD.width, factor.size))
        multiplied = build.select(is_negative, build.sub(zero, amount), amount)
        if states is None:
            return self._narrow(Lanes(multiplied, WORD.width, least, most))
        applies = build.icmp_unsigned("!=", states.vector, splat(states.bits, 0))
        vector = build.select(applies, multiplied, points.vector)
        return self._narrow(Lanes(vector, WORD.width, least, most))

    def _narrow(self, lanes: Lanes) -> Lanes:
        """The same values in the narrowest lanes that hold their range."""
        bits = lane_width(lanes.least, lanes.most)
        if bits == lanes.bits:
            return lanes
        vector = self._builder.trunc(lanes.vector, vector_type(bits))
        return Lanes(vector, bits, lanes.least, lanes.most)

    def _is_above(self, left: Any, right: Any, bits: int) -> Any:
        compare = self._builder.icmp_unsigned if bits == 8 else self._builder.icmp_signed
        return compare(">", left, right)
