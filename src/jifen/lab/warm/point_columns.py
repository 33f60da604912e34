"""What a table gives everybody, as a column. The table is given to the loop as numbers, so that
another figure in it needs no other machine code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from jifen.lab.native_loop import LoopFrame, NativeLoop
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.kernel import allocate_aligned
from jifen.scoring.population.lanes import LANES, LONG, WORD
from jifen.scoring.population.loop_emitter import points_dtype
from jifen.scoring.population.tables import OutcomeTable

Column = NDArray[Any]


def column_of_table(
    table: OutcomeTable,
    columns: Mapping[str, Column],
    axes: Mapping[str, Axis],
    people: int,
    threads: int,
) -> Column:
    """The outcome of a table for each person, in the type of its points; the array behind it is
    as long as whole vectors need. Who lacks a fact of the table gets some outcome of it."""
    padded = -(-people // LANES) * LANES
    found = allocate_aligned(padded, points_dtype(table))
    found[people:] = 0
    if not table.facts:
        found[:people] = int(table.cells)
        return found
    look_up = prepare_look_up(table, columns, axes)
    inputs = [look_up.cells, *look_up.codes, *look_up.steps]
    look_up.loop.run_all(inputs, [found], (), people, threads)
    return found


@dataclass(frozen=True, eq=False)
class TableLookUp:
    """A loop that gives the outcome of a table, and what it reads: the cells, a column of codes for
    each fact, and how far each code is from the first cell."""

    loop: NativeLoop
    cells: Column
    codes: tuple[Column, ...]
    steps: tuple[NDArray[np.int32], ...]

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the outcomes."""
        return self.cells.dtype


def prepare_look_up(
    table: OutcomeTable, columns: Mapping[str, Column], axes: Mapping[str, Axis]
) -> TableLookUp:
    """The look-up of a table that reads at least one fact."""
    dtype = points_dtype(table)
    codes = tuple(columns[ident] for ident in table.facts)
    loop = _loop(tuple(code.dtype.itemsize * 8 for code in codes), dtype.itemsize * 8)
    cells = np.ascontiguousarray(table.cells.ravel().astype(dtype))
    return TableLookUp(loop, cells, codes, tuple(_steps(table, axes)))


def _steps(table: OutcomeTable, axes: Mapping[str, Axis]) -> list[NDArray[np.int32]]:
    """For each fact: code → how far its stretch is from the first cell."""
    strides = np.cumprod([1, *table.cells.shape[:0:-1]])[::-1]
    found = []
    for ident, starts, stride in zip(table.facts, table.starts, strides, strict=True):
        every = np.arange(axes[ident].absent + 1)
        stretch = np.searchsorted(np.array(starts), every, side="right") - 1
        found.append(np.ascontiguousarray(np.maximum(stretch, 0) * stride, np.int32))
    return found


@lru_cache(maxsize=64)
def _loop(code_bits: tuple[int, ...], bits: int) -> NativeLoop:
    return NativeLoop("look_up", (code_bits, bits), lambda: _emit(code_bits, bits))


def _emit(code_bits: Sequence[int], bits: int) -> ir.Module:
    frame, facts = LoopFrame("look_up", 1), len(code_bits)
    build = frame.build
    cells = build.bitcast(frame.load_pointer(0, 0), ir.IntType(bits).as_pointer())
    codes = [
        build.bitcast(frame.load_pointer(0, 1 + n), ir.IntType(wide).as_pointer())
        for n, wide in enumerate(code_bits)
    ]
    steps = [
        build.bitcast(frame.load_pointer(0, 1 + facts + n), WORD.as_pointer()) for n in range(facts)
    ]
    target = build.bitcast(frame.load_pointer(1, 0), ir.IntType(bits).as_pointer())
    at = frame.begin()
    place: Any = ir.Constant(LONG, 0)
    for code, step in zip(codes, steps, strict=True):
        number = build.zext(build.load(build.gep(code, [at])), LONG)
        place = build.add(place, build.sext(build.load(build.gep(step, [number])), LONG))
    build.store(build.load(build.gep(cells, [place])), build.gep(target, [at]))
    return frame.finish()
