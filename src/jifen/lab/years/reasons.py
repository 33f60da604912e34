"""Why somebody who reached the line last year no longer does: the first of these that holds.

rules: last year's facts under this year's rules and line fail already. condition, veto: the first
condition that is surely no longer met, the first veto that surely stands now. indicator: the one
that fell most.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jifen.scoring.population.bounds import get_bounder
from jifen.scoring.population.loop_emitter import REACHED
from jifen.scoring.population.program import Program

Codes = Mapping[str, NDArray[Any]]


class LossReason(NamedTuple):
    """`kind` is rules, condition, veto or indicator; `id` what it is, empty for rules."""

    kind: str
    id: str


def count_reasons(
    before: Codes, codes_now: Codes, then: Program, program: Program, line: int, people: int
) -> Counter[LossReason]:
    """The reasons of some people, all of whom lost the line: their codes (by fact, each of length
    `people`) of last year and of this, last year's program and this year's with its line."""
    reasons: Counter[LossReason] = Counter()
    if not people:
        return reasons
    bounder = get_bounder(program)
    open_ = (bounder.bound_scores(dict(before), line).flags & REACHED) != 0
    reasons[LossReason("rules", "")] = int(np.count_nonzero(~open_))
    gates = [LossReason("condition", table.id) for table in program.conditions]
    gates += [LossReason("veto", table.id) for table in program.vetoes]
    for reason, may_hold in zip(
        gates, bounder.find_possibly_passing(dict(codes_now), people), strict=True
    ):
        failed = open_ & ~may_hold
        reasons[reason] += int(np.count_nonzero(failed))
        open_ &= ~failed
    falls = _find_falls(before, codes_now, then, program, people)
    for number in falls.argmax(axis=0)[open_] if len(falls) else ():
        reasons[LossReason("indicator", program.points[number].id)] += 1
    return +reasons


def _find_falls(
    before: Codes, codes_now: Codes, then: Program, program: Program, people: int
) -> NDArray[np.int32]:
    """How far the points (where something is unknown: the least) of each indicator of this year's
    program fell since last year."""
    old, new = _find_least_points(then, before), _find_least_points(program, codes_now)
    nothing = np.zeros(people, np.int32)
    falls = [old[ident] - points if ident in old else nothing for ident, points in new.items()]
    return np.array(falls, np.int32).reshape(len(program.points), people)


def _find_least_points(program: Program, codes: Codes) -> dict[str, NDArray[np.int32]]:
    """The least points of each indicator."""
    lines = get_bounder(program).bound_scores(dict(codes), 0).lines
    return {table.id: ends[0] for table, ends in zip(program.points, lines, strict=True)}
