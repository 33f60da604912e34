"""The facts of some people in one year, and which of them are still in the city."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population import People
from jifen.lab.weights import Weights
from jifen.lab.years.assumptions import Assumptions, Movement, PayLevel
from jifen.lab.years.draws import Chances, draw_numbers
from jifen.lab.years.movements import MOVEMENT_BY_KIND
from jifen.lab.years.year_step import (
    Column,
    Mask,
    YearStep,
    decode_values,
    draw_insured_months,
    mark_holding,
)
from jifen.lab.years.yearly_counts import build_yearly_months, build_yearly_records
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.population.axis import Axis

Rows = slice | NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Cohort:
    """People that go through the years together: numbers `first` … of `count` people, who are
    those of `rows` of the given people, and are counted from year `enters` on (0: the start). Of
    weighted people each newcomer stands for `stands_for` people (None: for those of its row)."""

    first: int
    count: int
    rows: Rows
    enters: int
    stands_for: float | None = None


class CohortBlock:
    """The facts of a cohort in one year, and whether each person is here (has not left)."""

    def __init__(self, people: People, cohort: Cohort, assumptions: Assumptions, seed: int) -> None:
        self._cohort, self._assumptions, self._seed = cohort, assumptions, seed
        self._vocabulary, self._labels = people.vocabulary, people.labels
        self.year = cohort.enters
        self.codes: dict[str, Column] = {i: _take_rows(c, cohort) for i, c in people.codes.items()}
        self._numbers = {i: _take_rows(n, cohort) for i, n in people.numbers.items()}
        self._other = {i: (_take_rows(c, cohort), w) for i, (c, w) in people.other.items()}
        self.weights = _take_weights(people, cohort)
        self.here: Mask = np.ones(cohort.count, bool)
        if people.faulty is not None:
            self.here &= ~people.faulty[cohort.rows]
        self._movements = list(_list_movements(assumptions, self.codes))
        self._levels = dict(self._draw_pay_levels())
        self._rings = {
            movement.fact: self._build_yearly_counts(movement)
            for movement in self._movements
            if movement.kind in ("window", "expires")
        }
        self._age = find_age_fact(people.vocabulary)
        self._leaving = self._build_leave_table()

    def to_people(self) -> People:
        """The people of this year, as the lab scores them."""
        return People(
            self._vocabulary,
            self._cohort.count,
            self.codes,
            self._numbers,
            other=self._other,
            labels=self._labels,
            weights=self.weights,
        )

    def draw_chances(self, purpose: str) -> Chances:
        """One number for each person, for a purpose in this year."""
        return draw_numbers(self._seed, purpose, self.year, self._cohort.first, self._cohort.count)

    def pass_year(self) -> None:
        """Some leave; for the others, and for those who left too, a year goes by."""
        self.year += 1
        self.here = self.here & ~self._draw_leavers()
        gap = self._assumptions.interruption
        employed = np.ones(self._cohort.count, np.uint8)
        if gap.while_fact:
            employed = mark_holding(
                self._vocabulary, self.codes, gap.while_fact, self._cohort.count
            )
        paid, since, whole = draw_insured_months(gap, employed, self.draw_chances)
        year_step = YearStep(
            self._vocabulary,
            self.codes,
            dict(self.codes),
            self._rings,
            self._levels,
            self.draw_chances,
            paid,
            since,
            whole,
        )
        for movement in self._movements:
            MOVEMENT_BY_KIND[movement.kind](movement, year_step)
        self.codes = year_step.after

    def _draw_leavers(self) -> Mask:
        if self._age not in self.codes or not self._leaving.any():
            return np.zeros(self._cohort.count, bool)
        leaves: Mask = self.draw_chances("leaves") < self._leaving[self.codes[self._age]]
        return leaves

    def _build_leave_table(self) -> NDArray[np.float64]:
        """Age code → yearly share; the lowest share where the age is not known."""
        axis = Axis(self._vocabulary[self._age])
        table = np.zeros(axis.absent + 1)
        for band in self._assumptions.leavers.bands:
            first = max(band.first, int(axis.fact.least))
            last = min(band.last, int(axis.fact.most))
            table[axis.encode(first) : axis.encode(last) + 1] = band.share
        table[axis.absent] = table[axis.encode(int(axis.fact.least)) : axis.size].min()
        return table

    def _draw_pay_levels(self) -> Iterator[tuple[str, Mask]]:
        """Who pays at each level: drawn once, by the share of the months so far; whoever pays at
        a level pays at those below."""
        levels = self._assumptions.levels
        if levels is None:
            return
        chance, above = self.draw_chances("pay level"), np.zeros(self._cohort.count, bool)
        for level in levels.from_highest:
            above = above | (chance < self._estimate_share(level))
            yield level.id, above

    def _estimate_share(self, level: PayLevel) -> NDArray[np.float64]:
        share = np.full(self._cohort.count, np.nan)
        for fact in level.share_of:
            if fact in self.codes:
                count, has_count = self._decode_fact(fact)
                derive = self._vocabulary[fact].derive
                span = self._count_possible_months(derive.window or 0 if derive else 0)
                ratios = np.where(has_count, count / np.maximum(span, 1), np.nan)
                share = np.where(np.isnan(share), ratios, share)
        found_share: NDArray[np.float64] = np.nan_to_num(share)
        return found_share

    def _count_possible_months(self, window: int) -> NDArray[np.int32]:
        """The last so many months that could count at all."""
        span = np.full(self._cohort.count, window, np.int32)
        levels = self._assumptions.levels
        if levels and levels.among in self.codes:
            months, has_months = self._decode_fact(str(levels.among))
            span = np.where(has_months, np.minimum(months, span), span)
        return span

    def _decode_fact(self, fact: str) -> tuple[NDArray[np.int32], Mask]:
        return decode_values(Axis(self._vocabulary[fact]), self.codes[fact])

    def _build_yearly_counts(self, movement: Movement) -> list[Column]:
        count, _ = self._decode_fact(movement.fact)
        dtype = Axis(self._vocabulary[movement.fact]).dtype
        if movement.kind == "expires":
            return build_yearly_records(
                count, movement.window, self.draw_chances, movement.fact, dtype
            )
        recent = np.full(self._cohort.count, -1, np.int32)
        if movement.recent in self.codes:
            months, known = self._decode_fact(str(movement.recent))
            recent = np.where(known, months, recent)
        everybody = np.ones(self._cohort.count, bool)
        level = self._levels[movement.level] if movement.level else everybody
        span = self._count_possible_months(movement.window)
        return build_yearly_months(count, movement.window, span, level, recent, dtype)


def find_age_fact(vocabulary: Vocabulary) -> str:
    """The fact that says how old a person is."""
    ages = (
        fact.id for fact in vocabulary if fact.derive and fact.derive.measure == "completed_years"
    )
    return str(next(ages))


def _take_rows(column: Any, cohort: Cohort) -> Column:
    return np.ascontiguousarray(column[cohort.rows])


def _take_weights(people: People, cohort: Cohort) -> Weights | None:
    if people.weights is None:
        return None
    if cohort.stands_for is not None:
        return np.full(cohort.count, cohort.stands_for)
    return _take_rows(people.weights, cohort)


def _list_movements(assumptions: Assumptions, codes: Mapping[str, Column]) -> Iterator[Movement]:
    """The movements of the facts that the people have, in the order in which they are made."""
    for kind in MOVEMENT_BY_KIND:
        for movement in assumptions.movements.values():
            if movement.kind == kind and movement.fact in codes:
                yield movement
