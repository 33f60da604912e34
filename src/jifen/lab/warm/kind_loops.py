"""Two loops over a block of people: what becomes of each person (vectors of 64), and how many there
are by group, kind and total (one person at a time, one increment a table)."""

from functools import lru_cache
from typing import Any

from llvmlite import ir

from jifen.lab.native_loop import LoopFrame, NativeLoop
from jifen.lab.reforms.crossing_loop import CLASSES, KINDS, KNOWN, MOVES, NO_MOVE, UNUSABLE
from jifen.scoring.population.bounds import UNKNOWN_SHIFT
from jifen.scoring.population.lanes import LANES, LONG, WORD, splat, vector_type
from jifen.scoring.population.loop_emitter import REACHED

UNCHANGED, NOBODY = 128, 255
"""Of the kind of a person: the bit of those whose total and flags stay, and who is not counted."""
_MOVE_BITS = MOVES - 1


@lru_cache(maxsize=64)
def kinds_loop(before_bits: int, after_bits: int, has_state: bool) -> NativeLoop:
    """Totals before and after, flags before and after, and a byte that says what is known of each
    person where not everything is → the kind of each: class before, class after, move."""
    key = (before_bits, after_bits, has_state)
    return NativeLoop("kinds", key, lambda: _emit_kinds(*key))


def _emit_kinds(before_bits: int, after_bits: int, has_state: bool) -> ir.Module:
    frame = LoopFrame("kinds", LANES)
    build = frame.build
    widths = [before_bits, after_bits, 8, 8, *([8] if has_state else [])]
    pointers = [frame.load_pointer(0, n) for n in range(len(widths))]
    target = frame.load_pointer(1, 0)
    at = frame.begin()
    before, after, *flags = (
        _load_lanes(build, pointer, at, bits)
        for pointer, bits in zip(pointers, widths, strict=True)
    )
    if before_bits != after_bits:
        wide = vector_type(max(before_bits, after_bits))
        before, after = (v if v.type == wide else build.sext(v, wide) for v in (before, after))
    one, other = (_classes(build, some) for some in flags[:2])
    more, fewer = (build.icmp_signed(sign, after, before) for sign in (">", "<"))
    move = build.select(more, splat(8, 2), build.select(fewer, splat(8, 0), splat(8, 1)))
    if has_state:
        known = build.icmp_unsigned("==", flags[2], splat(8, KNOWN))
        move = build.select(known, move, splat(8, NO_MOVE))
    crossing = build.add(build.mul(one, splat(8, CLASSES)), other)
    kind = build.add(build.mul(crossing, splat(8, MOVES)), move)
    same_flags = build.icmp_unsigned("==", flags[0], flags[1])
    same = build.and_(build.not_(build.or_(more, fewer)), same_flags)
    kind = build.or_(kind, build.select(same, splat(8, UNCHANGED), splat(8, 0)))
    if has_state:
        nobody = build.icmp_unsigned("==", flags[2], splat(8, UNUSABLE))
        kind = build.select(nobody, splat(8, NOBODY), kind)
    store = build.store(kind, _lanes_at(build, target, at, 8))
    store.align = 1
    return frame.finish()


def _classes(build: Any, flags: Any) -> Any:
    """0 surely not, 1 perhaps, 2 surely."""
    surely, perhaps = (
        build.icmp_unsigned("!=", build.and_(flags, splat(8, bit)), splat(8, 0))
        for bit in (REACHED, REACHED << UNKNOWN_SHIFT)
    )
    return build.select(surely, splat(8, 2), build.select(perhaps, splat(8, 1), splat(8, 0)))


def _load_lanes(build: Any, pointer: Any, at: Any, bits: int) -> Any:
    load = build.load(_lanes_at(build, pointer, at, bits))
    load.align = bits // 8
    return load


def _lanes_at(build: Any, pointer: Any, at: Any, bits: int) -> Any:
    typed = build.bitcast(pointer, ir.IntType(bits).as_pointer())
    return build.bitcast(build.gep(typed, [at]), vector_type(bits).as_pointer())


@lru_cache(maxsize=64)
def increments_loop(
    before_bits: int, after_bits: int, has_state: bool, joints: int, only_changed: bool
) -> NativeLoop:
    """Kinds, totals before and after, a code for each joint grouping → people by change of total,
    and for each joint grouping by kind and by total after. `only_changed`: of the people whom the
    draft changes, and their totals before are taken off."""
    key = (before_bits, after_bits, has_state, joints, only_changed)
    return NativeLoop("increments", key, lambda: _emit_increments(*key))


def _emit_increments(
    before_bits: int, after_bits: int, has_state: bool, joints: int, only_changed: bool
) -> ir.Module:
    frame = LoopFrame("increments", 1)
    build = frame.build
    widths = [8, before_bits, after_bits, *[8] * joints]
    columns = [
        build.bitcast(frame.load_pointer(0, n), ir.IntType(bits).as_pointer())
        for n, bits in enumerate(widths)
    ]
    tables = [
        build.bitcast(frame.load_pointer(1, n), WORD.as_pointer()) for n in range(1 + 2 * joints)
    ]
    least, span = frame.load_number(0), frame.load_number(1)
    at = frame.begin()

    def load(number: int) -> Any:
        return build.load(build.gep(columns[number], [at]))

    def add(table: Any, place: Any, step: int = 1) -> None:
        target = build.gep(table, [place])
        build.store(build.add(build.load(target), ir.Constant(WORD, step)), target)

    kind = load(0)

    def count_person() -> None:
        bare = build.zext(build.and_(kind, ir.Constant(kind.type, UNCHANGED - 1)), LONG)
        groups = [build.zext(load(3 + n), LONG) for n in range(joints)]
        for number, group in enumerate(groups):
            row = build.mul(group, ir.Constant(LONG, KINDS))
            add(tables[1 + 2 * number], build.add(row, bare))
        if not has_state:
            count_totals(groups)
            return
        move = build.and_(bare, ir.Constant(LONG, _MOVE_BITS))
        with build.if_then(build.icmp_unsigned("!=", move, ir.Constant(LONG, NO_MOVE))):
            count_totals(groups)

    def count_totals(groups: list[Any]) -> None:
        before, after = (build.sub(build.sext(load(n), LONG), least) for n in (1, 2))
        middle = build.sub(span, ir.Constant(LONG, 1))
        add(tables[0], build.add(build.sub(after, before), middle))
        for number, group in enumerate(groups):
            row = build.mul(group, span)
            add(tables[2 + 2 * number], build.add(row, after))
            if only_changed:
                add(tables[2 + 2 * number], build.add(row, before), -1)

    if only_changed or has_state:
        end = ir.Constant(kind.type, UNCHANGED if only_changed else NOBODY)
        with build.if_then(build.icmp_unsigned("<", kind, end)):
            count_person()
    else:
        count_person()
    return frame.finish()
