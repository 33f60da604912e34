"""Every variant on all people: how many reach the line, by group, and the mean of the totals."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import Grouping, People
from jifen.lab.sweeps.emit import Structure
from jifen.lab.sweeps.leaves import Leaf, leaf_of, structure_faults
from jifen.lab.sweeps.loop import Loop, tiled
from jifen.lab.sweeps.shape import Branch, Part, split
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.kernel import processors
from jifen.scoring.population.lanes import LANES, width_of
from jifen.scoring.population.program import Program, programs_for

Progress = Callable[[int, int], None]
_BLOCK = 1 << 13
_HALF = np.iinfo(np.int16)


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
    TableError where they differ in more, or where points do not fit into 16 bits."""
    programs = programs_for(tuple(policy.at(on) for policy in variants))
    if faults := structure_faults(programs):
        raise TableError(faults)
    grouping = people.group_by(group) if group else None
    return _Sweep(people, programs, on, grouping).run(threads or processors(), progress)


class _Sweep:
    """The tables of all variants, the codes of all people, and the loop over both."""

    def __init__(
        self, people: People, programs: tuple[Program, ...], on: date, grouping: Grouping | None
    ) -> None:
        self._people, self._programs, self._grouping = people, programs, grouping
        first = programs[0]
        points = [leaf_of(tables) for tables in zip(*(p.points for p in programs), strict=True)]
        self._gates = _gates(programs)
        trees = [program.tree for program in programs]
        root, self._columns, coded = split(trees, points)
        self._points = points
        varying_gates = [gate for gate in self._gates if not _is_steady(gate)]
        self._coded = [points[n] for n in coded] + varying_gates
        self._structure = _structure(root, self._coded, len(varying_gates), programs)
        self._limits = _limit_rows(root, programs, on)
        self._order, self._bounds = self._in_order([g for g in self._gates if _is_steady(g)], first)

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
        loop, count = self._loop(threads), len(self._order)
        spans = [
            (group, start, min(start + _BLOCK, end))
            for group, (begin, end) in enumerate(zip(self._bounds, self._bounds[1:], strict=False))
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
        variants, least = len(self._programs), self._structure.least
        admissible = np.diff(self._bounds)
        return SweepResult(
            self._programs,
            self._grouping,
            reached.T[:variants],
            sums.T[:variants] + admissible * least,
            admissible,
            self._people.count,
            self._unsettled,
        )

    def _loop(self, threads: int) -> Loop:
        axes, program = dict(self._programs[0].axes), self._programs[0]

        def codes(leaf: Leaf) -> NDArray[np.uint8]:
            return leaf.codes(self._people, axes, program)[self._order]

        def points(number: int) -> NDArray[np.int32]:
            return self._points[number].points[0][codes(self._points[number])]

        steady = sorted({leaf for constant in self._columns for leaf in constant.every})
        with ThreadPoolExecutor(threads) as pool:
            coded = list(pool.map(codes, self._coded))
            known = dict(zip(steady, pool.map(points, steady), strict=True))
        same = [constant.values(known).astype(np.int16) for constant in self._columns]
        return Loop(self._structure, coded, same, self._tables(), self._limits)

    def _tables(self) -> list[NDArray[Any]]:
        """The rows of each varying leaf: (tiles, codes, 64), in its width."""
        tables = []
        for leaf, bits in zip(self._coded, self._structure.widths, strict=True):
            dtype = np.uint8 if bits == 8 else np.int16
            tables.append(tiled(leaf.points, np.dtype(dtype)))
        return tables


def _gates(programs: Sequence[Program]) -> list[Leaf]:
    """Conditions as they are, vetoes turned round: all must be 1."""
    conditions = zip(*(p.conditions for p in programs), strict=True)
    vetoes = zip(*(p.vetoes for p in programs), strict=True)
    gates = [leaf_of(tables) for tables in conditions]
    for tables in vetoes:
        leaf = leaf_of(tables)
        points = 1 - leaf.points
        gates.append(Leaf(leaf.id, leaf.facts, leaf.starts, leaf.code_of_cell, points))
    return gates


def _is_steady(leaf: Leaf) -> bool:
    return bool((leaf.points == leaf.points[0]).all())


def _structure(
    root: Branch, coded: Sequence[Leaf], gates: int, programs: Sequence[Program]
) -> Structure:
    widths = [width_of(int(leaf.points.min()), int(leaf.points.max())) for leaf in coded]
    least = min(program.least for program in programs)
    most = max(program.most for program in programs)
    wide = [p for p in programs if p.total_dtype != np.dtype(np.int16)]
    if wide or max(widths, default=8) > 16 or _extent(root) > _HALF.max:
        raise TableError([_too_large()])
    return Structure(root, widths, gates, least, most, programs[0].floor is not None)


def _extent(part: Part) -> int:
    """A bound of every sum on the way."""
    if isinstance(part, Branch):
        return sum(_extent(inner) for inner in part.parts)
    return max(abs(part.least), abs(part.most))


def _too_large() -> Text:
    return Text(
        "分值范围超出批量模拟的上限（±32767 个最小单位）",
        "points leave the range of a sweep (±32,767 of the smallest unit)",
    )


def _limit_rows(root: Branch, programs: Sequence[Program], on: date) -> list[NDArray[np.int16]]:
    """Caps in the order in which the loop meets them, then floor and line: (tiles, 64) each."""
    rows: list[NDArray[Any]] = list(_cap_rows(root))
    if programs[0].floor is not None:
        rows.append(np.array([p.floor for p in programs]))
    rows.append(np.array([p.line_on(on) for p in programs]))
    dtype = np.dtype(np.int16)
    return [tiled(row.astype(np.int32)[:, None], dtype)[:, 0, :] for row in rows]


def _cap_rows(part: Part) -> list[NDArray[Any]]:
    if not isinstance(part, Branch):
        return []
    inner = [row for one in part.parts for row in _cap_rows(one)]
    return inner if part.caps is None else [*inner, part.caps]
