"""Ages and other full years, of which the anniversary is known or may be any day of the year.

A measure counts an age on its own day. What a law allows at an age (to give blood up to 55) it
allows by the age of the day on which it is done.
"""

from collections.abc import Iterator
from datetime import date

from jifen.facts.measures import ABSENT
from jifen.planning.days import ONE_DAY, birthdays, yearly
from jifen.planning.start import Start
from jifen.policy.months import completed_years
from jifen.policy.vocabulary import Fact

Ends = tuple[int, int]


def years_since(years: int, since: date, day: date, latest: date | None = None) -> Ends:
    """The least and the most full years on a day, where so many were full on an earlier one;
    `latest`: the last day on which the year under way may have begun (that one, if not named)."""
    if day <= since:
        return years, years
    least = max(completed_years(latest or since, day), 0)
    return years + least, years + 1 + completed_years(since + ONE_DAY, day)


def age_on(start: Start, fact: Fact, day: date) -> Ends | None:
    """The least and the most age on a day itself; None where nothing is known of it."""
    born = start.value(fact.derive.source) if fact.derive else ABSENT
    if isinstance(born, date):
        age = max(completed_years(born, day), 0)
        return age, age
    years = start.value(fact.id)
    if not isinstance(years, int):
        return None
    return years_since(years, _counted_on(start, fact), day)


def _counted_on(start: Start, fact: Fact) -> date:
    """The day on which an age that was given was full."""
    counting_day = start.rules.reference.day_for(start.on)
    return fact.derive.day_of_years(counting_day) if fact.derive else counting_day


def turns_of_age(start: Start, fact: Fact, last: date) -> Iterator[date]:
    """The days up to the last on which an age may become another."""
    born = start.value(fact.derive.source) if fact.derive else ABSENT
    if isinstance(born, date):
        yield from birthdays(born, last)
        return
    if start.value(fact.id) is ABSENT:
        return
    counted = _counted_on(start, fact)
    yield counted + ONE_DAY
    for day in (counted, counted + ONE_DAY):
        for turn in yearly(day, last):
            # of 29 February a year is full on 1 March
            yield from (turn, turn + ONE_DAY)
