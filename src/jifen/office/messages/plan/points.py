"""Reminders of points that end, corrections that are due, and of the school season."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

from jifen.facts.spelling import try_read_day
from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.assignees import list_open_rows
from jifen.office.messages.ledger import PlannedMessage, list_revivable
from jifen.office.messages.parameters import describe_days_left
from jifen.office.messages.plan.brackets import filter_coming_ends, find_bracket, find_next_bracket
from jifen.office.waiting.models import WaitKind

SCHOOL_AGE = 6
SCHOOL_MONTHS = (1, 3)
"""Early enough before the registration of April and May."""
SOON_DAYS = 3
LARGE_FIELDS = ("decision__facts", "decision__result", "decision__application__estimate")


def plan_points_reminders(on: date, since: date | None) -> Iterator[PlannedMessage]:
    """To the person; employers have them in their digest."""
    revivable = Q(application__in=list_revivable("points_end", on).values("application"))
    near = filter_coming_ends("due_on", on, since) | (
        filter_coming_ends("due_on", on, None) & revivable
    )
    rows = list_open_rows().filter(near, kind=WaitKind.RENEWAL).defer("application__estimate")
    for waiting in rows.select_related("application__person__user"):
        if waiting.application is None or waiting.due_on is None:
            continue
        until = waiting.due_on
        within = find_bracket((until - on).days)
        yield PlannedMessage(
            event=f"{waiting.subject} end {until} {within}",
            kind="points_end",
            params={"until": str(until), "period": waiting.subject_id}
            | describe_days_left(until, on),
            person=waiting.application.person,
            application=waiting.application,
            stale_on=until - timedelta(days=find_next_bracket(within)),
            spread=True,
        )


def plan_correction_reminders(on: date) -> Iterator[PlannedMessage]:
    """To the person and the employer, in the last days."""
    rows = list_open_rows().filter(kind=WaitKind.CORRECTION, due_on__gte=on)
    rows = rows.filter(due_on__lte=on + timedelta(days=SOON_DAYS), application__isnull=False)
    for waiting in rows.select_related("application__person__user", "application__unit"):
        if waiting.application is None or waiting.due_on is None:
            continue
        yield PlannedMessage(
            event=f"correction:{waiting.item} due {waiting.due_on}",
            kind="correction_due",
            params={"number": waiting.application.number or "", "until": str(waiting.due_on)}
            | describe_days_left(waiting.due_on, on),
            person=waiting.application.person,
            unit=waiting.application.unit,
            application=waiting.application,
            stale_on=waiting.due_on,
        )


def plan_school_reminders(on: date, since: date | None) -> Iterator[PlannedMessage]:
    """In the first months of the year in which a child given with the case reaches school age; on
    the days on which everything is looked at (`since` None)."""
    if since is not None or not SCHOOL_MONTHS[0] <= on.month <= SCHOOL_MONTHS[1]:
        return
    rows = list_running_periods().filter(since__lte=on, until__gte=on).defer(*LARGE_FIELDS)
    rows = rows.exclude(decision__application__family=[])
    for period in rows.select_related("person__user", "decision__application"):
        family = period.decision.application.family
        children = [m for m in family if m.get("relation") == "child"]
        if any(reaches_school_age(m.get("born", ""), on.year) for m in children):
            yield PlannedMessage(
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
