"""When a backlog is cleared: people instead of a daily quota."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate

from jifen.office.casework.models import OPEN, Application, Decision, State
from jifen.office.casework.queries import Desk
from jifen.process.calendar import working_calendar

WEEKS = 4
HORIZON = 250
"""Working days beyond which no day is named."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rates are cases a working day, measured over the last four weeks. `people`: who signed
    or proposed decisions in that time, or as asked; `cleared_on` None: never at this rate."""

    waiting: int
    arriving: float
    deciding: float
    people: int
    cleared_on: date | None
    needed: int
    """How many people clear it within four weeks at today's pace of each."""


def measure_backlog(desk: Desk, today: date, people: int | None = None) -> Backlog:
    """The backlog of an office."""
    calendar = working_calendar()
    since = today - timedelta(weeks=WEEKS)
    days = max(calendar.count_working_days(since, today), 1)
    place: dict[str, Any] = {"city": desk.city}
    if desk.district:
        place["district"] = desk.district
    rows = Application.objects.filter(**place)
    waiting = rows.filter(state__in=[s for s in OPEN if s != State.DRAFT]).count()
    arriving = rows.filter(received_on__gt=since).count() / days
    decided = Decision.objects.filter(
        signed_at__date__gt=since, **{f"application__{k}": v for k, v in place.items()}
    )
    decided_per_day = decided.count() / days
    staff = decided.values("proposed_by").distinct().count() or 1
    pace = decided_per_day / staff
    people_now = people or staff
    rate = pace * people_now
    return Backlog(
        waiting,
        round(arriving, 2),
        round(rate, 2),
        people_now,
        _find_clearing_day(waiting, arriving, rate, today),
        _count_people_needed(waiting, arriving, pace, today),
    )


def _find_clearing_day(waiting: int, arriving: float, rate: float, today: date) -> date | None:
    if not waiting:
        return today
    if rate <= arriving:
        return None
    days = ceil(waiting / (rate - arriving))
    return working_calendar().add_working_days(today, days) if days <= HORIZON else None


def _count_people_needed(waiting: int, arriving: float, pace: float, today: date) -> int:
    """People for four weeks; 0 where nobody decided anything yet and no pace is known."""
    days = working_calendar().count_working_days(today, today + timedelta(weeks=WEEKS))
    return ceil((arriving + waiting / max(days, 1)) / pace) if pace else 0


def count_decisions_by_day(desk: Desk, today: date) -> list[tuple[date, int]]:
    """Decisions signed on each day of the last four weeks."""
    place: dict[str, Any] = {"application__city": desk.city}
    if desk.district:
        place["application__district"] = desk.district
    rows = Decision.objects.filter(signed_at__date__gt=today - timedelta(weeks=WEEKS), **place)
    counted = rows.annotate(day=TruncDate("signed_at")).values("day").annotate(n=Count("id"))
    return [(row["day"], row["n"]) for row in counted.order_by("day")]
