"""Every variant on all people: how many reach the line, by group, and the mean of the totals."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import Grouping, People
from jifen.lab.scoring import score_people
from jifen.lab.sweeps.figures import (
    TooLarge,
    gates_of,
    is_steady,
    limit_rows,
    rows_of,
    structure_of,
)
from jifen.lab.sweeps.leaves import Leaf, leaf_of, structure_faults
from jifen.lab.sweeps.loop import Loop
from jifen.lab.sweeps.shape import split
from jifen.policy.policy import Policy
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.kernel import processors
from jifen.scoring.population.lanes import LANES
from jifen.scoring.population.program import Program, programs_for

Progress = Callable[[int, int], None]
_BLOCK = 1 << 13
_AT_ONCE = 4


@dataclass(frozen=True, eq=False)
class SweepResult:
    """`reached` int64 (variants, groups); `sums` int64 (variants, groups), the scaled totals of the
    `admissible` people of each group: settled, and meeting the conditions that do not vary."""

    programs: tuple[Program, ...]
    grouping: Grouping | None
    reached: NDArray[np.int64]
    sums: NDArray[np.int64]
    admissible: NDArray[np.int64]
    people: int
    unsettled: int

    def mean(self) -> NDArray[np.float64]:
        """The mean total of admissible people in each variant, in points."""
        people = max(int(self.admissible.sum()), 1)
        return np.asarray(self.sums.sum(1) / people / self.programs[0].scale)


def sweep(
    people: People,
    variants: Sequence[Policy],
    on: date,
    *,
    group: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """Score everybody under every variant on a day. Variants differ in figures only. Raises
    TableError where they differ in more."""
    programs = programs_for(tuple(policy.at(on) for policy in variants))
    if faults := structure_faults(programs):
        raise TableError(faults)
    grouping = people.group_by(group) if group else None
    counted = Sweeper(people, programs, on, grouping)
    try:
        return counted.run(threads or processors(), progress)
    except TooLarge:
        return counted.one_by_one(threads or processors(), progress)


class Sweeper:
    """The tables of all variants, the codes of all people, and the loop over both; made once, so
    that `run` again only counts."""

    def __init__(
        self, people: People, programs: tuple[Program, ...], on: date, grouping: Grouping | None
    ) -> None:
        self._people, self._programs, self._grouping = people, programs, grouping
        self._on = on
        self._made: tuple[Loop, int] | None = None
        points = [leaf_of(tables) for tables in zip(*(p.points for p in programs), strict=True)]
        self._gates = gates_of(programs)
        self._points = points
        steady = [gate for gate in self._gates if is_steady(gate)]
        self._order, self._bounds = self._in_order(steady, programs[0])

    def _in_order(
        self, steady: Sequence[Leaf], program: Program
    ) -> tuple[NDArray[np.intp], list[int]]:
        """The people that count, group by group, and where each group begins."""
        axes = dict(program.axes)
        counts = np.ones(self._people.count, bool)
        if self._people.faulty is not None:
            counts &= ~self._people.faulty
        counts[self._people.unknown(program)] = False
        self._unsettled = int(self._people.count - counts.sum())
        for gate in steady:
            counts &= gate.points[0][gate.codes(self._people, axes, program)] != 0
        chosen = np.flatnonzero(counts)
        if self._grouping is None:
            return chosen, [0, len(chosen)]
        codes = self._grouping.codes[chosen]
        order = np.argsort(codes, kind="stable")
        ends = np.searchsorted(codes[order], np.arange(len(self._grouping.labels) + 1))
        return chosen[order], [int(end) for end in ends]

    def run(self, threads: int, progress: Progress | None) -> SweepResult:
        """Count everybody in every variant."""
        loop, least = self._made = self._made or self._loop(threads)
        count = len(self._order)
        spans = [
            (group, start, min(start + _BLOCK, end))
            for group, (begin, end) in enumerate(pairwise(self._bounds))
            for start in range(begin, end, _BLOCK)
        ]
        groups, tiles = len(self._bounds) - 1, loop.tiles
        reached = np.zeros((groups, tiles * LANES), np.int64)
        sums = np.zeros_like(reached)
        done = 0
        with ThreadPoolExecutor(threads) as pool:
            futures = {pool.submit(loop.run, *span[1:]): span for span in spans}
            for future in as_completed(futures):
                group, start, end = futures[future]
                found = future.result()
                reached[group] += found[0]
                sums[group] += found[1]
                done += end - start
                if progress:
                    progress(done, count)
        variants = len(self._programs)
        shift = np.diff(self._bounds) * least
        return self._result(reached.T[:variants], sums.T[:variants] + shift)

    def one_by_one(self, threads: int, progress: Progress | None) -> SweepResult:
        """The same by the kernels of a population, a few variants in a pass."""
        starts, rows = np.array(self._bounds[:-1]), len(self._programs)
        reached = np.zeros((rows, len(starts)), np.int64)
        sums = np.zeros_like(reached)
        for first in range(0, rows, _AT_ONCE):
            some = self._programs[first : first + _AT_ONCE]
            for number, one in enumerate(
                score_people(self._people, some, self._on, threads=threads), start=first
            ):
                for group, (begin, end) in enumerate(pairwise(self._bounds)):
                    chosen = self._order[begin:end]
                    reached[number, group] = np.count_nonzero(one.reached[chosen])
                    sums[number, group] = one.total[chosen].sum(dtype=np.int64)
            if progress:
                progress(min(first + _AT_ONCE, rows), rows)
        return self._result(reached, sums)

    def _result(self, reached: NDArray[np.int64], sums: NDArray[np.int64]) -> SweepResult:
        admissible = np.diff(self._bounds)
        return SweepResult(
            self._programs,
            self._grouping,
            reached,
            sums,
            admissible,
            self._people.count,
            self._unsettled,
        )

    def _loop(self, threads: int) -> tuple[Loop, int]:
        """The compiled loop, and the least total of all variants."""
        axes, program = dict(self._programs[0].axes), self._programs[0]
        root, columns, coded_points = split([p.tree for p in self._programs], self._points)
        gates = [gate for gate in self._gates if not is_steady(gate)]
        varying = [self._points[n] for n in coded_points] + gates
        structure = structure_of(root, varying, len(gates), self._programs)

        def codes(leaf: Leaf) -> NDArray[np.uint8]:
            return leaf.codes(self._people, axes, program)[self._order]

        def points(number: int) -> NDArray[np.int32]:
            leaf = self._points[number]
            return np.asarray(leaf.points[0][codes(leaf)])

        steady = sorted({leaf for constant in columns for leaf in constant.every})
        with ThreadPoolExecutor(threads) as pool:
            coded = list(pool.map(codes, varying))
            known = dict(zip(steady, pool.map(points, steady), strict=True))
        same = [constant.values(known).astype(np.int16) for constant in columns]
        limits = limit_rows(root, self._programs, self._on)
        tables = rows_of(varying, structure.widths)
        return Loop(structure, coded, same, tables, limits), structure.least
