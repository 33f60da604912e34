"""The comparison: exact counts of the same people under several rules, in one pass.

Only people who are settled under all rules are compared (nothing that matters is unknown); the
others are counted, not guessed.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import Grouping, People
from jifen.lab.scoring import Scored, score_people
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.emit import REACHED
from jifen.scoring.population.kernel import processors
from jifen.scoring.population.program import Program, programs_for

Counts = NDArray[np.int64]
FLOWS = ("stays_out", "gains", "loses", "stays_in")
"""Neither, only after, only before, before and after at the line."""
MOVES = ("fewer", "same", "more")
_BLOCK = 1 << 18


@dataclass(frozen=True, eq=False)
class GroupResult:
    """One group: people by what happens to them, and the distribution of their totals."""

    label: Text
    crossings: Counts
    """int64 (4 flows, 3 moves): people."""
    before: Counts
    after: Counts
    """int64: people by scaled total, from the least total on."""

    @property
    def people(self) -> int:
        """How many settled people the group has."""
        return int(self.crossings.sum())

    def flow(self, name: str) -> int:
        """People of a flow across the line."""
        return int(self.crossings[FLOWS.index(name)].sum())

    def move(self, name: str) -> int:
        """People with fewer, the same or more points."""
        return int(self.crossings[:, MOVES.index(name)].sum())


@dataclass(frozen=True, eq=False)
class ReformResult:
    """One reform against the baseline. Totals are scaled by `scale`; bins begin at `least`."""

    id: str
    label: Text
    baseline: Program
    reform: Program
    lines: tuple[int, int]
    people: int
    unsettled: int
    everybody: GroupResult
    groups: tuple[tuple[Grouping, tuple[GroupResult, ...]], ...]
    change: Counts
    """int64: people by change of the scaled total, from `least_change` on."""
    least: int
    least_change: int

    @property
    def changed_indicators(self) -> tuple[str, ...]:
        """The indicators and conditions whose table is not the same, added or removed."""
        before, after = _tables(self.baseline), _tables(self.reform)
        return tuple(
            ident
            for ident in dict.fromkeys([*before, *after])
            if before.get(ident) != after.get(ident)
        )

    def mean(self, bins: Counts) -> float:
        """The mean of a distribution of totals, in points."""
        people = int(bins.sum())
        if not people:
            return 0.0
        exact = int(bins @ (np.arange(len(bins)) + self.least))
        return exact / people / self.baseline.scale


def compare_reforms(
    people: People,
    policy: Policy,
    reforms: Sequence[Policy],
    on: date,
    *,
    groups: Sequence[str] = (),
    threads: int | None = None,
) -> list[ReformResult]:
    """The policy and each reform of it (`Policy.reformed`) on the same people on a day. Columns are
    read once for all of them. Raises TableError where a fact is missing."""
    rules = (policy.at(on), *(reform.at(on) for reform in reforms))
    programs = programs_for(rules)
    groupings = [people.group_by(name) for name in groups]
    before, *after = score_people(people, programs, on, threads=threads)
    pairs = zip(reforms, after, strict=True)
    return [
        _Comparison(people, before, one, groupings, on).result(reform, threads or processors())
        for reform, one in pairs
    ]


def _tables(program: Program) -> dict[str, Any]:
    return {
        f"{kind}{table.id}": (table.facts, table.starts, table.cells.tobytes())
        for kind, tables in (("", program.points), ("conditions.", program.conditions))
        for table in tables
    }


class _Comparison:
    """Counting, block by block, so that what is counted stays in the caches."""

    def __init__(
        self,
        people: People,
        before: Scored,
        after: Scored,
        groupings: Sequence[Grouping],
        on: date,
    ) -> None:
        self._people, self._before, self._after = people, before, after
        # everybody is the sum of some groups; where none are asked for, of a group of all
        self._groupings, self._asked = groupings or [_everybody(people.count)], len(groupings)
        self._on = on
        programs = before.program, after.program
        self._least = min(program.least for program in programs)
        self._span = max(program.most for program in programs) - self._least + 1

    def result(self, reform: Policy, threads: int) -> ReformResult:
        starts = range(0, max(self._people.count, 1), _BLOCK)
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(self._block, starts))
        settled, change, *tables = (reduce(np.add, part) for part in zip(*parts, strict=True))
        found = [
            self._groups(grouping, *tables[3 * n : 3 * n + 3])
            for n, grouping in enumerate(self._groupings)
        ]
        last, programs = reform.reforms[-1], (self._before.program, self._after.program)
        first, second = (program.line_on(self._on) for program in programs)
        return ReformResult(
            last.id,
            last.label,
            *programs,
            (first, second),
            self._people.count,
            self._people.count - int(settled),
            _together(found[0]),
            tuple(zip(self._groupings, found, strict=True))[: self._asked],
            change,
            self._least,
            1 - self._span,
        )

    def _groups(
        self, grouping: Grouping, crossings: Counts, before: Counts, after: Counts
    ) -> tuple[GroupResult, ...]:
        count = len(grouping.labels)
        shaped = crossings.reshape(count, len(FLOWS), len(MOVES))
        ends = before.reshape(count, self._span), after.reshape(count, self._span)
        return tuple(
            GroupResult(label, shaped[n], ends[0][n], ends[1][n])
            for n, label in enumerate(grouping.labels)
        )

    def _block(self, start: int) -> list[Any]:
        span = slice(start, start + _BLOCK)
        keep = self._settled(span)
        before, after = (_taken(s.total[span], keep) for s in (self._before, self._after))
        reached = [_taken(s.flags[span], keep) & REACHED for s in (self._before, self._after)]
        bins = [total.astype(np.int32) - self._least for total in (before, after)]
        difference = bins[1] - bins[0]
        flow = (reached[0] != 0) * np.int32(2) + (reached[1] != 0)
        crossing = flow * len(MOVES) + np.sign(difference) + 1
        found: list[Any] = [np.int64(len(before))]
        found.append(np.bincount(difference + (self._span - 1), minlength=2 * self._span - 1))
        for grouping in self._groupings:
            count = len(grouping.labels)
            codes = _taken(grouping.codes[span], keep).astype(np.int32)
            kinds = len(FLOWS) * len(MOVES)
            found.append(np.bincount(codes * kinds + crossing, minlength=count * kinds))
            found += [
                np.bincount(codes * self._span + one, minlength=count * self._span) for one in bins
            ]
        return found

    def _settled(self, span: slice) -> NDArray[np.bool_] | None:
        masks = [s.settled[span] for s in (self._before, self._after) if s.settled is not None]
        return None if not masks else reduce(np.logical_and, masks)


def _taken(values: NDArray[Any], keep: NDArray[np.bool_] | None) -> NDArray[Any]:
    return values if keep is None else values[keep]


_ALL = Text("全部", "everybody")


def _everybody(count: int) -> Grouping:
    return Grouping("", _ALL, np.zeros(count, np.uint8), (_ALL,))


def _together(groups: Sequence[GroupResult]) -> GroupResult:
    tables = zip(*((g.crossings, g.before, g.after) for g in groups), strict=True)
    return GroupResult(_ALL, *(reduce(np.add, table) for table in tables))
