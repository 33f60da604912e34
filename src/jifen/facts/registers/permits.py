"""Residence permits of a whole table: since when held, whether valid (facts/permit.py)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.facts.registers.calendar import (
    NO_DAY,
    ONE_DAY,
    Days,
    add_months,
    count_full_months,
    to_numpy_day,
)

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PermitArrays:
    """One permit for each person. `endorsements` has one row for each, filled up with NaT;
    `endorsed` says whose endorsements are known at all.
    """

    issued: Days
    until: Days
    endorsements: Days
    endorsed: Flags

    def held_since(self, on: date) -> Days:
        """The day since which each permit is held without a break; NaT where it cannot be told.

        The permit must be endorsed before each full year; made up later, years count from the day
        of making up; not made up, it is held from the day after `on` at the earliest.
        """
        today = to_numpy_day(on)
        since, year = self.issued.copy(), np.ones(len(self.issued), np.int64)
        due = add_months(since, 12)
        going = np.flatnonzero(due < today)
        since[going[~self.endorsed[going]]] = NO_DAY
        going = going[self.endorsed[going]]
        while len(going):
            endorsed_on, due_days = self.endorsements[going], due[going]
            before = add_months(since[going], 12 * (year[going] - 1))
            in_time = ((endorsed_on > before[:, None]) & (endorsed_on <= due_days[:, None])).any(
                axis=1
            )
            late = np.where(
                (endorsed_on > due_days[:, None]) & (endorsed_on <= today), endorsed_on, NO_DAY
            )
            made_up = _find_first_days(late)
            lapsed = ~in_time & np.isnat(made_up)
            year[going] = np.where(in_time, year[going] + 1, 1)
            since[going] = np.where(in_time, since[going], made_up)
            since[going[lapsed]] = today + ONE_DAY
            due[going] = add_months(since[going], 12 * year[going])
            going = going[~lapsed & (due[going] < today)]
        return since

    def flag_valid(self, on: date) -> tuple[Flags, Flags]:
        """Whether each permit is valid on a day, and whether that is known."""
        today = to_numpy_day(on)
        over = (self.issued > today) | (self.until < today)
        over |= self.endorsed & (self.held_since(on) > today)
        known = over | ~(np.isnat(self.issued) | np.isnat(self.until))
        return ~over, known

    def count_months(self, counting_day: date) -> tuple[NDArray[Any], Flags]:
        """Full months held by the counting day, and whether they are known."""
        since = self.held_since(counting_day)
        known = ~np.isnat(since)
        months = np.zeros(len(since), np.int64)
        months[known] = count_full_months(since[known], counting_day)
        return months, known


def _find_first_days(days: Days) -> Days:
    """The first day of each row; NaT where it has none."""
    if days.shape[1] == 0:
        return np.full(len(days), NO_DAY, "M8[D]")
    return np.asarray(np.fmin.reduce(days, axis=1), "M8[D]")
