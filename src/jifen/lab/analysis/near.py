"""Who is near the line: one birthday, or one step of one fact, away from it.

A step is the next stretch of a number, the other answer of a yes or no, or any other answer of a
choice. Ages and records of conduct are no steps. What a step costs and how long it takes is not
asked here: it says what the rules make of it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import People
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.weights import Count, count_by_code
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.program import Program

CONDUCT = "conduct"
"""The section of the form with deductions and vetoes."""
Codes = NDArray[Any]


@dataclass(frozen=True, slots=True)
class FactStep:
    """One fact by which people who do not reach the line would reach it."""

    fact: str
    label: Text
    people: Count


@dataclass(frozen=True, slots=True)
class NearTheLine:
    """People who would lose or gain the line by being a year older; by one step of one fact; and
    the gap to the line of admissible people under it, in smallest units. Only what is sure counts:
    from surely at the line to surely not, or the other way."""

    loses_by_birthday: Count
    gains_by_birthday: Count
    within_one_step: Count
    steps: tuple[FactStep, ...]
    gaps: NDArray[Any]

    @classmethod
    def make_empty(cls) -> "NearTheLine":
        """Nothing was asked."""
        return cls(0, 0, 0, (), np.zeros(0, np.int64))


def find_near_the_line(
    people: People,
    program: Program,
    scored: ScoredPeople,
    on: date,
    threads: int | None = None,
) -> NearTheLine:
    """Score everybody again with one fact changed, fact after fact."""
    columns, under = people.get_columns(program), scored.not_reached

    def score_changed(ident: str, codes: Codes) -> ScoredPeople:
        return score_people(people, [program], on, columns={ident: codes}, threads=threads)[0]

    loses: Count = 0
    gains: Count = 0
    steps, anyone = [], np.zeros(people.count, bool)
    for ident, axis in program.axes.items():
        if _is_age(axis.fact):
            older = score_changed(ident, _age_codes(axis, columns[ident]))
            loses = scored.count_people(scored.reached & older.not_reached)
            gains = scored.count_people(under & older.reached)
        elif axis.fact.section != CONDUCT and not _is_record(axis.fact):
            better = np.zeros(people.count, bool)
            for codes in _list_step_codes(axis, columns[ident], program):
                better |= score_changed(ident, codes).reached
            better &= under
            anyone |= better
            steps.append(FactStep(ident, axis.fact.label, scored.count_people(better)))
    close = scored.known & scored.admissible & under
    weights = None if scored.weights is None else scored.weights[close]
    gaps = count_by_code(
        program.threshold_on(on) - scored.total[close].astype(np.int64), 0, weights
    )
    steps.sort(key=lambda step: -step.people)
    return NearTheLine(
        loses, gains, scored.count_people(anyone), tuple(s for s in steps if s.people), gaps
    )


def _is_age(fact: Fact) -> bool:
    return fact.derive is not None and fact.derive.measure == "completed_years"


def _is_record(fact: Fact) -> bool:
    return fact.derive is not None and fact.derive.measure == "records_in_window"


def _age_codes(axis: Axis, codes: Codes) -> Codes:
    """Everybody a year older; an unknown age stays unknown."""
    table = np.minimum(np.arange(axis.absent + 1) + 1, axis.size - 1).astype(axis.dtype)
    table[axis.absent] = axis.absent
    return np.asarray(table[codes])


def _list_step_codes(axis: Axis, codes: Codes, program: Program) -> list[Codes]:
    if axis.fact.type == "bool":
        return [np.asarray(np.where(codes == axis.absent, codes, 1 - codes), axis.dtype)]
    if axis.fact.type == "choice":
        return [
            np.asarray(np.where(codes == axis.absent, codes, answer), axis.dtype)
            for answer in range(1, axis.size)
        ]
    starts = {
        start
        for table in (*program.points, *program.conditions, *program.ways)
        if axis.fact.id in table.facts
        for start in table.starts[table.facts.index(axis.fact.id)]
    }
    tables = (table for table in program.points if axis.fact.id not in table.facts)
    if any(axis.fact.id in program.facts_read_by(table) for table in tables):
        starts |= set(range(1, axis.size))  # by a derived number every value may be a step
    return [_step_to_next_stretch(axis, codes, np.array(sorted(starts)))]


def _step_to_next_stretch(axis: Axis, codes: Codes, starts: NDArray[np.int64]) -> Codes:
    every = np.arange(axis.absent + 1)
    following = np.searchsorted(starts, every, side="right")
    inside = following < len(starts)
    table = np.where(inside, starts[np.minimum(following, len(starts) - 1)], every)
    table[axis.absent] = axis.absent
    return np.asarray(table.astype(axis.dtype)[codes])
