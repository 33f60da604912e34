"""People of the lab → totals and flags, by one or several programs in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import People
from jifen.scoring.population.bounds import UNKNOWN, bounder_for
from jifen.scoring.population.emit import ELIGIBLE, REACHED, VETOED
from jifen.scoring.population.kernel import kernel_for, ordered, processors
from jifen.scoring.population.program import Program


@dataclass(frozen=True)
class Scored:
    """Results of one program: scaled totals, flags (ELIGIBLE, VETOED, REACHED), the points of each
    indicator where asked for, and which people are settled (False: something that matters is
    unknown, or a value cannot be used; their totals and flags are 0)."""

    program: Program
    total: NDArray[Any]
    flags: NDArray[np.uint8]
    lines: tuple[NDArray[Any], ...]
    settled: NDArray[np.bool_] | None

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Who surely reaches the line."""
        return np.asarray((self.flags & REACHED) != 0)

    @property
    def admissible(self) -> NDArray[np.bool_]:
        """Who meets the conditions and has no veto, whatever the points."""
        return np.asarray((self.flags & (ELIGIBLE | VETOED)) == ELIGIBLE)


def score_people(
    people: People,
    programs: Sequence[Program],
    on: date,
    *,
    lines: bool = False,
    columns: dict[str, NDArray[Any]] | None = None,
    threads: int | None = None,
) -> list[Scored]:
    """Score everybody under each program (all over the same axes) on a day. `columns` replaces
    some columns of the people (everybody a year older, say)."""
    codes = people.columns(programs[0]) | (columns or {})
    kernel = kernel_for(tuple(programs), lines=lines, people=people.count)
    outputs = kernel.outputs(people.count)
    limits = [program.line_on(on) for program in programs]
    kernel.score(ordered(programs[0], codes), outputs, limits, threads or processors())
    return [
        _settled(people, program, found, limit, codes)
        for program, found, limit in zip(programs, outputs, limits, strict=True)
    ]


def _settled(
    people: People,
    program: Program,
    found: list[NDArray[Any]],
    line: int,
    codes: dict[str, NDArray[Any]],
) -> Scored:
    total, flags, *lines = found
    rows = people.unknown(program)
    if not len(rows) and people.faulty is None:
        return Scored(program, total, flags, tuple(lines), None)
    settled = np.ones(people.count, bool)
    if len(rows):
        bounds = bounder_for(program).bounds({i: codes[i][rows] for i in program.facts}, line)
        sure = (bounds.least == bounds.most) & (bounds.flags < ELIGIBLE << UNKNOWN)
        settled[rows] = sure
        total[rows], flags[rows] = bounds.least, bounds.flags
        for column, (least, _) in zip(lines, bounds.lines, strict=False):
            column[rows] = least
    if people.faulty is not None:
        settled &= ~people.faulty
    for array in (total, flags, *lines):
        array[~settled] = 0
    return Scored(program, total, flags, tuple(lines), settled)
