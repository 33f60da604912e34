"""Who of many people is at the line on a day, and on which day each first is by waiting."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jifen.planning.fact_states import Mask, Rows
from jifen.planning.population_forecast import CodeColumns, PopulationForecast
from jifen.policy.model import Rules
from jifen.scoring.population.coding import CodedPeople
from jifen.scoring.population.loop_emitter import REACHED
from jifen.scoring.population.program import build_program
from jifen.scoring.population.scorer import BatchScorer

NEVER = date.max.toordinal()
Days = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class WaitingSearch:
    """Looks for the first days of a crowd under the same rules."""

    forecast: PopulationForecast
    surely: Days
    perhaps: Days

    def fill_first_days(self, first: int, last: int, rows: Rows) -> None:
        """Fill in the first of some days for some people: by halves, since most are not at the
        line on any day of a half even with the best that each fact has in it."""
        rows = self._filter_possible(first, last, rows)
        if not len(rows):
            return
        if first == last:
            self._fill_day(first, rows)
            return
        middle = (first + last) // 2
        self.fill_first_days(first, middle, rows)
        self.fill_first_days(middle + 1, last, rows[self.surely[rows] == NEVER])

    def _filter_possible(self, first: int, last: int, rows: Rows) -> Rows:
        """Who of some people may be at the line on any of the days."""
        rules, days = self.forecast.population.rules, self.forecast.span.days[first : last + 1]
        best = self.forecast.find_best_columns(first, last, rows) if len(rows) else None
        if best is None:
            return rows
        return rows[find_reached(rules, best, min(days, key=build_program(rules).threshold_on))]

    def _fill_day(self, day_number: int, rows: Rows) -> None:
        day = self.forecast.span.days[day_number]
        for younger, firsts_of in ((False, self.surely), (True, self.perhaps)):
            columns, unknown = self.forecast.columns_on(day_number, rows, younger=younger)
            at_threshold = find_reached(self.forecast.population.rules, columns, day)
            if unknown is not None:
                at_threshold = at_threshold | unknown if younger else at_threshold & ~unknown
            reached_rows = rows[at_threshold]
            firsts_of[reached_rows] = np.minimum(firsts_of[reached_rows], day.toordinal())


def find_reached(rules: Rules, columns: CodeColumns, day: date) -> Mask:
    """Who is at the line of a day, of all of whom everything is known."""
    people = len(next(iter(columns.values())))
    if not people:
        return np.zeros(0, bool)
    reached: Mask = (
        BatchScorer(rules, day).score(CodedPeople(people, columns)).flags & REACHED
    ) != 0
    return reached
