"""Programs → LLVM code: one loop over 64 people at a time, no branch, no temporary.

LLVM makes of it what the processor has (AVX-512, AVX2, NEON). Several programs over the same axes
(today's rules and a reform) share the loop: each column is loaded once, and what the programs have
in common is computed once. The function is

    score(columns: i8**, outputs: i8**, lines: i32*, start: i64, stop: i64)

with `stop - start` a multiple of 64, one line per program, and for each program the outputs: total
(i16 or i32), flags (i8), then, where asked for, the points of each indicator (u8, i16 or i32).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from jifen.scoring.population.lanes import (
    LANES,
    LONG,
    WORD,
    LaneArithmetic,
    Lanes,
    lane_width,
    splat,
    vector_type,
)
from jifen.scoring.population.program import Program
from jifen.scoring.population.table_emitter import TableEmitter
from jifen.scoring.population.tables import OutcomeTable
from jifen.scoring.tree import GroupNode

ELIGIBLE, VETOED, REACHED = 1, 2, 4
_POINTER_ARRAY = ir.IntType(8).as_pointer().as_pointer()


def points_dtype(table: OutcomeTable) -> np.dtype[Any]:
    """The type of the column of an indicator's points: uint8, int16 or int32."""
    return np.dtype({8: np.uint8, 16: np.int16, 32: np.int32}[lane_width(table.least, table.most)])


class Emitter:
    """Writes the loop for some programs. `streaming` sends results past the caches."""

    def __init__(self, programs: Sequence[Program], *, lines: bool, streaming: bool) -> None:
        self._programs, self._lines, self._streaming = programs, lines, streaming
        self.module = ir.Module(name="jifen")
        kinds = [_POINTER_ARRAY, _POINTER_ARRAY, WORD.as_pointer(), LONG, LONG]
        function = ir.FunctionType(ir.VoidType(), kinds)
        self._function = ir.Function(self.module, function, name="score")

    def emit_module(self) -> ir.Module:
        """The whole module."""
        columns, outputs, lines, start, stop = self._function.args
        entry, loop, end = (self._function.append_basic_block(n) for n in ("entry", "loop", "end"))
        self._builder = ir.IRBuilder(entry)
        bases = self._load_pointers(columns, len(self._programs[0].axes))
        targets = iter(self._load_pointers(outputs, sum(map(self._count_outputs, self._programs))))
        thresholds = [self._load_threshold(lines, n) for n in range(len(self._programs))]
        self._builder.cbranch(self._builder.icmp_signed("<", start, stop), loop, end)
        self._builder.position_at_end(loop)
        position = self._builder.phi(LONG)
        position.add_incoming(start, entry)
        codes = self._load_columns(bases, position)
        self._add_derived_codes(codes)
        tables = TableEmitter(self._builder, codes)
        for program, threshold in zip(self._programs, thresholds, strict=True):
            for lanes in self._emit_scores(program, tables, threshold):
                self._store_lanes(lanes, next(targets), position)
        following = self._builder.add(position, ir.Constant(LONG, LANES))
        position.add_incoming(following, loop)
        self._builder.cbranch(self._builder.icmp_signed("<", following, stop), loop, end)
        ir.IRBuilder(end).ret_void()
        return self.module

    def _count_outputs(self, program: Program) -> int:
        return 2 + (len(program.points) if self._lines else 0)

    def _load_pointers(self, places: Any, count: int) -> list[Any]:
        build = self._builder
        return [build.load(build.gep(places, [ir.Constant(LONG, n)])) for n in range(count)]

    def _load_threshold(self, lines: Any, number: int) -> Any:
        """The line of a program in every lane, in the width of its total."""
        build, bits = self._builder, _total_bits(self._programs[number])
        threshold = build.load(build.gep(lines, [ir.Constant(LONG, number)]))
        narrow = build.trunc(threshold, ir.IntType(bits)) if bits < WORD.width else threshold
        empty = ir.Constant(vector_type(bits), ir.Undefined)
        first = build.insert_element(empty, narrow, ir.Constant(WORD, 0))
        everywhere = ir.Constant(ir.VectorType(WORD, LANES), [0] * LANES)
        return build.shuffle_vector(first, first, everywhere)

    def _load_columns(self, bases: list[Any], position: Any) -> dict[str, Lanes]:
        codes = {}
        for (fact_id, axis), base in zip(self._programs[0].axes.items(), bases, strict=True):
            bits = axis.dtype.itemsize * 8
            load = self._builder.load(self._point_to_lanes(base, position, bits))
            load.align = bits // 8
            codes[fact_id] = Lanes(load, bits, 0, axis.size - 1)
        return codes

    def _add_derived_codes(self, codes: dict[str, Lanes]) -> None:
        """Add the codes of derived numbers to those of the columns."""
        for program in self._programs:
            for key, derived_axis in program.derived.items():
                if key not in codes:
                    codes[key] = derived_axis.emit_lanes(self._builder, codes, program.axes)

    def _emit_scores(self, program: Program, tables: TableEmitter, threshold: Any) -> list[Lanes]:
        """Total, flags and, where asked for, the points of each indicator."""
        build, arithmetic = self._builder, LaneArithmetic(self._builder)
        points = [tables.emit_points(table) for table in program.points]
        summed = _tally_group(program.tree, points, arithmetic)
        total = arithmetic.apply_floor(summed, program.floor)
        total = arithmetic.widen(total, _total_bits(program))
        eligible = self._emit_conjunction([tables.emit_mask(table) for table in program.conditions])
        clear = self._emit_conjunction(
            [build.not_(tables.emit_mask(table)) for table in program.vetoes]
        )
        above_threshold = build.icmp_signed(">=", total.vector, threshold)
        reached = build.and_(above_threshold, eligible)
        for way, table in zip(program.rules.ways, program.ways, strict=True):
            on_it = tables.emit_mask(table)
            reached = build.or_(
                reached, on_it if way.waives_conditions else build.and_(on_it, eligible)
            )
        reached = build.and_(reached, clear)
        flags = splat(8, 0)
        for mask, bit in ((eligible, ELIGIBLE), (build.not_(clear), VETOED), (reached, REACHED)):
            flags = build.or_(flags, build.select(mask, splat(8, bit), splat(8, 0)))
        for number in program.multiplier_lines:  # a multiplier has no points of its own
            points[number] = Lanes(splat(8, 0), 8, 0, 0)
        return [total, Lanes(flags, 8, 0, 7), *(points if self._lines else ())]

    def _emit_conjunction(self, masks: list[Any]) -> Any:
        met = ir.Constant(vector_type(1), [1] * LANES)
        for mask in masks:
            met = self._builder.and_(met, mask)
        return met

    def _store_lanes(self, lanes: Lanes, base: Any, position: Any) -> None:
        store = self._builder.store(lanes.vector, self._point_to_lanes(base, position, lanes.bits))
        store.align = LANES if self._streaming else lanes.bits // 8
        if self._streaming:
            # a result larger than the caches would only push the columns out of them
            once = self.module.add_metadata([ir.Constant(WORD, 1)])
            store.set_metadata("nontemporal", once)

    def _point_to_lanes(self, base: Any, position: Any, bits: int) -> Any:
        typed = self._builder.bitcast(base, ir.IntType(bits).as_pointer())
        return self._builder.bitcast(
            self._builder.gep(typed, [position]), vector_type(bits).as_pointer()
        )


def _total_bits(program: Program) -> int:
    return int(program.total_dtype.itemsize * 8)


def _tally_group(node: GroupNode, points: list[Lanes], arithmetic: LaneArithmetic) -> Lanes:
    parts = [points[line] for line in node.lines]
    parts += [_tally_group(group, points, arithmetic) for group in node.groups]
    # narrow ones first: as long as a sum fits into eight bits, 64 lanes take one register
    parts.sort(key=lambda lanes: (lanes.bits, lanes.most))
    combined = parts[0] if parts else Lanes(splat(8, 0), 8, 0, 0)
    for part in parts[1:]:
        combined = (arithmetic.take_higher if node.best else arithmetic.add)(combined, part)
    if node.most is not None:
        combined = arithmetic.apply_cap(combined, node.most)
    if node.rounding is not None:
        combined = arithmetic.apply_factor(combined, node.rounding)
    for factor in node.factors:
        combined = arithmetic.apply_factor(combined, factor, points[factor.line])
    return combined
