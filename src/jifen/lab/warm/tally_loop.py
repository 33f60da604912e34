"""Points of the indicators as columns → totals and flags. Caps, floor and line are numbers that
the loop is given; its machine code depends on the groups and on the widths of the columns only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from jifen.lab.native_loop import LoopFrame, NativeLoop
from jifen.scoring.population.kernel import allocate_aligned
from jifen.scoring.population.lanes import (
    LANES,
    WORD,
    LaneArithmetic,
    Lanes,
    splat,
    vector_type,
)
from jifen.scoring.population.loop_emitter import ELIGIBLE, REACHED, VETOED
from jifen.scoring.population.program import Program
from jifen.scoring.tree import GroupNode

Column = NDArray[Any]
Shape = tuple[bool, bool, tuple[int, ...], tuple[Any, ...]]
"""Of a group: whether its best counts, whether it has a cap, its lines, its groups."""


def can_be_tallied(program: Program) -> bool:
    """Whether the loop gives the totals of a program: no cap is below zero, nothing is multiplied,
    and nobody comes in without points."""
    return not (program.has_products or program.ways) and all(
        cap >= 0 for cap in _caps(program.tree)
    )


@dataclass(frozen=True)
class Adding:
    """How points are added up: the groups, the floor, the line (scaled), the type of the totals."""

    tree: GroupNode
    floor: int | None
    line: int
    total_dtype: np.dtype[Any]


def tally_columns(
    adding: Adding,
    points: Sequence[Column],
    gates: tuple[Column, Column],
    people: int,
    threads: int,
) -> tuple[Column, Column]:
    """Totals and flags of everybody. Columns are as long as whole vectors need; `gates`: who meets
    the conditions, and who has a veto. Only the columns that the tree names are read."""
    columns = {line: points[line] for line in sorted(adding.tree.all_lines())}
    types = {line: column.dtype for line, column in columns.items()}
    loop, numbers = tally_by_block(adding, types)
    padded = len(gates[0])
    total, flags = (allocate_aligned(padded, np.dtype(t)) for t in (adding.total_dtype, np.uint8))
    loop.run_all([*gates, *columns.values()], [total, flags], numbers, padded, threads)
    return total[:people], flags[:people]


def tally_by_block(
    adding: Adding, types: Mapping[int, np.dtype[Any]]
) -> tuple[NativeLoop, list[int]]:
    """The loop that gives totals and flags from the gates and these columns of points (in the order
    of their lines), and its numbers."""
    widths = tuple(kind.itemsize * 8 for kind in types.values())
    places = {line: place for place, line in enumerate(types)}
    bits = adding.total_dtype.itemsize * 8
    loop = _loop(_shape(adding.tree, places), widths, adding.floor is not None, bits)
    return loop, [adding.line, adding.floor or 0, *_caps(adding.tree)]


def _shape(node: GroupNode, places: Mapping[int, int]) -> Shape:
    groups = tuple(_shape(group, places) for group in node.groups)
    return node.best, node.most is not None, tuple(places[line] for line in node.lines), groups


def _caps(node: GroupNode) -> list[int]:
    """The caps in the order in which the loop meets them."""
    inner = [cap for group in node.groups for cap in _caps(group)]
    return inner if node.most is None else [*inner, node.most]


@lru_cache(maxsize=64)
def _loop(shape: Shape, widths: tuple[int, ...], has_floor: bool, bits: int) -> NativeLoop:
    key = (shape, widths, has_floor, bits)
    return NativeLoop("tally", key, lambda: _TallyEmitter(*key).emit_module())


class _TallyEmitter:
    def __init__(self, shape: Shape, widths: Sequence[int], has_floor: bool, bits: int) -> None:
        self._shape, self._widths = shape, widths
        self._has_floor, self._bits = has_floor, bits
        self._frame = LoopFrame("tally", LANES)
        self._build = self._frame.build

    def emit_module(self) -> ir.Module:
        frame, build = self._frame, self._build
        pointers = [frame.load_pointer(0, n) for n in range(2 + len(self._widths))]
        targets = [frame.load_pointer(1, n) for n in range(2)]
        count = 2 + _count_caps(self._shape)
        limits = [self._everywhere(frame.load_number(n)) for n in range(count)]
        self._caps = iter(limits[2:])
        at = frame.begin()
        eligible, vetoed = (
            build.icmp_unsigned("!=", self._load(pointers[n], at, 8), splat(8, 0)) for n in range(2)
        )
        self._points = [
            self._points_of(pointers[2 + n], at, bits) for n, bits in enumerate(self._widths)
        ]
        total = LaneArithmetic(build).widen(self._tally(self._shape), 32).vector
        if self._has_floor:
            total = self._choose(">", limits[1], total)
        above = build.icmp_signed(">=", total, limits[0])
        reached = build.and_(above, build.and_(eligible, build.not_(vetoed)))
        flags: Any = splat(8, 0)
        for mask, bit in ((eligible, ELIGIBLE), (vetoed, VETOED), (reached, REACHED)):
            flags = build.or_(flags, build.select(mask, splat(8, bit), splat(8, 0)))
        narrow = total if self._bits == 32 else build.trunc(total, vector_type(self._bits))
        self._store(narrow, targets[0], at, self._bits)
        self._store(flags, targets[1], at, 8)
        return frame.finish()

    def _tally(self, shape: Shape) -> Lanes:
        best, has_cap, lines, groups = shape
        arithmetic = LaneArithmetic(self._build)
        parts = [self._points[line] for line in lines] + [self._tally(group) for group in groups]
        parts.sort(key=lambda lanes: (lanes.bits, lanes.most))
        combined = parts[0] if parts else Lanes(splat(8, 0), 8, 0, 0)
        for part in parts[1:]:
            combined = (arithmetic.take_higher if best else arithmetic.add)(combined, part)
        return self._capped(combined) if has_cap else combined

    def _capped(self, lanes: Lanes) -> Lanes:
        wide = LaneArithmetic(self._build).widen(lanes, 32)
        vector = self._choose("<", next(self._caps), wide.vector)
        return Lanes(vector, 32, min(lanes.least, 0), lanes.most)

    def _choose(self, comparison: str, left: Any, right: Any) -> Any:
        build = self._build
        return build.select(build.icmp_signed(comparison, left, right), left, right)

    def _points_of(self, pointer: Any, at: Any, bits: int) -> Lanes:
        kind: Any = {8: np.uint8, 16: np.int16, 32: np.int32}[bits]
        ends = np.iinfo(kind)
        return Lanes(self._load(pointer, at, bits), bits, int(ends.min), int(ends.max))

    def _everywhere(self, number: Any) -> Any:
        """A number in every lane, 32 bits wide."""
        build = self._build
        empty = ir.Constant(vector_type(32), ir.Undefined)
        first = build.insert_element(empty, build.trunc(number, WORD), ir.Constant(WORD, 0))
        lanes = ir.Constant(ir.VectorType(WORD, LANES), [0] * LANES)
        return build.shuffle_vector(first, first, lanes)

    def _load(self, pointer: Any, at: Any, bits: int) -> Any:
        load = self._build.load(self._lanes_at(pointer, at, bits))
        load.align = bits // 8
        return load

    def _store(self, vector: Any, pointer: Any, at: Any, bits: int) -> None:
        store = self._build.store(vector, self._lanes_at(pointer, at, bits))
        store.align = bits // 8

    def _lanes_at(self, pointer: Any, at: Any, bits: int) -> Any:
        typed = self._build.bitcast(pointer, ir.IntType(bits).as_pointer())
        return self._build.bitcast(self._build.gep(typed, [at]), vector_type(bits).as_pointer())


def _count_caps(shape: Shape) -> int:
    return shape[1] + sum(_count_caps(group) for group in shape[3])
