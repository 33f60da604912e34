"""The same people under several versions or cities: who reaches which line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import People
from jifen.lab.scoring import score_people
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import Program, program_for


@dataclass(frozen=True, eq=False)
class Column:
    """One policy over everybody, with its day: a version that ended is asked on its last."""

    program: Program
    on: date
    settled: int
    admissible: int
    reached: int
    totals: NDArray[np.int64]

    @property
    def name(self) -> str:
        """City and version."""
        return f"{self.program.rules.city} {self.program.rules.version}"


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Columns in the order asked for. `both` (policies, policies): people who reach both lines;
    `only` those who reach just the one of the row and not that of the column."""

    people: int
    columns: tuple[Column, ...]
    both: NDArray[np.int64]
    only: NDArray[np.int64]
    none: int


def side_by_side(
    populations: Sequence[People],
    policies: Sequence[Policy],
    on: date,
    *,
    threads: int | None = None,
) -> SideBySide:
    """One population per policy: the same people in the same order (of one city the same object).
    Totals of different cities are not comparable; whether the line is reached is."""
    counts = {people.count for people in populations}
    if len(counts) != 1:
        said = ", ".join(f"{p.name}: {p.count:,}" for p in populations)
        raise TableError([Text(f"人数不同：{said}", f"not the same people: {said}")])
    columns, reached = [], []
    for people, policy in zip(populations, policies, strict=True):
        column, mask = _one(people, policy, _day(policy, on), threads)
        columns.append(column)
        reached.append(mask)
    both = np.array([[int((a & b).sum()) for b in reached] for a in reached])
    only = np.array([[int((a & ~b).sum()) for b in reached] for a in reached])
    none = int((~np.logical_or.reduce(reached)).sum())
    return SideBySide(populations[0].count, tuple(columns), both, only, none)


def _day(policy: Policy, on: date) -> date:
    if policy.until and policy.until < on:
        return policy.until
    return max(policy.since, on)


def _one(
    people: People, policy: Policy, on: date, threads: int | None
) -> tuple[Column, NDArray[np.bool_]]:
    program = program_for(policy.at(on))
    scored = score_people(people, [program], on, threads=threads)[0]
    settled = np.ones(people.count, bool) if scored.settled is None else scored.settled
    totals = np.bincount(
        scored.total[settled].astype(np.int64) - program.least,
        minlength=program.most - program.least + 1,
    )
    reached = scored.reached & settled
    column = Column(
        program,
        on,
        int(settled.sum()),
        int((settled & scored.admissible).sum()),
        int(reached.sum()),
        totals,
    )
    return column, reached
