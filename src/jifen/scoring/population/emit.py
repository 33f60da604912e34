"""A program → LLVM code: one loop over 64 people at a time, no branch, no temporary.

Every value is a vector of 64 lanes in the narrowest width that its proven range allows; LLVM makes
of it what the processor has (AVX-512, AVX2, NEON). The function is

    score(columns: i8**, outputs: i8**, line: i32, start: i64, stop: i64)

with `stop - start` a multiple of 64, outputs: total (i16 or i32), flags (i8), then, where lines are
asked for, the points of each indicator (u8, i16 or i32).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from jifen.scoring.population.program import Program
from jifen.scoring.population.ramps import Ramp, ramps_and_steps
from jifen.scoring.population.tables import Table, along, distinct
from jifen.scoring.tree import Node

LANES = 64
ELIGIBLE, VETOED, REACHED = 1, 2, 4
_BYTE, _LONG = ir.IntType(8), ir.IntType(64)
_PLACES = _BYTE.as_pointer().as_pointer()


@dataclass(frozen=True, slots=True)
class Lanes:
    """A vector with its width in bits and the range that its lanes are proven to be in. Eight bits
    are unsigned, wider ones signed."""

    vector: Any
    bits: int
    least: int
    most: int


def width_of(least: int, most: int) -> int:
    """The narrowest width for a range."""
    if least >= 0 and most <= np.iinfo(np.uint8).max:
        return 8
    return 16 if max(-least - 1, most) <= np.iinfo(np.int16).max else 32


def line_dtype(table: Table) -> np.dtype[Any]:
    """The type of the column of an indicator's points: uint8, int16 or int32."""
    return np.dtype({8: np.uint8, 16: np.int16, 32: np.int32}[width_of(table.least, table.most)])


def _vector(bits: int) -> ir.VectorType:
    return ir.VectorType(ir.IntType(bits), LANES)


def _splat(bits: int, value: int) -> ir.Constant:
    return ir.Constant(_vector(bits), [value & ((1 << bits) - 1)] * LANES)


class Emitter:
    """Writes the body of the loop for one program."""

    def __init__(self, program: Program, *, lines: bool, streaming: bool) -> None:
        self._program, self._lines, self._streaming = program, lines, streaming
        self.module = ir.Module(name="jifen")
        kinds = [_PLACES, _PLACES, ir.IntType(32), _LONG, _LONG]
        function = ir.FunctionType(ir.VoidType(), kinds)
        self._function = ir.Function(self.module, function, name="score")
        self._made: dict[Any, Lanes] = {}

    def emit(self) -> ir.Module:
        """The whole module."""
        columns, outputs, line, start, stop = self._function.args
        entry, loop, end = (self._function.append_basic_block(n) for n in ("entry", "loop", "end"))
        self._builder = ir.IRBuilder(entry)
        bases = self._bases(columns, len(self._program.axes))
        targets = self._bases(outputs, 2 + (len(self._program.points) if self._lines else 0))
        line_lanes = self._spread(line)
        self._builder.cbranch(self._builder.icmp_signed("<", start, stop), loop, end)
        self._builder.position_at_end(loop)
        at = self._builder.phi(_LONG)
        at.add_incoming(start, entry)
        self._body(bases, targets, line_lanes, at)
        following = self._builder.add(at, ir.Constant(_LONG, LANES))
        at.add_incoming(following, loop)
        self._builder.cbranch(self._builder.icmp_signed("<", following, stop), loop, end)
        ir.IRBuilder(end).ret_void()
        return self.module

    def _bases(self, pointers: Any, count: int) -> list[Any]:
        places = [self._builder.gep(pointers, [ir.Constant(_LONG, n)]) for n in range(count)]
        return [self._builder.load(place) for place in places]

    def _spread(self, line: Any) -> Any:
        """The line in every lane, in the width of the total."""
        bits = self._total_bits
        narrow = self._builder.trunc(line, ir.IntType(bits)) if bits < 32 else line
        first = self._builder.insert_element(
            ir.Constant(_vector(bits), ir.Undefined), narrow, ir.Constant(ir.IntType(32), 0)
        )
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self._builder.shuffle_vector(first, first, zeros)

    @property
    def _total_bits(self) -> int:
        return int(self._program.total_dtype.itemsize * 8)

    def _body(self, bases: list[Any], targets: list[Any], line: Any, at: Any) -> None:
        build = self._builder
        self._codes = {
            ident: self._load(base, at, axis.dtype.itemsize * 8, axis.size - 1)
            for (ident, axis), base in zip(self._program.axes.items(), bases, strict=True)
        }
        points = [self._table(table) for table in self._program.points]
        total = self._floored(self._tally(self._program.tree, points))
        total = self._widen(total, self._total_bits)
        eligible = self._all([self._holds(table) for table in self._program.conditions])
        clear = self._all([build.not_(self._holds(t)) for t in self._program.vetoes])
        at_line = build.icmp_signed(">=", total.vector, line)
        reached = build.and_(at_line, build.and_(eligible, clear))
        flags = self._bit(eligible, ELIGIBLE)
        flags = build.or_(flags, self._bit(build.not_(clear), VETOED))
        flags = build.or_(flags, self._bit(reached, REACHED))
        self._store(total.vector, targets[0], at, self._total_bits)
        self._store(flags, targets[1], at, 8)
        for target, lanes in zip(targets[2:], points, strict=False):
            self._store(lanes.vector, target, at, lanes.bits)

    def _load(self, base: Any, at: Any, bits: int, most: int) -> Lanes:
        place = self._place(base, at, bits)
        load = self._builder.load(place)
        load.align = bits // 8
        return Lanes(load, bits, 0, most)

    def _store(self, vector: Any, base: Any, at: Any, bits: int) -> None:
        store = self._builder.store(vector, self._place(base, at, bits))
        store.align = LANES if self._streaming else bits // 8
        if self._streaming:
            # past the caches: a result larger than them would only push the columns out
            once = self.module.add_metadata([ir.Constant(ir.IntType(32), 1)])
            store.set_metadata("nontemporal", once)

    def _place(self, base: Any, at: Any, bits: int) -> Any:
        typed = self._builder.bitcast(base, ir.IntType(bits).as_pointer())
        return self._builder.bitcast(self._builder.gep(typed, [at]), _vector(bits).as_pointer())

    def _bit(self, mask: Any, bit: int) -> Any:
        return self._builder.select(mask, _splat(8, bit), _splat(8, 0))

    def _all(self, masks: list[Any]) -> Any:
        met = ir.Constant(_vector(1), [1] * LANES)
        for mask in masks:
            met = self._builder.and_(met, mask)
        return met

    def _holds(self, table: Table) -> Any:
        return self._builder.icmp_unsigned("!=", self._table(table).vector, _splat(8, 0))

    def _table(self, table: Table) -> Lanes:
        bits = width_of(table.least, table.most)
        vector = self._cells(table.facts, table.starts, table.cells, bits)
        return Lanes(vector, bits, table.least, table.most)

    def _cells(
        self,
        facts: tuple[str, ...],
        starts: tuple[tuple[int, ...], ...],
        cells: NDArray[np.int32],
        bits: int,
    ) -> Any:
        """The value of a table: split along one fact after another, equal parts made once."""
        facts, starts, cells = joined(facts, starts, cells)
        if not facts:
            return _splat(bits, int(cells))
        key = (facts, starts, cells.tobytes(), bits)
        if key not in self._made:
            self._made[key] = self._split(facts, starts, cells, bits)
        return self._made[key]

    def _split(
        self,
        facts: tuple[str, ...],
        starts: tuple[tuple[int, ...], ...],
        cells: NDArray[np.int32],
        bits: int,
    ) -> Any:
        if len(facts) == 1:
            return self._one(self._codes[facts[0]], starts[0], cells.tolist(), bits)
        axis = min(range(len(facts)), key=lambda n: _rest(facts, starts, cells, n))
        others = facts[:axis] + facts[axis + 1 :], starts[:axis] + starts[axis + 1 :]
        codes = self._codes[facts[axis]]
        value = self._cells(*others, along(cells, axis, 0), bits)
        for number, first in enumerate(starts[axis][1:], start=1):
            part = self._cells(*others, along(cells, axis, number), bits)
            value = self._builder.select(self._from(codes, first), part, value)
        return value

    def _from(self, codes: Lanes, first: int) -> Any:
        return self._builder.icmp_unsigned(">=", codes.vector, _splat(codes.bits, first))

    def _one(self, codes: Lanes, starts: tuple[int, ...], values: list[int], bits: int) -> Any:
        """A function of one column: straight ramps and single steps, added up. Sums may wrap on
        the way; the end does not, so it is exact."""
        build = self._builder
        ramps, steps = ramps_and_steps(starts, values)
        value = _splat(bits, values[0])
        for ramp in ramps:
            value = build.add(value, self._ramp(codes, ramp, bits))
        for first, more in steps:
            step = build.select(self._from(codes, first), _splat(bits, more), _splat(bits, 0))
            value = build.add(value, step)
        return value

    def _ramp(self, codes: Lanes, ramp: Ramp, bits: int) -> Any:
        """`each` times the full units of `every` codes since the start, at most `units`."""
        build, wide = self._builder, max(codes.bits, bits)
        vector = codes.vector
        if ramp.first < ramp.every:
            wide = max(wide, 16)  # the start lies before code 0: add instead of taking away
        if codes.bits < wide:
            vector = build.zext(vector, _vector(wide))
        if ramp.first < ramp.every:
            vector = build.add(vector, _splat(wide, ramp.every - ramp.first))
        else:
            start = _splat(wide, ramp.first - ramp.every)
            above = build.icmp_unsigned(">", vector, start)
            vector = build.select(above, build.sub(vector, start), _splat(wide, 0))
        if ramp.every > 1:
            vector = build.udiv(vector, _splat(wide, ramp.every))
        most = _splat(wide, ramp.units)
        vector = build.select(build.icmp_unsigned("<", vector, most), vector, most)
        if bits < wide:
            vector = build.trunc(vector, _vector(bits))
        return build.mul(vector, _splat(bits, ramp.each))

    def _tally(self, node: Node, points: list[Lanes]) -> Lanes:
        parts = [points[line] for line in node.lines]
        parts += [self._tally(group, points) for group in node.groups]
        # narrow ones first: as long as a sum fits into eight bits, 64 lanes take one register
        parts.sort(key=lambda lanes: (lanes.bits, lanes.most))
        combined = Lanes(_splat(8, 0), 8, 0, 0) if not parts else parts[0]
        for part in parts[1:]:
            combined = self._best(combined, part) if node.best else self._add(combined, part)
        return combined if node.most is None else self._capped(combined, node.most)

    def _add(self, left: Lanes, right: Lanes) -> Lanes:
        least, most = left.least + right.least, left.most + right.most
        bits = max(left.bits, right.bits, width_of(least, most))
        one, other = self._widen(left, bits), self._widen(right, bits)
        return Lanes(self._builder.add(one.vector, other.vector), bits, least, most)

    def _best(self, left: Lanes, right: Lanes) -> Lanes:
        bits = max(left.bits, right.bits)
        one, other = self._widen(left, bits).vector, self._widen(right, bits).vector
        vector = self._builder.select(self._above(one, other, bits), one, other)
        return Lanes(vector, bits, max(left.least, right.least), max(left.most, right.most))

    def _above(self, one: Any, other: Any, bits: int) -> Any:
        build = self._builder
        compare = build.icmp_unsigned if bits == 8 else build.icmp_signed
        return compare(">", one, other)

    def _capped(self, lanes: Lanes, most: int) -> Lanes:
        if lanes.most <= most:
            return lanes
        lanes = self._widen(lanes, max(lanes.bits, width_of(min(lanes.least, most), most)))
        cap = _splat(lanes.bits, most)
        vector = self._builder.select(self._above(lanes.vector, cap, lanes.bits), cap, lanes.vector)
        return Lanes(vector, lanes.bits, min(lanes.least, most), most)

    def _floored(self, lanes: Lanes) -> Lanes:
        floor = self._program.floor
        if floor is None or lanes.least >= floor:
            return lanes
        lanes = self._widen(lanes, max(16, lanes.bits, width_of(floor, max(lanes.most, floor))))
        least = _splat(lanes.bits, floor)
        below = self._above(least, lanes.vector, lanes.bits)
        vector = self._builder.select(below, least, lanes.vector)
        return Lanes(vector, lanes.bits, floor, max(lanes.most, floor))

    def _widen(self, lanes: Lanes, bits: int) -> Lanes:
        if bits == lanes.bits:
            return lanes
        extend = self._builder.zext if lanes.bits == 8 else self._builder.sext
        return Lanes(extend(lanes.vector, _vector(bits)), bits, lanes.least, lanes.most)


def joined(
    facts: tuple[str, ...], starts: tuple[tuple[int, ...], ...], cells: NDArray[np.int32]
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...], NDArray[np.int32]]:
    """A part of a table with equal neighbours made one, and facts without effect left out."""
    kept_facts, kept_starts = [], []
    for axis in reversed(range(len(facts))):
        different = distinct(cells, axis)
        cells = cells.take(different, axis) if len(different) > 1 else along(cells, axis, 0)
        if len(different) > 1:
            kept_facts.append(facts[axis])
            kept_starts.append((0, *(starts[axis][n] for n in different[1:])))
    return tuple(kept_facts[::-1]), tuple(kept_starts[::-1]), cells


def _rest(
    facts: tuple[str, ...],
    starts: tuple[tuple[int, ...], ...],
    cells: NDArray[np.int32],
    axis: int,
) -> int:
    """How many cells are left to write when a table is split along a fact."""
    others = facts[:axis] + facts[axis + 1 :], starts[:axis] + starts[axis + 1 :]
    parts = [joined(*others, along(cells, axis, n))[2] for n in range(cells.shape[axis])]
    return sum(part.size for part in parts if part.ndim) + len(parts)
