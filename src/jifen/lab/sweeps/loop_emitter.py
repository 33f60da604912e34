"""The loop over variants, emitted with LLVM: for each person the points of 64 variants at a time.

The points of a leaf lie as rows, one per code, of 64 variants side by side: a person's code picks a
row, and rows are added, compared and capped as they are. No processor needs more for it than loads
and additions of vectors; there is nothing to gather. The function is

    sweep(codes: u8**, same: i16**, tables: i8**, limits: i16**, start: i64, stop: i64,
          reached: i32*, sums: i32*)

`codes` one column per varying leaf (and gate), `same` one per person, `tables` the rows of this
tile, `limits` rows of caps, then floor and line. Counts are added to `reached` and `sums`.
"""

from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from jifen.lab.sweeps.variant_tree import BranchPart, Caps, SamePart, TreePart, VaryingPart
from jifen.scoring.population.lanes import (
    LANES,
    LONG,
    WORD,
    LaneArithmetic,
    Lanes,
    splat,
    vector_type,
)

HALF = ir.IntType(16)
_BYTES = ir.IntType(8).as_pointer()


@dataclass(frozen=True, eq=False)
class LoopStructure:
    """What a loop is made for: `widths` are the bits of each varying table, of which the last
    `gates` are conditions; totals lie between `least` and `most` in every variant."""

    root: BranchPart
    widths: list[int]
    gates: int
    least: int
    most: int
    floor: bool

    @property
    def burst(self) -> int:
        """People whose totals (less the least) are added in 16 bits before they are carried."""
        return min(1024, _WIDEST // max(self.most - self.least, 1))

    @property
    def key(self) -> str:
        """A text of everything that the loop depends on, for the cache of machine code."""
        tree, figures = _describe_part(self.root), (self.least, self.most, self.floor)
        return f"{tree} {self.widths} {self.gates} {figures}"


_WIDEST = (1 << 16) - 1


def _describe_part(part: TreePart) -> str:
    if isinstance(part, BranchPart):
        inner = ",".join(_describe_part(inner_part) for inner_part in part.parts)
        caps = None if part.caps is None else (int(part.caps.min()), int(part.caps.max()))
        return f"({part.best} {caps} {inner})"
    number = part.leaf if isinstance(part, VaryingPart) else part.column
    return f"{type(part).__name__}{number}:{part.least}:{part.most}"


class SweepEmitter:
    """Writes the loop for one structure."""

    def __init__(self, structure: "LoopStructure") -> None:
        self._root, self._widths, self._gates = structure.root, structure.widths, structure.gates
        self._least, self._burst = structure.least, structure.burst
        self._floor = structure.floor
        self.module = ir.Module(name="jifen-sweep")
        kinds = [_BYTES.as_pointer()] * 4 + [LONG, LONG] + [_BYTES] * 2
        function = ir.FunctionType(ir.VoidType(), kinds)
        self._function = ir.Function(self.module, function, name="sweep")

    def emit_module(self) -> ir.Module:
        """The whole module: people in bursts outside, one person after another inside."""
        codes, same, tables, limits, start, stop, reached, sums = self._function.args
        names = ("entry", "burst", "person", "carry", "end")
        entry, burst, person, carry, end = (self._function.append_basic_block(n) for n in names)
        self._build = build = ir.IRBuilder(entry)
        self._load_pointers(codes, same, tables, limits)
        build.cbranch(build.icmp_signed("<", start, stop), burst, end)

        build.position_at_end(burst)
        first = build.phi(LONG)
        first.add_incoming(start, entry)
        limit = build.add(first, ir.Constant(LONG, self._burst))
        limit = build.select(build.icmp_signed("<", limit, stop), limit, stop)
        build.branch(person)

        build.position_at_end(person)
        row = build.phi(LONG)
        row.add_incoming(first, burst)
        count, total = build.phi(vector_type(16)), build.phi(vector_type(16))
        for running in (count, total):
            running.add_incoming(splat(16, 0), burst)
        reaches, points = self._emit_person(row)
        counted, summed = build.add(count, reaches), build.add(total, points)
        following = build.add(row, ir.Constant(LONG, 1))
        for running, value in ((row, following), (count, counted), (total, summed)):
            running.add_incoming(value, person)
        build.cbranch(build.icmp_signed("<", following, limit), person, carry)

        build.position_at_end(carry)
        self._emit_carry(counted, reached)
        self._emit_carry(summed, sums)
        first.add_incoming(following, carry)
        build.cbranch(build.icmp_signed("<", following, stop), burst, end)
        ir.IRBuilder(end).ret_void()
        return self.module

    def _load_pointers(self, codes: Any, same: Any, tables: Any, limits: Any) -> None:
        leaves = len(self._widths)
        self._codes = self._load_each(codes, leaves)
        self._tables = self._load_each(tables, leaves)
        self._same = self._load_each(same, self._count_same(self._root))
        rows = self._load_each(limits, self._count_caps(self._root) + self._floor + 1)
        self._limits = [self._load_row(row, 16) for row in rows]
        self._caps = iter(self._limits)

    def _load_each(self, places: Any, count: int) -> list[Any]:
        build = self._build
        return [build.load(build.gep(places, [ir.Constant(LONG, n)])) for n in range(count)]

    def _count_same(self, part: TreePart) -> int:
        if isinstance(part, BranchPart):
            return sum(self._count_same(inner) for inner in part.parts)
        return int(isinstance(part, SamePart))

    def _count_caps(self, part: TreePart) -> int:
        if not isinstance(part, BranchPart):
            return 0
        return (part.caps is not None) + sum(self._count_caps(inner) for inner in part.parts)

    def _load_row(self, place: Any, bits: int) -> Any:
        load = self._build.load(self._build.bitcast(place, vector_type(bits).as_pointer()))
        load.align = LANES * bits // 8
        return load

    def _emit_person(self, row: Any) -> tuple[Any, Any]:
        """Whether the line is reached (0 or 1) and the total, for each variant."""
        build = self._build
        total = LaneArithmetic(build).widen(self._emit_part(self._root, row), 16).vector
        limits = list(self._caps)  # what the branches have left: floor and line
        if self._floor:
            total = build.select(build.icmp_signed(">", limits[0], total), limits[0], total)
        reached = build.icmp_signed(">=", total, limits[-1])
        for gate in range(len(self._widths) - self._gates, len(self._widths)):
            passes = self._load_leaf(gate, row, 8)
            reached = build.and_(reached, build.icmp_unsigned("!=", passes, splat(8, 0)))
        return build.zext(reached, vector_type(16)), build.sub(total, splat(16, self._least))

    def _emit_part(self, part: TreePart, row: Any) -> Lanes:
        if isinstance(part, VaryingPart):
            bits = self._widths[part.leaf]
            return Lanes(self._load_leaf(part.leaf, row, bits), bits, part.least, part.most)
        if isinstance(part, SamePart):
            return self._broadcast_same(part, row)
        arithmetic = LaneArithmetic(self._build)
        lanes = [self._emit_part(inner, row) for inner in part.parts]
        lanes.sort(key=lambda lanes_of_part: (lanes_of_part.bits, lanes_of_part.most))
        combined = lanes[0]
        for lanes_of_part in lanes[1:]:
            combined = (arithmetic.take_higher if part.best else arithmetic.add)(
                combined, lanes_of_part
            )
        return combined if part.caps is None else self._emit_cap(combined, part.caps)

    def _load_leaf(self, leaf: int, row: Any, bits: int) -> Any:
        """The row of a person: the code picks it."""
        build = self._build
        code = build.zext(build.load(build.gep(self._codes[leaf], [row])), LONG)
        place = build.mul(code, ir.Constant(LONG, LANES * bits // 8))
        return self._load_row(build.gep(self._tables[leaf], [place]), bits)

    def _broadcast_same(self, part: SamePart, row: Any) -> Lanes:
        build = self._build
        column = build.bitcast(self._same[part.column], HALF.as_pointer())
        value = build.load(build.gep(column, [row]))
        first = build.insert_element(
            ir.Constant(vector_type(16), ir.Undefined), value, ir.Constant(WORD, 0)
        )
        everywhere = ir.Constant(ir.VectorType(WORD, LANES), [0] * LANES)
        vector = build.shuffle_vector(first, first, everywhere)
        return Lanes(vector, 16, part.least, part.most)

    def _emit_cap(self, lanes: Lanes, caps: Caps) -> Lanes:
        wide = LaneArithmetic(self._build).widen(lanes, 16)
        cap = next(self._caps)
        above = self._build.icmp_signed(">", wide.vector, cap)
        vector = self._build.select(above, cap, wide.vector)
        least, most = int(caps.min()), int(caps.max())
        return Lanes(vector, 16, min(wide.least, least), min(wide.most, most))

    def _emit_carry(self, values: Any, target: Any) -> None:
        """Add 16-bit counts to the 32-bit ones in memory."""
        build = self._build
        place = build.bitcast(target, vector_type(32).as_pointer())
        load = build.load(place)
        load.align = LANES
        store = build.store(build.add(load, build.zext(values, vector_type(32))), place)
        store.align = LANES
