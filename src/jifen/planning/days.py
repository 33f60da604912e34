"""The days on which something can change, and what a day is under the rules: its months, the day
on which the measure counts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jifen.policy.model import Rules
from jifen.policy.months import first_day, last_day, subtract_months, to_month
from jifen.policy.policy import Policy

Numbers = NDArray[np.int32]
Mask = NDArray[np.bool_]
RulesOn = Callable[[date], Rules | None]
ONE_DAY = timedelta(days=1)
MONTHS_OF_YEAR = 12


@dataclass(frozen=True, eq=False)
class DaySpan:
    """Days in order under the same rules, seen from `on`, the first day of the plan. `void`: no
    measure is in force on them, and nobody can be at a line; months are counted as before."""

    rules: Rules
    on: date
    days: tuple[date, ...]
    no_measure: bool = False

    @cached_property
    def counting_days(self) -> tuple[date, ...]:
        """For each day the day on which the measure counts."""
        return tuple(self.rules.reference.day_for(day) for day in self.days)

    @cached_property
    def first_counting_day(self) -> date:
        """The counting day of the first day of the plan."""
        return self.rules.reference.day_for(self.on)

    @cached_property
    def months(self) -> Numbers:
        """The month of each day (int32)."""
        return np.array([to_month(day) for day in self.days], np.int32)

    @cached_property
    def completed_months(self) -> Numbers:
        """The last month that is over by each counting day."""
        return np.array([self.rules.reference.last_month(day) for day in self.days], np.int32)

    @cached_property
    def ordinals(self) -> Numbers:
        """Each day as a number."""
        return np.array([day.toordinal() for day in self.days], np.int32)

    @cached_property
    def counting_ordinals(self) -> Numbers:
        """Each counting day as a number."""
        return np.array([day.toordinal() for day in self.counting_days], np.int32)

    @cached_property
    def counting_months(self) -> Numbers:
        """The month of each counting day."""
        return np.array([to_month(day) for day in self.counting_days], np.int32)

    def counts_since(self, day: date) -> Mask:
        """The days whose counting day is this day or later."""
        return self.counting_ordinals >= day.toordinal()

    def elapsed_months(self, day: date) -> Numbers:
        """Full months from a day to each counting day; below 0 before it. A month is full on the
        same day of the month, or on the last of a month that has no such day."""
        months = self.counting_months - to_month(day)
        elapsed: Numbers = months - (self._days_of_month < np.minimum(day.day, self._month_lengths))
        return elapsed

    def full_months(self, since: date) -> Numbers:
        """Full months from a day on that are over when one applies on each day, as
        jifen.facts.permit counts them; 0 before it. A measure that counts to the end of the month
        before counts that day too: it is over. One that counts on the day itself counts the months
        up to the day before."""
        pairs = zip(self.days, self.counting_days, strict=True)
        first_after = [min(day, counting + ONE_DAY) for day, counting in pairs]
        months = np.array([to_month(day) for day in first_after], np.int32) - to_month(since)
        in_month = np.array([day.day for day in first_after], np.int32)
        lengths = np.array([last_day(to_month(day)).day for day in first_after], np.int32)
        full: Numbers = np.maximum(months - (in_month < np.minimum(since.day, lengths)), 0)
        return full

    @cached_property
    def _days_of_month(self) -> Numbers:
        return np.array([day.day for day in self.counting_days], np.int32)

    @cached_property
    def _month_lengths(self) -> Numbers:
        ends = [last_day(to_month(day)).day for day in self.counting_days]
        return np.array(ends, np.int32)


def split_by_rules(rules_on: RulesOn, on: date, days: Sequence[date]) -> list[DaySpan]:
    """Days cut where the rules change, or where there are none for a time. The first day has some;
    the days after the last that has any are left out."""
    groups: list[tuple[Rules, bool, list[date]]] = []
    for day in days:
        current_rules = rules_on(day)
        rules, void = current_rules or groups[-1][0], current_rules is None
        if groups and groups[-1][0] is rules and groups[-1][1] is void:
            groups[-1][2].append(day)
        else:
            groups.append((rules, void, [day]))
    while groups[-1][1]:
        groups.pop()
    return [DaySpan(rules, on, tuple(group_days), void) for rules, void, group_days in groups]


def find_horizon(on: date, years: int) -> date:
    """The last day that is looked at."""
    return subtract_months(on, -MONTHS_OF_YEAR * years)


def list_month_firsts(on: date, last: date) -> Iterator[date]:
    """The first day of every month after a day."""
    for month in range(to_month(on) + 1, to_month(last) + 1):
        yield first_day(month)


def list_counting_days(policies: Iterable[Policy], on: date, last: date) -> Iterator[date]:
    """The days inside a month on which a measure comes to count to another day or month."""
    for policy in policies:
        rules = policy.rules_on(policy.since)
        if rules.reference.kind == "yearly":
            for year in range(on.year, last.year + 1):
                yield rules.reference.day_for(date(year, 12, 31))
        if rules.reference.kind == "on_the_day" and not rules.contributions.includes_filing_month:
            for month in range(to_month(on), to_month(last) + 1):
                yield last_day(month)


def list_monthly(day: date, last: date) -> Iterator[date]:
    """A day and the same day of every later month."""
    for months in range(to_month(last) - to_month(day) + 1):
        yield subtract_months(day, -months)


def list_yearly(day: date, last: date) -> Iterator[date]:
    """The same day of every later year."""
    for year in range(1, last.year - day.year + 1):
        yield subtract_months(day, -MONTHS_OF_YEAR * year)


def list_birthdays(born: date, last: date) -> Iterator[date]:
    """The days on which a year of age is complete: 29 February counts on 1 March elsewhere."""
    for year in range(born.year, last.year + 1):
        try:
            yield born.replace(year=year)
        except ValueError:
            yield date(year, 3, 1)


def list_rule_changes(policies: Iterable[Policy]) -> Iterator[date]:
    """The days on which versions, overlays and lines begin, or have just ended."""
    for policy in policies:
        periods = [(policy.since, policy.until)]
        periods += [(overlay.since, overlay.until) for overlay in policy.overlays]
        for since, until in periods:
            yield since
            if until is not None:
                yield until + ONE_DAY
        for threshold in policy.rules_on(policy.since).decision.thresholds:
            yield threshold.since


def select_days(days: Iterable[date], on: date, last: date) -> tuple[date, ...]:
    """The days from the first to the last, each once, in order; the first is always there."""
    return tuple(sorted({on, last, *(day for day in days if on < day <= last)}))
