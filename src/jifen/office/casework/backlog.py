"""When a backlog is cleared: people and the measured time of a case, instead of a daily quota."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate

from jifen.office.casework.handling_time import WEEKS, find_range, measure_handling_minutes
from jifen.office.casework.models import OPEN, Application, Decision, State
from jifen.office.casework.queries import Desk
from jifen.process.calendar import working_calendar

HORIZON = 250
"""Working days beyond which no day is named."""
HOURS_A_DAY = 6.0
"""What somebody has for cases on a working day, unless it is asked otherwise."""


@dataclass(frozen=True, slots=True)
class StaffingCase:
    """What if: so many people, so many hours of each for cases on a working day; and the day by
    which it should be cleared. None: as it is now, and in four weeks."""

    people: int | None = None
    hours: float = HOURS_A_DAY
    by_day: date | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rates are cases a working day over the last four weeks. `people`: who signed or proposed
    decisions in that time, or as asked. `minutes`: the measured time of a case, by quarters; None
    where too few were measured, and then nothing is forecast. `cleared`: the first and the last day
    on which it may be cleared, None: never at this rate. `needed`: how many people, at least and at
    most, clear it by `by_day`."""

    waiting: int
    arriving: float
    deciding: float
    people: int
    hours: float
    measured: int
    minutes: tuple[float, float, float] | None
    cleared: tuple[date | None, date | None]
    by_day: date
    needed: tuple[int, int] | None


def measure_backlog(desk: Desk, today: date, what_if: StaffingCase | None = None) -> Backlog:
    """The backlog of an office, and when it is cleared."""
    assumed, calendar = what_if or StaffingCase(), working_calendar()
    since = today - timedelta(weeks=WEEKS)
    days = max(calendar.count_working_days(since, today), 1)
    place = {"city": desk.city} | ({"district": desk.district} if desk.district else {})
    rows = Application.objects.filter(**place)
    waiting = rows.filter(state__in=[s for s in OPEN if s != State.DRAFT]).count()
    arriving = rows.filter(received_on__gt=since).count() / days
    decided = Decision.objects.filter(
        signed_at__date__gt=since, **{f"application__{k}": v for k, v in place.items()}
    )
    people = assumed.people or decided.values("proposed_by").distinct().count() or 1
    times = measure_handling_minutes(place, today)
    by_day = assumed.by_day or today + timedelta(weeks=WEEKS)
    work = _Work(waiting, arriving, assumed.hours * 60, find_range(times))
    return Backlog(
        waiting,
        round(arriving, 2),
        round(decided.count() / days, 2),
        people,
        assumed.hours,
        len(times),
        work.minutes,
        work.find_clearing_days(people, today),
        by_day,
        work.count_people_needed(today, by_day),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What waits and comes, and what one person has of a day (in minutes) for it."""

    waiting: int
    arriving: float
    minutes_a_day: float
    minutes: tuple[float, float, float] | None

    def find_clearing_days(self, people: int, today: date) -> tuple[date | None, date | None]:
        """At the time of a quick case (a quarter are quicker), and at that of a slow one."""
        if self.minutes is None:
            return None, None
        low, _, high = self.minutes
        return self._find_day(people, low, today), self._find_day(people, high, today)

    def _find_day(self, people: int, minutes: float, today: date) -> date | None:
        if not self.waiting:
            return today
        surplus = people * self.minutes_a_day / minutes - self.arriving
        if surplus <= 0:
            return None
        days = ceil(self.waiting / surplus)
        return working_calendar().add_working_days(today, days) if days <= HORIZON else None

    def count_people_needed(self, today: date, by_day: date) -> tuple[int, int] | None:
        """At the time of a quick case and at that of a slow one."""
        if self.minutes is None:
            return None
        days = max(working_calendar().count_working_days(today, by_day), 1)
        cases_a_day = self.arriving + self.waiting / days
        low, _, high = self.minutes
        least, most = (ceil(cases_a_day * m / self.minutes_a_day) for m in (low, high))
        return least, most


def count_decisions_by_day(desk: Desk, today: date) -> list[tuple[date, int]]:
    """Decisions signed on each day of the last four weeks."""
    place: dict[str, Any] = {"application__city": desk.city}
    if desk.district:
        place["application__district"] = desk.district
    rows = Decision.objects.filter(signed_at__date__gt=today - timedelta(weeks=WEEKS), **place)
    counted = rows.annotate(day=TruncDate("signed_at")).values("day").annotate(n=Count("id"))
    return [(row["day"], row["n"]) for row in counted.order_by("day")]
