"""One cohort through all years, under every policy: what each year does to who reaches the line.

Facts move alike under every policy; only who has settled, and so left, differs by policy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population import Grouping, People
from jifen.lab.weights import Count, count_mask
from jifen.lab.years.assumptions import Assumptions
from jifen.lab.years.cohort_block import Cohort, CohortBlock
from jifen.lab.years.reasons import LossReason, add_reasons, count_reasons
from jifen.lab.years.scores import YearOutcome, score_block
from jifen.lab.years.tally import Tally
from jifen.scoring.population.program import Program

Mask = NDArray[np.bool_]
Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class ProjectionPlan:
    """The days to be counted, the first being today; by day the program of each policy."""

    days: tuple[date, ...]
    programs: tuple[tuple[Program, ...], ...]
    assumptions: Assumptions
    by: str | None
    seed: int

    @property
    def policies(self) -> int:
        """How many policies are compared."""
        return len(self.programs[0])


class CohortPath:
    """The years of one cohort, counted into a tally."""

    def __init__(self, people: People, cohort: Cohort, plan: ProjectionPlan, tally: Tally) -> None:
        self._plan, self._cohort, self._tally = plan, cohort, tally
        self._block = CohortBlock(people, cohort, plan.assumptions, plan.seed)
        self._before: list[YearOutcome] = []
        self._columns: Columns = {}
        nobody = np.zeros(cohort.count, bool)
        self._settled = [nobody] * plan.policies
        self._here = [nobody] * plan.policies
        self._waiting = [nobody] * plan.policies

    def count_years(self) -> None:
        """All years from the one in which the cohort comes."""
        for year in range(self._cohort.enters, len(self._plan.days)):
            if year > self._cohort.enters:
                self._draw_settlers()
                self._block.pass_year()
            self._count_year(year)

    def _draw_settlers(self) -> None:
        share = self._plan.assumptions.leavers.reached_leave
        if share > 0:
            luck = self._block.draw_chances("settles") < share
            self._settled = [
                gone | (present & outcome.reached & luck)
                for gone, present, outcome in zip(
                    self._settled, self._here, self._before, strict=True
                )
            ]

    def _count_year(self, year: int) -> None:
        people, programs = self._block.to_people(), self._plan.programs[year]
        columns = people.get_columns(programs[0])
        groups = people.group_by(self._plan.by) if self._plan.by else None
        outcomes = score_block(people, programs, self._plan.days[year], columns)
        for policy, standing in enumerate(outcomes):
            present = self._block.here & ~self._settled[policy]
            self._count_stock(policy, year, standing, present, groups)
            if year == self._cohort.enters:
                self._count_arrivals(policy, year, standing, present, groups)
            else:
                self._count_flows(policy, year, standing, present, groups, columns)
            self._here[policy] = present
        self._before, self._columns = outcomes, columns

    def _count_stock(
        self, policy: int, year: int, outcome: YearOutcome, present: Mask, groups: Grouping | None
    ) -> None:
        known = present & outcome.known
        for name, who in (
            ("people", present),
            ("admissible", present & outcome.admissible),
            ("reached", present & outcome.reached),
            ("undecided", present & outcome.undecided),
            ("known", known),
        ):
            self._add_people(policy, year, name, who, groups)
        totals = outcome.total.astype(np.int64)
        self._add_people(policy, year, "total", known, groups, totals)

    def _count_arrivals(
        self, policy: int, year: int, outcome: YearOutcome, present: Mask, groups: Grouping | None
    ) -> None:
        if year:
            self._add_people(policy, year, "entered", present & outcome.reached, groups)
        else:
            self._waiting[policy] = present & ~outcome.reached & ~outcome.undecided
            self._tally.under[policy] += self._count(self._waiting[policy])

    def _count_flows(
        self,
        policy: int,
        year: int,
        outcome: YearOutcome,
        present: Mask,
        groups: Grouping | None,
        columns: Columns,
    ) -> None:
        was = self._here[policy] & self._before[policy].reached
        stays, lost = present & self._here[policy], was & present & ~outcome.reached
        self._add_people(policy, year, "newly", stays & outcome.reached & ~was, groups)
        self._add_people(policy, year, "lost", lost, groups)
        settled = was & self._settled[policy]
        self._add_people(policy, year, "settled", settled, groups)
        self._add_people(policy, year, "gone", was & ~present & ~settled, groups)
        self._count_first_reached(policy, year, outcome, present)
        why = self._count_reasons(self._before[policy], outcome, columns, lost)
        known = self._tally.why.get((policy, year), {})
        self._tally.why[policy, year] = add_reasons(known, why)

    def _count_first_reached(
        self, policy: int, year: int, outcome: YearOutcome, present: Mask
    ) -> None:
        """The given people who were surely under the line: who reaches it, who left before."""
        waiting = self._waiting[policy]
        self._tally.first[policy, year] += self._count(waiting & present & outcome.reached)
        self._tally.left[policy] += self._count(waiting & ~present)
        self._waiting[policy] = waiting & present & ~outcome.reached

    def _count_reasons(
        self, before: YearOutcome, outcome: YearOutcome, columns: Columns, lost: Mask
    ) -> dict[LossReason, Count]:
        rows = np.flatnonzero(lost)
        facts: Sequence[str] = outcome.program.facts
        then = {fact: self._columns[fact][rows] for fact in facts}
        today = {fact: columns[fact][rows] for fact in facts}
        weights = self._block.weights
        return count_reasons(
            then,
            today,
            before.program,
            outcome.program,
            outcome.line,
            len(rows),
            None if weights is None else weights[rows],
        )

    def _count(self, who: Mask) -> Count:
        return count_mask(who, self._block.weights)

    def _add_people(
        self,
        policy: int,
        year: int,
        name: str,
        who: Mask,
        groups: Grouping | None,
        amounts: NDArray[np.int64] | None = None,
    ) -> None:
        self._tally.add_people(
            policy, year, name, who, groups, amounts=amounts, weights=self._block.weights
        )
