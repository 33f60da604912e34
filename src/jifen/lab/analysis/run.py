"""The population as it stands: distribution, groups, indicators, caps, conditions.

People of whom something that matters is unknown are counted apart, never guessed; how many of them
could reach the line is said as a bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jifen.lab.analysis.near import Near, near_the_line
from jifen.lab.analysis.parts import Parts, count_parts
from jifen.lab.population.people import Grouping, People
from jifen.lab.scoring import Scored, score_people
from jifen.policy.policy import Policy
from jifen.scoring.population.bounds import UNKNOWN, bounder_for
from jifen.scoring.population.emit import REACHED
from jifen.scoring.population.program import Program, program_for

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Groups:
    """By group: settled people, those admissible, those who reach the line, sum of their totals."""

    grouping: Grouping
    people: Counts
    admissible: Counts
    reached: Counts
    sums: Counts


@dataclass(frozen=True, eq=False)
class RunResult:
    """Totals are scaled; bins of a histogram begin at `least` and are one smallest unit wide."""

    program: Program
    on: date
    line: int
    people: int
    settled: int
    faulty: int
    may_reach: int
    """Unsettled people who could still reach the line."""
    all_totals: Counts
    admissible_totals: Counts
    groups: tuple[Groups, ...]
    parts: Parts
    near: Near

    @property
    def least(self) -> int:
        """The scaled total of the first bin."""
        return self.program.least

    @property
    def admissible(self) -> int:
        """Settled people who meet the conditions and have no veto."""
        return int(self.admissible_totals.sum())

    @property
    def reached(self) -> int:
        """Settled people who reach the line."""
        return int(self.admissible_totals[max(self.line - self.least, 0) :].sum())

    def quantile(self, totals: Counts, share: float) -> int:
        """The least scaled total that at least this share of people does not exceed."""
        running = np.cumsum(totals)
        if not running[-1]:
            return 0
        wanted = max(int(np.ceil(share * int(running[-1]))), 1)
        return int(np.searchsorted(running, wanted)) + self.least

    def mean(self, totals: Counts) -> float:
        """The mean, in points."""
        people = max(int(totals.sum()), 1)
        exact = int(totals @ (np.arange(len(totals)) + self.least))
        return exact / people / self.program.scale


def analyse(
    people: People,
    policy: Policy,
    on: date,
    *,
    groups: Sequence[str] = (),
    near: bool = True,
    threads: int | None = None,
) -> RunResult:
    """Score everybody and count. Raises TableError where a fact or a group is missing."""
    program = program_for(policy.at(on))
    groupings = [people.group_by(name) for name in groups]
    scored = score_people(people, [program], on, lines=True, threads=threads)[0]
    settled = np.ones(people.count, bool) if scored.settled is None else scored.settled
    line, faulty = program.line_on(on), people.faulty
    return RunResult(
        program,
        on,
        line,
        people.count,
        int(settled.sum()),
        0 if faulty is None else int(faulty.sum()),
        _may_reach(people, program, line, settled),
        _totals(program, scored.total[settled]),
        _totals(program, scored.total[settled & scored.admissible]),
        tuple(_group(one, scored, settled) for one in groupings),
        count_parts(people, program, scored, settled),
        near_the_line(people, program, scored, settled, on, threads) if near else Near.nothing(),
    )


def _totals(program: Program, totals: NDArray[np.int32]) -> Counts:
    bins = program.most - program.least + 1
    return np.bincount(totals.astype(np.int64) - program.least, minlength=bins)


def _may_reach(people: People, program: Program, line: int, settled: NDArray[np.bool_]) -> int:
    """Unsettled people whose bounds leave the line open or over-reach it."""
    rows = np.flatnonzero(~settled)
    if people.faulty is not None:
        rows = rows[~people.faulty[rows]]
    if not len(rows):
        return 0
    columns = people.columns(program)
    flags = bounder_for(program).bounds({i: columns[i][rows] for i in program.facts}, line).flags
    return int(np.count_nonzero(flags & (REACHED | REACHED << UNKNOWN)))


def _group(grouping: Grouping, scored: Scored, settled: NDArray[np.bool_]) -> Groups:
    bins = len(grouping.labels)

    def count(mask: NDArray[np.bool_]) -> Counts:
        return np.bincount(grouping.codes[mask], minlength=bins)

    totals = scored.total[settled].astype(np.float64)  # exact: sums stay far below 2 ** 53
    sums = np.bincount(grouping.codes[settled], totals, bins).astype(np.int64)
    open_ = settled & scored.admissible
    return Groups(grouping, count(settled), count(open_), count(settled & scored.reached), sums)
