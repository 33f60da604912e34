"""Ages and other full years, of which the anniversary is known or may be any day of the year.

A measure counts an age on its own day. What a law allows at an age (to give blood up to 55) it
allows by the age of the day on which it is done.
"""

from collections.abc import Iterator
from datetime import date

from jifen.facts.measures import ABSENT
from jifen.planning.days import ONE_DAY, list_birthdays, list_yearly
from jifen.planning.initial_state import InitialState
from jifen.policy.months import completed_years
from jifen.policy.vocabulary import Fact

YearRange = tuple[int, int]


def bound_years_since(years: int, since: date, day: date, latest: date | None = None) -> YearRange:
    """The least and the most full years on a day, where so many were full on an earlier one;
    `latest`: the last day on which the year under way may have begun (that one, if not named)."""
    if day <= since:
        return years, years
    least = max(completed_years(latest or since, day), 0)
    return years + least, years + 1 + completed_years(since + ONE_DAY, day)


def bound_age_on(initial: InitialState, fact: Fact, day: date) -> YearRange | None:
    """The least and the most age on a day itself; None where nothing is known of it."""
    born = initial.get_value(fact.derive.source) if fact.derive else ABSENT
    if isinstance(born, date):
        age = max(completed_years(born, day), 0)
        return age, age
    years = initial.get_value(fact.id)
    if not isinstance(years, int):
        return None
    return bound_years_since(years, _find_counting_day(initial, fact), day)


def _find_counting_day(initial: InitialState, fact: Fact) -> date:
    """The day on which an age that was given was full."""
    counting_day = initial.rules.reference.day_for(initial.on)
    return fact.derive.day_of_years(counting_day) if fact.derive else counting_day


def list_age_changes(initial: InitialState, fact: Fact, last: date) -> Iterator[date]:
    """The days up to the last on which an age may become another."""
    born = initial.get_value(fact.derive.source) if fact.derive else ABSENT
    if isinstance(born, date):
        yield from list_birthdays(born, last)
        return
    if initial.get_value(fact.id) is ABSENT:
        return
    counting_day = _find_counting_day(initial, fact)
    yield counting_day + ONE_DAY
    for day in (counting_day, counting_day + ONE_DAY):
        for change_day in list_yearly(day, last):
            # of 29 February a year is full on 1 March
            yield from (change_day, change_day + ONE_DAY)
