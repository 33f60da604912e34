"""Every variant on all people: how many reach the line, by group, and the mean of the totals."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import Grouping, People
from jifen.lab.scoring import score_people
from jifen.lab.sweeps.counting import (
    CountedPart,
    list_spans,
    mark_sharing_rows,
    split_known_rows,
    split_people,
)
from jifen.lab.sweeps.leaves import find_structure_faults
from jifen.lab.sweeps.loop import SweepLoop
from jifen.lab.sweeps.loop_inputs import LoopTooLarge
from jifen.lab.weights import Count, count_by_code, to_count
from jifen.policy.policy import Policy
from jifen.scoring.population.bounds import UNKNOWN_SHIFT, Bounder
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.kernel import count_processors
from jifen.scoring.population.lanes import LANES
from jifen.scoring.population.loop_emitter import REACHED
from jifen.scoring.population.program import Program, build_programs

Progress = Callable[[int, int], None]
Counts = NDArray[Any]
"""Whole numbers of people, or sums of their weights."""
_BLOCK = 1 << 13
_AT_ONCE = 4


@dataclass(frozen=True, eq=False)
class SweepResult:
    """`reached` and `perhaps`, int64 (variants, groups): people who surely reach the line, and who
    could, settled not. `sums` int64 (variants, groups): the scaled totals of the `known` people of
    each group, of whom every fact that any variant reads is known. `usable` by group: everybody
    whose values can be used."""

    programs: tuple[Program, ...]
    grouping: Grouping | None
    reached: Counts
    perhaps: Counts
    sums: Counts
    known: Counts
    usable: Counts
    people: Count

    @property
    def faulty(self) -> Count:
        """People with values that cannot be used: they take no part."""
        return to_count(self.people - self.usable.sum())

    def count_reached(self) -> Counts:
        """By variant, people who surely reach the line."""
        return np.asarray(self.reached.sum(1))

    def count_perhaps(self) -> Counts:
        """By variant, people who could reach the line, settled not."""
        return np.asarray(self.perhaps.sum(1))

    def mean_total(self) -> NDArray[np.float64]:
        """The mean total of the known people in each variant, in points (nan without any)."""
        people = self.known.sum().item()
        scale = self.programs[0].scale
        sums = self.sums.sum(1)
        return np.asarray(sums / people / scale if people else np.full(len(sums), np.nan))


def run_sweep(
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
    programs = build_programs(tuple(policy.rules_on(on) for policy in variants))
    if faults := find_structure_faults(programs):
        raise TableError(faults)
    grouping = people.group_by(group) if group else None
    return sweep_programs(people, programs, on, grouping, threads=threads, progress=progress)


def sweep_programs(
    people: People,
    programs: tuple[Program, ...],
    on: date,
    grouping: Grouping | None,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """The same for programs over the same axes that differ in figures only."""
    counted = Sweeper(people, programs, on, grouping)
    if people.weights is not None:  # the loop counts whole people
        return counted.score_one_by_one(threads or count_processors(), progress)
    try:
        return counted.count_all(threads or count_processors(), progress)
    except LoopTooLarge:
        return counted.score_one_by_one(threads or count_processors(), progress)


class Sweeper:
    """The tables of all variants, the codes of all people, and the loop over both; made once, so
    that `run` again only counts."""

    def __init__(
        self, people: People, programs: tuple[Program, ...], on: date, grouping: Grouping | None
    ) -> None:
        self._people, self._programs, self._grouping = people, programs, grouping
        self._on = on
        nobody_apart = np.zeros(people.count, np.uint8)
        self._codes = grouping.codes if grouping else nobody_apart
        self._groups = len(grouping.labels) if grouping else 1
        self._made: list[tuple[CountedPart, SweepLoop, int]] | None = None

    def count_all(self, threads: int, progress: Progress | None) -> SweepResult:
        """Count everybody in every variant. Raises TooLarge where the loop does not hold it."""
        loops = self._made = self._made or self._build_loops(threads)
        variants = len(self._programs)
        counts = {
            name: np.zeros((self._groups, _pad_variants(variants)), np.int64)
            for name in ("reached", "at_most", "sums")
        }
        work = [
            (number, *span)
            for number, loop_entry in enumerate(loops)
            for span in self._list_loop_spans(loop_entry)
        ]
        done, every = 0, sum(end - start for _, _, start, end in work)
        with ThreadPoolExecutor(threads) as pool:
            futures = {
                pool.submit(loops[number][1].count_people, start, end): (number, group, end - start)
                for number, group, start, end in work
            }
            for future in as_completed(futures):
                number, group, count = futures[future]
                self._add_counts(counts, loops[number], group, count, *future.result())
                done += count
                if progress:
                    progress(done, every)
        reached, at_most, sums = (table.T[:variants] for table in counts.values())
        surely, perhaps = self._count_sharing(threads)
        return self._build_result(reached + surely, at_most - reached + perhaps, sums)

    def _count_sharing(self, threads: int) -> tuple[Counts, Counts]:
        """The people of whom a fact is unknown that several indicators read: who surely reaches
        the line and who could, in each variant by the bounds of a score."""
        people, programs = self._people, self._programs
        _, rows = split_known_rows(people, programs[0])
        rows = rows[mark_sharing_rows(people, programs, rows)]
        shape = (len(programs), self._groups)
        if not len(rows):
            return np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        columns = people.get_columns(programs[0])
        codes = {ident: columns[ident][rows] for ident in programs[0].facts}
        groups = self._codes[rows]

        def count_variants(program: Program) -> list[Counts]:
            flags = Bounder(program).bound_scores(codes, program.threshold_on(self._on)).flags
            masks = ((flags & bit) != 0 for bit in (REACHED, REACHED << UNKNOWN_SHIFT))
            return [np.bincount(groups[mask], minlength=self._groups) for mask in masks]

        with ThreadPoolExecutor(threads) as pool:
            counts = np.array(list(pool.map(count_variants, programs)))
        return counts[:, 0], counts[:, 1]

    def _build_loops(self, threads: int) -> list[tuple[CountedPart, SweepLoop, int]]:
        parts = split_people(self._people, self._programs, self._codes, self._groups)
        return [
            (part, *part.tables.build_loop(self._people, part.rows, self._on, threads))
            for part in parts
        ]

    def _list_loop_spans(
        self, loop_entry: tuple[CountedPart, SweepLoop, int]
    ) -> Sequence[tuple[int, int, int]]:
        return list_spans(loop_entry[0], _BLOCK)

    def _add_counts(
        self,
        counts: dict[str, Counts],
        loop_entry: tuple[CountedPart, SweepLoop, int],
        group: int,
        people: int,
        reached: NDArray[np.int32],
        sums: NDArray[np.int32],
    ) -> None:
        """Add what a loop counted: its sums are of totals less the least one."""
        part, _, least = loop_entry
        for name in part.counts:
            counts[name][group] += sums + np.int64(people * least) if name == "sums" else reached

    def score_one_by_one(self, threads: int, progress: Progress | None) -> SweepResult:
        """The same by the kernels of a population, a few variants in a pass."""
        variants = len(self._programs)
        kind = np.int64 if self._people.weights is None else np.float64
        reached: Counts = np.zeros((variants, self._groups), kind)
        perhaps, sums = np.zeros_like(reached), np.zeros_like(reached)
        for first in range(0, variants, _AT_ONCE):
            some = self._programs[first : first + _AT_ONCE]
            for number, loop_entry in enumerate(
                score_people(self._people, some, self._on, threads=threads), start=first
            ):
                known = loop_entry.known
                reached[number] = self._count_by_group(loop_entry.reached)
                perhaps[number] = self._count_by_group(loop_entry.perhaps)
                sums[number] = self._count_by_group(
                    known, loop_entry.total[known].astype(np.float64)
                )
            if progress:
                progress(min(first + _AT_ONCE, variants), variants)
        return self._build_result(reached, perhaps, sums)

    def _count_by_group(
        self, who: NDArray[np.bool_], amounts: NDArray[np.float64] | None = None
    ) -> Counts:
        """People (or the sum of their amounts, exact far below 2 ** 53) by group."""
        weights = self._people.weights
        of_them = None if weights is None else weights[who]
        return count_by_code(self._codes[who], self._groups, of_them, amounts)

    def _build_result(self, reached: Counts, perhaps: Counts, sums: Counts) -> SweepResult:
        faulty = self._people.faulty
        usable = np.ones(self._people.count, bool) if faulty is None else ~faulty
        known = usable.copy()
        known[self._people.find_unknown_rows(self._programs[0])] = False
        return SweepResult(
            self._programs,
            self._grouping,
            reached,
            perhaps,
            sums,
            self._count_by_group(known),
            self._count_by_group(usable),
            self._people.all_people,
        )


def _pad_variants(variants: int) -> int:
    """Variants as the loop counts them: whole tiles of 64."""
    return -(-variants // LANES) * LANES
