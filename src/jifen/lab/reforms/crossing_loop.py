"""Totals and flags before and after → people by group, class, move and total, in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from jifen.lab.native_loop import LoopFrame, NativeLoop, thread_pool
from jifen.lab.population.people import Grouping
from jifen.scoring.population.bounds import UNKNOWN_SHIFT
from jifen.scoring.population.lanes import LONG, WORD
from jifen.scoring.population.loop_emitter import REACHED

Column = NDArray[Any]
UNUSABLE, UNKNOWN, KNOWN = 0, 1, 2
"""What is known of a person: values that cannot be used, some fact absent, all facts."""
CLASSES, MOVES = 3, 4
KINDS = CLASSES * CLASSES * MOVES
SAME, NO_MOVE = 1, MOVES - 1
MOST_GROUPS = 256
"""What one byte a person can tell apart."""


@dataclass(frozen=True, eq=False)
class Crossings:
    """Of one grouping, by group: `crossings` (groups, 9), `moves` (groups, 3), and people by scaled
    total `before` and `after` (groups, span)."""

    crossings: NDArray[np.int64]
    moves: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    def add_changed(self, changed: "Crossings") -> "Crossings":
        """Of these counts of a version against itself, and those of the people whom a draft
        changes (`after`: how many more there are of each total): the counts of everybody."""
        crossings = self.crossings + changed.crossings
        left = changed.crossings.reshape(-1, CLASSES, CLASSES).sum(2)
        crossings[:, :: CLASSES + 1] -= left
        moves = self.moves + changed.moves
        moves[:, SAME] -= changed.moves.sum(1)
        return Crossings(crossings, moves, self.before, self.before + changed.after)

    def replace(self, drafted: "Crossings") -> "Crossings":
        """The counts of everybody under a draft, with the totals before of this version."""
        return Crossings(drafted.crossings, drafted.moves, self.before, drafted.after)

    def widen(self, own: "TotalRange", wider: "TotalRange") -> "Crossings":
        """The same counts with the bins of a wider range."""
        before, after = (widen_bins(table, own, wider) for table in (self.before, self.after))
        return Crossings(self.crossings, self.moves, before, after)

    def sum_groups(self, joint: "JointGroups", place: int) -> "Crossings":
        """The counts of one of the groupings that were counted together."""
        tables = (self.crossings, self.moves, self.before, self.after)
        return Crossings(*(joint.sum_table(table, place) for table in tables))


@dataclass(frozen=True, eq=False)
class CountedCrossings:
    """People by change of their total, and the counts of each grouping."""

    change: NDArray[np.int64]
    groupings: tuple[Crossings, ...]

    def add_changed(self, changed: "CountedCrossings") -> "CountedCrossings":
        """As `Crossings.add_changed`."""
        change = self.change + changed.change
        change[len(change) // 2] -= changed.change.sum()
        pairs = zip(self.groupings, changed.groupings, strict=True)
        return CountedCrossings(change, tuple(one.add_changed(more) for one, more in pairs))

    def replace(self, drafted: "CountedCrossings") -> "CountedCrossings":
        """As `Crossings.replace`."""
        pairs = zip(self.groupings, drafted.groupings, strict=True)
        groupings = tuple(one.replace(other) for one, other in pairs)
        return CountedCrossings(drafted.change, groupings)

    def widen(self, own: "TotalRange", wider: "TotalRange") -> "CountedCrossings":
        """The same counts with the bins of a wider range."""
        more = wider.span - own.span
        change = np.pad(self.change, (more, more))
        return CountedCrossings(change, tuple(one.widen(own, wider) for one in self.groupings))


@dataclass(frozen=True, eq=False)
class JointGroups:
    """Several groupings as one, so that each person is counted once for all of them. `sizes`: how
    many groups each has; `numbers`: the places of these groupings among those asked for."""

    codes: NDArray[np.uint8]
    sizes: tuple[int, ...]
    numbers: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many joint groups there are."""
        return int(np.prod(self.sizes))

    def sum_table(self, table: NDArray[np.int64], place: int) -> NDArray[np.int64]:
        """A table by joint group (groups, …) as one by the groups of one grouping."""
        others = tuple(axis for axis in range(len(self.sizes)) if axis != place)
        return np.asarray(table.reshape(*self.sizes, -1).sum(others))


def join_groupings(groupings: Sequence[Grouping]) -> list[JointGroups]:
    """The groupings in as few joint ones of at most 256 groups as their order allows."""
    parts: list[list[int]] = []
    sizes = [len(grouping.labels) for grouping in groupings]
    room = 0
    for number, size in enumerate(sizes):
        if size > room:
            parts.append([])
            room = MOST_GROUPS
        parts[-1].append(number)
        room //= size
    return [_join([groupings[n] for n in part], part) for part in parts]


def _join(groupings: Sequence[Grouping], numbers: Sequence[int]) -> JointGroups:
    sizes = tuple(len(grouping.labels) for grouping in groupings)
    codes = groupings[0].codes
    for grouping, size in zip(groupings[1:], sizes[1:], strict=True):
        codes = codes * np.uint8(size) + grouping.codes
    return JointGroups(np.ascontiguousarray(codes), sizes, tuple(numbers))


@dataclass(frozen=True, slots=True)
class TotalRange:
    """Totals lie from `least` on, in `span` bins."""

    least: int
    span: int


def widen_bins(table: NDArray[np.int64], own: TotalRange, wider: TotalRange) -> NDArray[np.int64]:
    """A table by group and total with the bins of a wider range."""
    below = own.least - wider.least
    return np.pad(table, ((0, 0), (below, wider.span - own.span - below)))


def count_crossings(
    totals: tuple[Column, Column],
    flags: tuple[Column, Column],
    joints: Sequence[JointGroups],
    totals_range: TotalRange,
    known: Column | None,
    threads: int,
) -> CountedCrossings:
    """People by change of their total (2 × span - 1 bins), and the counts of each grouping in the
    order in which they were asked for. `known`: a byte for each person, None where all facts of
    everybody are known."""
    people, span = len(totals[0]), totals_range.span
    structure = (totals[0].itemsize * 8, totals[1].itemsize * 8, known is not None)
    loop = _loop(*structure, len(joints))
    inputs = [*totals, *flags, *([] if known is None else [known]), *(one.codes for one in joints)]
    sizes = [2 * span - 1]
    for joint in joints:
        sizes += [joint.count * KINDS, joint.count * span, joint.count * span]

    def count_part(part: int) -> list[NDArray[np.int32]]:
        counts = [np.zeros(size, np.int32) for size in sizes]
        start, stop = people * part // threads, people * (part + 1) // threads
        loop.run(inputs, counts, [totals_range.least, span], start, stop)
        return counts

    parts = list(thread_pool(threads).map(count_part, range(threads)))
    change, *tables = (sum_parts(part) for part in zip(*parts, strict=True))
    counted = [
        Crossings(
            *split_kinds(kinds, joint.count),
            before.reshape(joint.count, -1),
            after.reshape(joint.count, -1),
        )
        for joint, kinds, before, after in zip(
            joints, tables[::3], tables[1::3], tables[2::3], strict=True
        )
    ]
    return CountedCrossings(change, split_joints(joints, counted))


def sum_parts(counts: Sequence[NDArray[np.int32]]) -> NDArray[np.int64]:
    """The counts of all threads together."""
    total = counts[0].astype(np.int64)
    for part in counts[1:]:  # no part is copied beside the others first
        total += part
    return total


def split_joints(
    joints: Sequence[JointGroups], counted: Sequence[Crossings]
) -> tuple[Crossings, ...]:
    """The counts of joint groupings as those of each grouping, in the order asked for."""
    found: dict[int, Crossings] = {}
    for joint, one in zip(joints, counted, strict=True):
        for place, number in enumerate(joint.numbers):
            found[number] = one.sum_groups(joint, place)
    return tuple(found[number] for number in sorted(found))


def split_kinds(
    kinds: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """People by group and kind → crossings (groups, 9), and moves (groups, 3)."""
    by_kind = kinds.reshape(count, CLASSES * CLASSES, MOVES)
    return by_kind.sum(2), by_kind.sum(1)[:, :NO_MOVE]


@lru_cache(maxsize=64)
def _loop(before_bits: int, after_bits: int, has_state: bool, groups: int) -> NativeLoop:
    key = _Structure((before_bits, after_bits), has_state, groups)
    return NativeLoop("cross", key, lambda: _CrossingEmitter(key).emit_module())


@dataclass(frozen=True, slots=True)
class _Structure:
    """What the loop is made for: the widths of the totals, whether there is a byte that says what
    is known, how many joint groupings."""

    bits: tuple[int, int]
    has_state: bool
    groups: int


class _CrossingEmitter:
    def __init__(self, structure: _Structure) -> None:
        self._structure = structure
        self._frame = LoopFrame("cross", 1)
        self._build = self._frame.build

    def emit_module(self) -> ir.Module:
        frame, build, made_for = self._frame, self._build, self._structure
        codes = [8] * (made_for.has_state + made_for.groups)
        columns = [
            build.bitcast(frame.load_pointer(0, n), ir.IntType(bits).as_pointer())
            for n, bits in enumerate([*made_for.bits, 8, 8, *codes])
        ]
        self._tables = [
            build.bitcast(frame.load_pointer(1, n), WORD.as_pointer())
            for n in range(1 + 3 * made_for.groups)
        ]
        self._least, self._span = frame.load_number(0), frame.load_number(1)
        at = frame.begin()
        results = [build.load(build.gep(column, [at])) for column in columns[:4]]
        self._count_by_state(results, columns[4:], at)
        return frame.finish()

    def _count_by_state(self, results: list[Any], columns: list[Any], at: Any) -> None:
        build = self._build
        codes = [build.load(build.gep(column, [at])) for column in columns]
        if not self._structure.has_state:
            self._count_person(results, codes, is_known=True)
            return
        state = codes.pop(0)
        is_known = build.icmp_unsigned("==", state, ir.Constant(state.type, KNOWN))
        with build.if_else(is_known) as (then, otherwise):
            with then:
                self._count_person(results, codes, is_known=True)
            with otherwise:
                usable = build.icmp_unsigned("!=", state, ir.Constant(state.type, UNUSABLE))
                with build.if_then(usable):
                    self._count_person(results, codes, is_known=False)

    def _count_person(self, results: list[Any], codes: list[Any], *, is_known: bool) -> None:
        build, tables = self._build, self._tables
        before, after = (build.sub(build.sext(v, LONG), self._least) for v in results[:2])
        one, other = (self._class_of(flags) for flags in results[2:])
        crossing = build.add(build.mul(one, _long(CLASSES)), other)
        move: Any = _long(NO_MOVE)
        if is_known:
            difference = build.sub(after, before)
            last = build.sub(self._span, _long(1))
            self._add_one(tables[0], build.add(difference, last))
            more = build.zext(build.icmp_signed(">", difference, _long(0)), LONG)
            fewer = build.zext(build.icmp_signed("<", difference, _long(0)), LONG)
            move = build.sub(build.add(more, _long(1)), fewer)
        kind = build.add(build.mul(crossing, _long(MOVES)), move)
        for number, code in enumerate(codes):
            kinds, befores, afters = tables[1 + 3 * number : 4 + 3 * number]
            group = build.zext(code, LONG)
            self._add_one(kinds, build.add(build.mul(group, _long(KINDS)), kind))
            if is_known:
                row = build.mul(group, self._span)
                self._add_one(befores, build.add(row, before))
                self._add_one(afters, build.add(row, after))

    def _class_of(self, flags: Any) -> Any:
        """0 surely not, 1 perhaps, 2 surely."""
        build = self._build
        surely, perhaps = (
            build.icmp_unsigned("!=", build.and_(flags, mask), ir.Constant(flags.type, 0))
            for mask in (
                ir.Constant(flags.type, REACHED),
                ir.Constant(flags.type, REACHED << UNKNOWN_SHIFT),
            )
        )
        return build.select(surely, _long(2), build.zext(perhaps, LONG))

    def _add_one(self, table: Any, place: Any) -> None:
        build = self._build
        target = build.gep(table, [place])
        build.store(build.add(build.load(target), ir.Constant(WORD, 1)), target)


def _long(number: int) -> ir.Constant:
    return ir.Constant(LONG, number)
