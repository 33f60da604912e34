"""People whom a draft changes, counted block by block: what a block needs beside the columns that
are kept (points of changed tables, totals, flags, kinds) stays in the caches and is written over by
the next block. Nothing as long as the population is allocated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.native_loop import NativeLoop, thread_pool
from jifen.lab.reforms.crossing_loop import (
    KINDS,
    CountedCrossings,
    Crossings,
    JointGroups,
    TotalRange,
    split_joints,
    split_kinds,
    sum_parts,
)
from jifen.lab.warm.kind_loops import UNCHANGED, increments_loop, kinds_loop
from jifen.lab.warm.point_columns import TableLookUp
from jifen.lab.warm.tally_loop import Adding, tally_by_block
from jifen.scoring.population.kernel import allocate_aligned
from jifen.scoring.population.lanes import LANES

Column = NDArray[Any]
BLOCK = 1 << 16
"""People of a block: what it needs is about half a megabyte."""
_SAMPLE, _SAMPLES = 1 << 12, 4


@dataclass(frozen=True, eq=False)
class Bounded:
    """What is known only within bounds of a draft: the rows (rising), least totals, flags."""

    rows: NDArray[np.intp]
    least: Column
    flags: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class DraftedPoints:
    """How a draft is added up: `columns` has the kept points of each line of `adding`, or the
    look-up that gives them."""

    adding: Adding
    columns: dict[int, "Column | TableLookUp"]
    gates: tuple[Column, Column]
    bounded: Bounded | None


@dataclass(frozen=True, eq=False)
class ScoredDraft:
    """Totals and flags of everybody under a draft that no loop adds up from points."""

    total: Column
    flags: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class CountedVersion:
    """The version that a draft is compared with: totals and flags of everybody, what is known of
    each person (None: everything), and its own counts over some range."""

    total: Column
    flags: NDArray[np.uint8]
    state: NDArray[np.uint8] | None
    joints: Sequence[JointGroups]
    counts: CountedCrossings


def count_draft(
    version: CountedVersion,
    draft: DraftedPoints | ScoredDraft,
    totals_range: TotalRange,
    threads: int,
) -> CountedCrossings:
    """The counts of a draft; those of the version are over the same range. Where it changes few
    people, they are added to the counts of the version; where it changes most of them, everybody is
    counted under the draft."""
    only_changed = _sample_changed(version, draft) < 1 / 2
    people = len(version.total)
    blocks = -(-people // BLOCK)

    def count_part(part: int) -> list[NDArray[np.int32]]:
        counting = _Counting(version, draft, totals_range, only_changed=only_changed)
        for block in range(blocks * part // threads, blocks * (part + 1) // threads):
            counting.count(block * BLOCK, min(people, (block + 1) * BLOCK))
        return counting.tables

    parts = list(thread_pool(threads).map(count_part, range(threads)))
    change, *tables = (sum_parts(part) for part in zip(*parts, strict=True))
    counted = []
    for joint, kinds, after in zip(version.joints, tables[::2], tables[1::2], strict=True):
        by_total = after.reshape(joint.count, -1)
        counted.append(Crossings(*split_kinds(kinds, joint.count), by_total, by_total))
    found = CountedCrossings(change, split_joints(version.joints, counted))
    return version.counts.add_changed(found) if only_changed else version.counts.replace(found)


def _sample_changed(version: CountedVersion, draft: DraftedPoints | ScoredDraft) -> float:
    """The share of people whom a draft changes, in some stretches of them."""
    people = len(version.total)
    kinds = _Kinds(version, draft)
    starts = sorted({people * n // _SAMPLES // LANES * LANES for n in range(_SAMPLES)})
    found = seen = 0
    for start in starts:
        stop = min(people, start + _SAMPLE)
        some = kinds.find(start, stop)
        found, seen = found + int(np.count_nonzero(some < UNCHANGED)), seen + len(some)
    return found / max(seen, 1)


class _Stage:
    """A loop over a block. Of its inputs some are as long as the population and move on with the
    block, others stay (tables, what an earlier stage wrote)."""

    def __init__(
        self,
        loop: NativeLoop,
        inputs: Sequence[tuple[Column, bool]],
        outputs: Sequence[Column],
        numbers: Sequence[int] = (),
    ) -> None:
        self._loop, self._inputs, self._outputs = loop, inputs, outputs
        self._first = _addresses([array for array, _ in inputs])
        self._steps = np.array([array.itemsize * moves for array, moves in inputs], np.int64)
        self._targets = _addresses(outputs)
        self._figures = np.array([*numbers, 0], np.int64)

    def run(self, start: int, people: int) -> None:
        """Over so many people from `start` on."""
        places = self._first + start * self._steps
        self._loop.run_at(places, self._targets, self._figures, people)


def _addresses(arrays: Sequence[Column]) -> NDArray[np.int64]:
    return np.array([array.ctypes.data for array in arrays], np.int64)


class _Kinds:
    """What becomes of each person of a block."""

    def __init__(self, version: CountedVersion, draft: DraftedPoints | ScoredDraft) -> None:
        self.kinds = allocate_aligned(BLOCK, np.dtype(np.uint8))
        self._bounded = None
        self._look_ups: list[_Stage] = []
        self._tally: _Stage | None = None
        if isinstance(draft, ScoredDraft):
            self.after, flags, moves = draft.total, draft.flags, True
        else:
            moves, self._bounded = False, draft.bounded
            self.after, flags = self._prepare(draft)
        self.after_moves, self._flags = moves, flags
        state = [] if version.state is None else [(version.state, True)]
        self._inputs = [
            (version.total, True),
            (self.after, moves),
            (version.flags, True),
            (flags, moves),
            *state,
        ]
        widths = version.total.itemsize * 8, self.after.itemsize * 8
        self._loop = kinds_loop(*widths, version.state is not None)
        self._stage = _Stage(self._loop, self._inputs, [self.kinds])

    def _prepare(self, draft: DraftedPoints) -> tuple[Column, Column]:
        """Where totals and flags of a block will be."""
        inputs = [(gate, True) for gate in draft.gates]
        for column in draft.columns.values():
            if isinstance(column, TableLookUp):
                points = allocate_aligned(BLOCK, column.dtype)
                points[:] = 0
                fixed = [(array, False) for array in (column.cells, *column.steps)]
                codes = [(code, True) for code in column.codes]
                look_up = [fixed[0], *codes, *fixed[1:]]
                self._look_ups.append(_Stage(column.loop, look_up, [points]))
                inputs.append((points, False))
            else:
                inputs.append((column, True))
        total = allocate_aligned(BLOCK, draft.adding.total_dtype)
        flags = allocate_aligned(BLOCK, np.dtype(np.uint8))
        types = {number: column.dtype for number, column in draft.columns.items()}
        loop, numbers = tally_by_block(draft.adding, types)
        self._tally = _Stage(loop, inputs, [total, flags], numbers)
        return total, flags

    def find(self, start: int, stop: int) -> Column:
        """The kinds of people [start, stop), written over by the next block."""
        people = stop - start
        whole = -(-people // LANES) * LANES
        for look_up in self._look_ups:
            look_up.run(start, people)
        if self._tally:
            self._tally.run(start, whole)
        if self._bounded is not None:
            self._write_bounds(self._bounded, start, stop)
        if whole == people:
            self._stage.run(start, people)
        else:
            self._find_last(start, people, whole)
        return self.kinds[:people]

    def _write_bounds(self, bounded: Bounded, start: int, stop: int) -> None:
        first, last = np.searchsorted(bounded.rows, (start, stop))
        rows = bounded.rows[first:last] - start
        self.after[rows], self._flags[rows] = bounded.least[first:last], bounded.flags[first:last]

    def _find_last(self, start: int, people: int, whole: int) -> None:
        """The block at the end, where columns need not be as long as whole vectors need."""
        copies = []
        for array, moves in self._inputs:
            some = array[start : start + people] if moves else array[:people]
            copy = allocate_aligned(whole, array.dtype)
            copy[:people], copy[people:] = some, 0
            copies.append((copy, False))
        _Stage(self._loop, copies, [self.kinds]).run(0, whole)


class _Counting:
    """The tables of one thread, and the stages that fill them."""

    def __init__(
        self,
        version: CountedVersion,
        draft: DraftedPoints | ScoredDraft,
        totals_range: TotalRange,
        *,
        only_changed: bool,
    ) -> None:
        span, joints = totals_range.span, version.joints
        sizes = [2 * span - 1]
        for joint in joints:
            sizes += [joint.count * KINDS, joint.count * span]
        self.tables = [np.zeros(size, np.int32) for size in sizes]
        self._kinds = _Kinds(version, draft)
        after = self._kinds.after
        loop = increments_loop(
            version.total.itemsize * 8,
            after.itemsize * 8,
            version.state is not None,
            len(joints),
            only_changed,
        )
        inputs = [
            (self._kinds.kinds, False),
            (version.total, True),
            (after, self._kinds.after_moves),
            *((joint.codes, True) for joint in joints),
        ]
        self._stage = _Stage(loop, inputs, self.tables, [totals_range.least, span])

    def count(self, start: int, stop: int) -> None:
        """Add the people [start, stop)."""
        self._kinds.find(start, stop)
        self._stage.run(start, stop - start)
