"""The same people under several versions or cities: who reaches which line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.classes import ReachClasses, count_admissible, count_reached
from jifen.lab.population.people import People
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.weights import PLACES, Count, Weights, count_mask, to_count
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import Program, build_program


@dataclass(frozen=True, eq=False)
class PolicyColumn:
    """One policy over everybody, with its day: a version that ended is asked on its last."""

    program: Program
    on: date
    reached: ReachClasses
    admissible: ReachClasses

    @property
    def name(self) -> str:
        """City and version."""
        return f"{self.program.rules.city} {self.program.rules.version}"


@dataclass(frozen=True, eq=False)
class CountRange:
    """The least and the most people that it can be: whole numbers, or tables of them."""

    least: Any
    most: Any

    def __add__(self, other: "CountRange") -> "CountRange":
        return CountRange(self.least + other.least, self.most + other.most)

    def to_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            name: end.round(PLACES).tolist() if isinstance(end, np.ndarray) else to_count(end)
            for name, end in (("least", self.least), ("most", self.most))
        }


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Columns in the order asked for. `both` (int64, policies × policies): people who reach both
    lines; `only` those who reach just the one of the row and not that of the column; `none` those
    who reach no line. People whose values can be used for some policy only take part in it alone:
    `people` counts everybody."""

    people: Count
    columns: tuple[PolicyColumn, ...]
    both: CountRange
    only: CountRange
    none: CountRange


def compare_side_by_side(
    populations: Sequence[People],
    policies: Sequence[Policy],
    on: date,
    *,
    threads: int | None = None,
) -> SideBySide:
    """One population per policy: the same people in the same order (of one city the same object).
    Totals of different cities are not comparable; whether the line is reached is."""
    weights = populations[0].weights
    counts = {people.count for people in populations}
    if len(counts) != 1:
        sizes = ", ".join(f"{p.name}: {p.count:,}" for p in populations)
        raise TableError([say("analysis.side_by_side.not_the_same_people", sizes=sizes)])
    columns, scored = list[PolicyColumn](), list[ScoredPeople]()
    for people, policy in zip(populations, policies, strict=True):
        day = _find_day(policy, on)
        program = build_program(policy.rules_on(day))
        scored_people = score_people(people, [program], day, threads=threads)[0]
        columns.append(
            PolicyColumn(
                program, day, count_reached(scored_people), count_admissible(scored_people)
            )
        )
        scored.append(scored_people)
    yes = [scored_people.reached for scored_people in scored]
    not_no = [scored_people.reached | scored_people.perhaps for scored_people in scored]
    no = [scored_people.not_reached for scored_people in scored]
    not_yes = [scored_people.not_reached | scored_people.perhaps for scored_people in scored]
    only_most = _count_pairs(not_no, not_yes, weights)
    np.fill_diagonal(only_most, 0)  # nobody reaches a line and does not reach it
    return SideBySide(
        populations[0].all_people,
        tuple(columns),
        CountRange(_count_pairs(yes, yes, weights), _count_pairs(not_no, not_no, weights)),
        CountRange(_count_pairs(yes, no, weights), only_most),
        CountRange(_count_in_all(no, weights), _count_in_all(not_yes, weights)),
    )


def _count_pairs(
    rows: Sequence[NDArray[np.bool_]],
    columns: Sequence[NDArray[np.bool_]],
    weights: Weights | None,
) -> NDArray[Any]:
    """People who are in the mask of the row and in that of the column."""
    return np.array([[count_mask(a & b, weights) for b in columns] for a in rows])


def _count_in_all(masks: Sequence[NDArray[np.bool_]], weights: Weights | None) -> Count:
    return count_mask(np.logical_and.reduce(masks), weights)


def _find_day(policy: Policy, on: date) -> date:
    if policy.until and policy.until < on:
        return policy.until
    return max(policy.since, on)
