"""Everybody of a block under every policy in one year: who surely reaches, and who may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population import People
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.scoring.population.program import Program

Column = NDArray[Any]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class YearOutcome:
    """Under one policy in one year: who surely reaches the line, who may (something that matters
    is unknown), who surely meets the conditions, of whom every fact is known, and their scaled
    totals."""

    program: Program
    line: int
    reached: Mask
    undecided: Mask
    admissible: Mask
    known: Mask
    total: Column


def score_block(
    people: People, programs: Sequence[Program], day: date, columns: Mapping[str, Column]
) -> list[YearOutcome]:
    """Score a block on a day. `columns`: its codes, by fact of the programs."""
    scored = score_people(people, programs, day, columns=dict(columns), threads=1)
    return [_build_outcome(scored_people, day) for scored_people in scored]


def _build_outcome(scored: ScoredPeople, day: date) -> YearOutcome:
    return YearOutcome(
        scored.program,
        scored.program.threshold_on(day),
        scored.reached,
        scored.perhaps,
        scored.admissible,
        scored.known,
        scored.total,
    )
