"""Why somebody who reached the line last year no longer does: the first of these that holds.

rules: last year's facts under this year's rules and line fail already. condition, veto: the first
condition that is no longer met, the first veto that stands now. indicator: the one that fell most.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jifen.scoring.population.bounds import bounder_for
from jifen.scoring.population.emit import REACHED
from jifen.scoring.population.program import Program
from jifen.scoring.population.tables import Table

Codes = Mapping[str, NDArray[Any]]


class Reason(NamedTuple):
    """`kind` is rules, condition, veto or indicator; `id` what it is, empty for rules."""

    kind: str
    id: str


def outcome(table: Table, codes: Codes, people: int) -> NDArray[np.int32]:
    """What a table gives for each person of whom all its facts are known."""
    place = tuple(
        np.searchsorted(starts, codes[fact], side="right") - 1
        for fact, starts in zip(table.facts, table.starts, strict=True)
    )
    cells: NDArray[np.int32] = (
        table.cells[place] if place else np.broadcast_to(table.cells, (people,))
    )
    return cells


def reasons(
    before: Codes, now: Codes, then: Program, program: Program, line: int, people: int
) -> Counter[Reason]:
    """The reasons of some people, all of whom lost the line: their codes (by fact, each of length
    `people`) of last year and of this, last year's program and this year's with its line."""
    found: Counter[Reason] = Counter()
    if not people:
        return found
    flags = bounder_for(program).bounds(dict(before), line).flags
    open_ = (flags & REACHED) != 0
    found[Reason("rules", "")] = int(np.count_nonzero(~open_))
    for kind, tables, fails in (("condition", program.conditions, 0), ("veto", program.vetoes, 1)):
        for table in tables:
            failed = open_ & (outcome(table, now, people) == fails)
            found[Reason(kind, table.id)] += int(np.count_nonzero(failed))
            open_ &= ~failed
    falls = _falls(before, now, then, program, people)
    for number in falls.argmax(axis=0)[open_] if len(falls) else ():
        found[Reason("indicator", program.points[number].id)] += 1
    return +found


def _falls(
    before: Codes, now: Codes, then: Program, program: Program, people: int
) -> NDArray[np.int32]:
    """How far each indicator of this year's program fell since last year."""
    old = {table.id: table for table in then.points}
    return np.array(
        [
            outcome(old[table.id], before, people) - outcome(table, now, people)
            if table.id in old
            else np.zeros(people, np.int32)
            for table in program.points
        ],
        np.int32,
    ).reshape(len(program.points), people)
