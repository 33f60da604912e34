"""Reminders of points that end, corrections that are due, and of the school season."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

from jifen.facts.spelling import try_read_day
from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.assignees import list_open_rows
from jifen.office.casework.queries import is_renewal_filed
from jifen.office.messages.ledger import Telling, perhaps_again
from jifen.office.messages.plan.brackets import bracket, coming, next_lower
from jifen.office.messages.said import left
from jifen.office.waiting.models import Kind

SCHOOL_AGE = 6
SCHOOL_MONTHS = (1, 3)
"""Early enough before the registration of April and May."""
SOON = 3
LARGE = ("decision__facts", "decision__result", "decision__application__estimate")


def points_that_end(on: date, since: date | None) -> Iterator[Telling]:
    """To the person; employers have them in their digest."""
    again = Q(decision__application__in=perhaps_again("points_end", on).values("application"))
    near = coming("until", on, since) | (coming("until", on, None) & again)
    rows = list_running_periods().filter(near).defer(*LARGE)
    for period in rows.select_related("person__user", "decision__application"):
        if period.until is None or is_renewal_filed(period):
            continue
        days = (period.until - on).days
        within = bracket(days)
        yield Telling(
            event=f"points:{period.pk} end {period.until} {within}",
            kind="points_end",
            params={"until": str(period.until), "period": period.pk} | left(period.until, on),
            person=period.person,
            application=period.decision.application,
            stale_on=period.until - timedelta(days=next_lower(within)),
            spread=True,
        )


def corrections(on: date) -> Iterator[Telling]:
    """To the person and the employer, in the last days."""
    rows = list_open_rows().filter(kind=Kind.CORRECTION, due_on__gte=on)
    rows = rows.filter(due_on__lte=on + timedelta(days=SOON), application__isnull=False)
    for row in rows.select_related("application__person__user", "application__unit"):
        if row.application is None or row.due_on is None:
            continue
        yield Telling(
            event=f"correction:{row.item} due {row.due_on}",
            kind="correction_due",
            params={"number": row.application.number or "", "until": str(row.due_on)}
            | left(row.due_on, on),
            person=row.application.person,
            unit=row.application.unit,
            application=row.application,
            stale_on=row.due_on,
        )


def school(on: date, since: date | None) -> Iterator[Telling]:
    """In the first months of the year in which a child given with the case reaches school age; on
    the days on which everything is looked at (`since` None)."""
    if since is not None or not SCHOOL_MONTHS[0] <= on.month <= SCHOOL_MONTHS[1]:
        return
    rows = list_running_periods().filter(since__lte=on, until__gte=on).defer(*LARGE)
    rows = rows.exclude(decision__application__family=[])
    for period in rows.select_related("person__user", "decision__application"):
        family = period.decision.application.family
        children = [m for m in family if m.get("relation") == "child"]
        if any(reaches_school_age(m.get("born", ""), on.year) for m in children):
            yield Telling(
                event=f"school:{period.person_id} {on.year}",
                kind="school_age",
                params={"until": str(period.until), "period": period.pk},
                person=period.person,
                stale_on=date(on.year, 5, 31),
                spread=True,
            )


def reaches_school_age(born: str, year: int) -> bool:
    """Six years old by 31 August of the year."""
    birth = try_read_day(born)
    if birth is None:
        return False
    return date(year - SCHOOL_AGE - 1, 9, 1) <= birth <= date(year - SCHOOL_AGE, 8, 31)
