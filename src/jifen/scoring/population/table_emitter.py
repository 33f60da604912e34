"""A table → vectors: split along one fact after another, each part a staircase of one column.

Parts that are equal are made once, also between programs: what a reform leaves as it is costs
nothing.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from jifen.scoring.population.lanes import Lanes, lane_width, splat, vector_type
from jifen.scoring.population.ramps import Ramp, ramps_and_steps
from jifen.scoring.population.tables import OutcomeTable, find_distinct_positions, slice_at

Starts = tuple[tuple[int, ...], ...]
Cells = NDArray[np.int32]


class TableEmitter:
    """Writes tables over columns of codes; `codes` holds the loaded columns by fact."""

    def __init__(self, builder: ir.IRBuilder, codes: dict[str, Lanes]) -> None:
        self._builder, self._codes = builder, codes
        self._emitted: dict[Any, Any] = {}

    def emit_points(self, table: OutcomeTable) -> Lanes:
        """The outcome of a table for 64 people."""
        bits = lane_width(table.least, table.most)
        vector = self._emit_cells(table.facts, table.starts, table.cells, bits)
        return Lanes(vector, bits, table.least, table.most)

    def emit_mask(self, table: OutcomeTable) -> Any:
        """A mask: where a table of a condition is not 0."""
        return self._builder.icmp_unsigned("!=", self.emit_points(table).vector, splat(8, 0))

    def _emit_cells(self, facts: tuple[str, ...], starts: Starts, cells: Cells, bits: int) -> Any:
        facts, starts, cells = merge_equal_neighbours(facts, starts, cells)
        if not facts:
            return splat(bits, int(cells))
        key = (facts, starts, cells.tobytes(), bits)
        if key not in self._emitted:
            self._emitted[key] = self._emit_split(facts, starts, cells, bits)
        return self._emitted[key]

    def _emit_split(self, facts: tuple[str, ...], starts: Starts, cells: Cells, bits: int) -> Any:
        if len(facts) == 1:
            return self._emit_staircase(self._codes[facts[0]], starts[0], cells.tolist(), bits)
        axis = min(
            range(len(facts)),
            key=lambda axis_number: _count_remaining_cells(facts, starts, cells, axis_number),
        )
        others = facts[:axis] + facts[axis + 1 :], starts[:axis] + starts[axis + 1 :]
        value = self._emit_cells(*others, slice_at(cells, axis, 0), bits)
        for position, first in enumerate(starts[axis][1:], start=1):
            part = self._emit_cells(*others, slice_at(cells, axis, position), bits)
            value = self._builder.select(
                self._emit_at_least(self._codes[facts[axis]], first), part, value
            )
        return value

    def _emit_at_least(self, codes: Lanes, first: int) -> Any:
        return self._builder.icmp_unsigned(">=", codes.vector, splat(codes.bits, first))

    def _emit_staircase(
        self, codes: Lanes, starts: tuple[int, ...], values: list[int], bits: int
    ) -> Any:
        """A function of one column: straight ramps and single steps, added up. Sums may wrap on
        the way; the end does not, so it is exact."""
        build = self._builder
        ramps, steps = ramps_and_steps(starts, values)
        value = splat(bits, values[0])
        for ramp in ramps:
            value = build.add(value, self._emit_ramp(codes, ramp, bits))
        for first, more in steps:
            step = build.select(
                self._emit_at_least(codes, first), splat(bits, more), splat(bits, 0)
            )
            value = build.add(value, step)
        return value

    def _emit_ramp(self, codes: Lanes, ramp: Ramp, bits: int) -> Any:
        """`each` times the full units of `every` codes since the start, at most `units`."""
        build, starts_early = self._builder, ramp.first < ramp.every
        # a start before code 0 is reached by adding, which needs room
        wide = max(codes.bits, bits, 16 if starts_early else 8)
        vector = codes.vector
        if codes.bits < wide:
            vector = build.zext(vector, vector_type(wide))
        if starts_early:
            vector = build.add(vector, splat(wide, ramp.every - ramp.first))
        else:
            start = splat(wide, ramp.first - ramp.every)
            above = build.icmp_unsigned(">", vector, start)
            vector = build.select(above, build.sub(vector, start), splat(wide, 0))
        if ramp.every > 1:
            vector = build.udiv(vector, splat(wide, ramp.every))
        most = splat(wide, ramp.units)
        vector = build.select(build.icmp_unsigned("<", vector, most), vector, most)
        if bits < wide:
            vector = build.trunc(vector, vector_type(bits))
        return build.mul(vector, splat(bits, ramp.each))


def merge_equal_neighbours(
    facts: tuple[str, ...], starts: Starts, cells: Cells
) -> tuple[tuple[str, ...], Starts, Cells]:
    """A part of a table with equal neighbours made one, and facts without effect left out."""
    kept_facts, kept_starts = [], []
    for axis in reversed(range(len(facts))):
        different = find_distinct_positions(cells, axis)
        cells = cells.take(different, axis) if len(different) > 1 else slice_at(cells, axis, 0)
        if len(different) > 1:
            kept_facts.append(facts[axis])
            kept_starts.append((0, *(starts[axis][position] for position in different[1:])))
    return tuple(kept_facts[::-1]), tuple(kept_starts[::-1]), cells


def _count_remaining_cells(facts: tuple[str, ...], starts: Starts, cells: Cells, axis: int) -> int:
    """How many cells are left to write when a table is split along a fact."""
    others = facts[:axis] + facts[axis + 1 :], starts[:axis] + starts[axis + 1 :]
    parts = [
        merge_equal_neighbours(*others, slice_at(cells, axis, n))[2]
        for n in range(cells.shape[axis])
    ]
    return sum(part.size for part in parts if part.ndim) + len(parts)
