"""People of the lab → totals and flags, by one or several programs in one pass.

Everybody whose values can be used belongs to one of three classes: surely at the line, surely not,
or open (could reach it, settled not). They are those of `jifen score`: the same bounds decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import People
from jifen.lab.weights import Count, Weights, count_mask
from jifen.scoring.population.bounds import UNKNOWN_SHIFT, BatchBounds, get_bounder
from jifen.scoring.population.kernel import count_processors, get_kernel, order_columns
from jifen.scoring.population.loop_emitter import ELIGIBLE, REACHED, VETOED
from jifen.scoring.population.program import Program

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
_NO_ROWS: Rows = np.zeros(0, np.intp)
_NO_POINTS = np.zeros(0, np.int32)


@dataclass(frozen=True, eq=False)
class ScoredPeople:
    """Results of one program: scaled totals, flags (ELIGIBLE, VETOED, REACHED, and each of them
    shifted by UNKNOWN where it is open), the points of each indicator where asked for.

    `unknown_rows` are the people of whom some fact is not known; their `total` is the least that it
    can be, `most` (int32, one for each of these rows) the most. `usable` (None: everybody) leaves
    out people with values that cannot be used: their totals and flags are 0.
    """

    program: Program
    total: NDArray[Any]
    flags: NDArray[np.uint8]
    lines: tuple[NDArray[Any], ...]
    unknown_rows: Rows
    most: NDArray[np.int32]
    usable: Mask | None
    weights: Weights | None = None

    def count_people(self, mask: Mask) -> Count:
        """The people of a mask, by their weights."""
        return count_mask(mask, self.weights)

    @property
    def reached(self) -> Mask:
        """Who surely reaches the line."""
        return np.asarray((self.flags & REACHED) != 0)

    @property
    def perhaps(self) -> Mask:
        """Who could reach the line, settled not: the open ones."""
        return np.asarray((self.flags & (REACHED << UNKNOWN_SHIFT)) != 0)

    @property
    def not_reached(self) -> Mask:
        """Who surely does not reach the line."""
        surely_not = (self.flags & (REACHED | REACHED << UNKNOWN_SHIFT)) == 0
        return np.asarray(surely_not if self.usable is None else surely_not & self.usable)

    @property
    def admissible(self) -> Mask:
        """Who surely meets the conditions and surely has no veto, whatever the points."""
        bits = ELIGIBLE | VETOED | VETOED << UNKNOWN_SHIFT
        return np.asarray((self.flags & bits) == ELIGIBLE)

    @property
    def perhaps_admissible(self) -> Mask:
        """Who may meet the conditions and have no veto, settled not."""
        may = (self.flags & (ELIGIBLE | ELIGIBLE << UNKNOWN_SHIFT)) != 0
        return np.asarray(may & ((self.flags & VETOED) == 0) & ~self.admissible)

    @property
    def everybody(self) -> Mask:
        """Who takes part: whose values can be used."""
        return np.ones(len(self.flags), bool) if self.usable is None else self.usable

    @property
    def known(self) -> Mask:
        """Of whom every fact that the rules read is known: means and medians are theirs."""
        known = self.everybody.copy()
        known[self.unknown_rows] = False
        return known


def score_people(
    people: People,
    programs: Sequence[Program],
    on: date,
    *,
    lines: bool = False,
    columns: dict[str, NDArray[Any]] | None = None,
    threads: int | None = None,
) -> list[ScoredPeople]:
    """Score everybody under each program (all over the same axes) on a day. `columns` replaces
    some columns of the people (everybody a year older, say)."""
    codes = people.get_columns(programs[0]) | (columns or {})
    kernel = get_kernel(tuple(programs), lines=lines, people=people.count)
    outputs = kernel.allocate_outputs(people.count)
    limits = [program.threshold_on(on) for program in programs]
    kernel.score(order_columns(programs[0], codes), outputs, limits, threads or count_processors())
    rows = people.find_unknown_rows(programs[0])
    return [
        bound_scored(people, program, arrays, limit, codes, rows)
        for program, arrays, limit in zip(programs, outputs, limits, strict=True)
    ]


def bound_scored(
    people: People,
    program: Program,
    arrays: list[NDArray[Any]],
    line: int,
    codes: dict[str, NDArray[Any]],
    rows: Rows,
) -> ScoredPeople:
    """The results (total, flags, points of indicators) with bounds in the rows of which something
    is not known, and nothing where values cannot be used; the arrays are written to."""
    total, flags, *lines = arrays
    usable = None if people.faulty is None else ~people.faulty
    if usable is not None:
        rows = rows[usable[rows]]
    most = _NO_POINTS
    if len(rows):
        bounds = bound_rows(program, codes, rows, line)
        total[rows], flags[rows], most = bounds.least, bounds.flags, bounds.most
        for column, (least, _) in zip(lines, bounds.lines, strict=False):
            column[rows] = least
    if usable is not None:
        for array in (total, flags, *lines):
            array[~usable] = 0
    weights = people.weights
    return ScoredPeople(program, total, flags, tuple(lines), rows, most, usable, weights)


def bound_rows(
    program: Program, codes: Mapping[str, NDArray[Any]], rows: Rows, line: int
) -> BatchBounds:
    """Totals and flags of the rows in which something is not known, within bounds."""
    return get_bounder(program).bound_scores({i: codes[i][rows] for i in program.facts}, line)
