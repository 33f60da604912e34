"""The population as it stands: distribution, groups, indicators, caps, conditions.

Everybody whose values can be used is counted in one of three classes: surely at the line, surely
not, open. Distributions and means are those of the people of whom every fact is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.analysis.near import NearTheLine, find_near_the_line
from jifen.lab.analysis.point_parts import PointParts, count_parts
from jifen.lab.classes import ReachClasses, count_admissible, count_reached
from jifen.lab.population.people import Grouping, People
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.weights import Count, count_by_code, find_quantile_place, to_count
from jifen.policy.policy import Policy
from jifen.scoring.population.program import Program, build_program

Counts = NDArray[Any]
"""Whole numbers of people, or sums of their weights."""


@dataclass(frozen=True, eq=False)
class GroupCounts:
    """By group: people whose values can be used, those surely admissible, those who surely and
    perhaps reach the line; the people of whom every fact is known, and the sum of their totals."""

    grouping: Grouping
    people: Counts
    admissible: Counts
    reached: Counts
    perhaps: Counts
    known: Counts
    sums: Counts

    def mean_of_group(self, number: int, scale: int) -> float | None:
        """The mean total of a group in points; None where nobody's facts are all known."""
        known = to_count(self.known[number])
        return self.sums[number].item() / known / scale if known else None


@dataclass(frozen=True, eq=False)
class RunResult:
    """Totals are scaled; bins of a histogram begin at `least` and are one smallest unit wide."""

    program: Program
    on: date
    line: int
    people: Count
    faulty: Count
    """People with values that cannot be used: they are in no class."""
    reached: ReachClasses
    admissible: ReachClasses
    """By whether the conditions are met without a veto."""
    known_totals: Counts
    """Of the people of whom every fact is known."""
    groups: tuple[GroupCounts, ...]
    parts: PointParts
    near: NearTheLine

    @property
    def least(self) -> int:
        """The scaled total of the first bin."""
        return self.program.least

    @property
    def usable(self) -> Count:
        """Everybody in one of the three classes."""
        return self.reached.people

    @property
    def known(self) -> Count:
        """The people of whom every fact is known: the mean is theirs."""
        return to_count(self.known_totals.sum())

    @property
    def mean(self) -> float | None:
        """The mean total in points of the people of whom every fact is known; None without any."""
        if not self.known:
            return None
        exact = (self.known_totals @ (np.arange(len(self.known_totals)) + self.least)).item()
        return float(exact / self.known / self.program.scale)

    def find_quantile(self, share: float) -> int | None:
        """The least scaled total that at least this share of the known people does not exceed."""
        running = np.cumsum(self.known_totals)
        if not running[-1]:
            return None
        return find_quantile_place(running, share) + self.least


def analyse_people(
    people: People,
    policy: Policy,
    on: date,
    *,
    groups: Sequence[str] = (),
    near: bool = True,
    threads: int | None = None,
) -> RunResult:
    """Score everybody and count. Raises TableError where a fact or a group is missing."""
    program = build_program(policy.rules_on(on))
    groupings = [people.group_by(name) for name in groups]
    scored = score_people(people, [program], on, lines=True, threads=threads)[0]
    known = scored.known
    return RunResult(
        program,
        on,
        program.threshold_on(on),
        people.all_people,
        people.faulty_people,
        count_reached(scored),
        count_admissible(scored),
        _count_totals(program, scored, known),
        tuple(_count_group(grouping, scored, known) for grouping in groupings),
        count_parts(people, program, scored),
        find_near_the_line(people, program, scored, on, threads)
        if near
        else NearTheLine.make_empty(),
    )


def _count_totals(program: Program, scored: ScoredPeople, known: NDArray[np.bool_]) -> Counts:
    bins = program.most - program.least + 1
    weights = None if scored.weights is None else scored.weights[known]
    return count_by_code(scored.total[known].astype(np.int64) - program.least, bins, weights)


def _count_group(grouping: Grouping, scored: ScoredPeople, known: NDArray[np.bool_]) -> GroupCounts:
    bins = len(grouping.labels)

    def count_in_mask(mask: NDArray[np.bool_]) -> Counts:
        return count_by_code(grouping.codes[mask], bins, None if weights is None else weights[mask])

    weights = scored.weights
    of_known = None if weights is None else weights[known]
    totals = scored.total[known].astype(np.float64)
    sums = count_by_code(grouping.codes[known], bins, of_known, totals)
    return GroupCounts(
        grouping,
        count_in_mask(scored.everybody),
        count_in_mask(scored.admissible),
        count_in_mask(scored.reached),
        count_in_mask(scored.perhaps),
        count_in_mask(known),
        sums,
    )
