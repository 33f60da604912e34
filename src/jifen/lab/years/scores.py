"""Everybody of a block under every policy in one year: who surely reaches, and who may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population import People
from jifen.lab.scoring import Scored, score_people
from jifen.scoring.population.bounds import UNKNOWN, bounder_for
from jifen.scoring.population.emit import REACHED
from jifen.scoring.population.program import Program

Column = NDArray[Any]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Standing:
    """Under one policy in one year: who surely reaches the line, who may (something that matters
    is unknown), who meets the conditions, whose total is known, and the scaled totals."""

    program: Program
    line: int
    reached: Mask
    undecided: Mask
    admissible: Mask
    known: Mask
    total: Column


def standings(
    people: People, programs: Sequence[Program], day: date, columns: Mapping[str, Column]
) -> list[Standing]:
    """Score a block on a day. `columns`: its codes, by fact of the programs."""
    scored = score_people(people, programs, day, columns=dict(columns), threads=1)
    return [_standing(one, columns, day) for one in scored]


def _standing(scored: Scored, columns: Mapping[str, Column], day: date) -> Standing:
    line = scored.program.line_on(day)
    reached = scored.reached
    nobody = np.zeros(len(reached), bool)
    if scored.settled is None:
        known = ~nobody
        return Standing(
            scored.program, line, reached, nobody, scored.admissible, known, scored.total
        )
    rows = np.flatnonzero(~scored.settled)
    codes = {fact: columns[fact][rows] for fact in scored.program.facts}
    flags = bounder_for(scored.program).bounds(codes, line).flags
    undecided = nobody.copy()
    reached[rows] = (flags & REACHED) != 0
    undecided[rows] = (flags & (REACHED << UNKNOWN)) != 0
    return Standing(
        scored.program,
        line,
        reached,
        undecided,
        scored.admissible,
        scored.settled,
        scored.total,
    )
