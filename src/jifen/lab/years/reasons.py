"""Why somebody who reached the line last year no longer does: the first of these that holds.

rules: last year's facts under this year's rules and line fail already. condition, veto: the first
condition that is surely no longer met, the first veto that surely stands now. indicator: the one
that fell most.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jifen.lab.weights import Count, Weights, count_mask, to_count
from jifen.scoring.population.bounds import get_bounder
from jifen.scoring.population.loop_emitter import REACHED
from jifen.scoring.population.program import Program

Codes = Mapping[str, NDArray[Any]]


class LossReason(NamedTuple):
    """`kind` is rules, condition, veto or indicator; `id` what it is, empty for rules."""

    kind: str
    id: str


def count_reasons(
    before: Codes,
    codes_now: Codes,
    then: Program,
    program: Program,
    line: int,
    people: int,
    weights: Weights | None = None,
) -> dict[LossReason, Count]:
    """The reasons of some people, all of whom lost the line: their codes (by fact, each of length
    `people`) of last year and of this, last year's program and this year's with its line."""
    reasons: dict[LossReason, Count] = {}
    if not people:
        return {}
    bounder = get_bounder(program)
    open_ = (bounder.bound_scores(dict(before), line).flags & REACHED) != 0
    reasons[LossReason("rules", "")] = count_mask(~open_, weights)
    gates = [LossReason("condition", table.id) for table in program.conditions]
    gates += [LossReason("veto", table.id) for table in program.vetoes]
    for reason, may_hold in zip(
        gates, bounder.find_possibly_passing(dict(codes_now), people), strict=True
    ):
        failed = open_ & ~may_hold
        reasons[reason] = count_mask(failed, weights)
        open_ &= ~failed
    falls = _find_falls(before, codes_now, then, program, people)
    for number, table in enumerate(program.points):
        fell_most = open_ & (falls.argmax(axis=0) == number)
        reasons[LossReason("indicator", table.id)] = count_mask(fell_most, weights)
    return add_reasons({}, reasons)


def add_reasons(
    reasons: Mapping[LossReason, Count], more: Mapping[LossReason, Count]
) -> dict[LossReason, Count]:
    """The people of both by reason, without reasons that hold for nobody."""
    sums = {
        reason: to_count(reasons.get(reason, 0) + more.get(reason, 0))
        for reason in dict.fromkeys((*reasons, *more))
    }
    return {reason: people for reason, people in sums.items() if people}


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
