"""Papers that follow from what happened, read from the histories of cases and permits.

Casework knows nothing of papers. On PostgreSQL rows of the last minutes are read again: a
transaction that began earlier may become visible later. What was issued is there by its event and
is not issued twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from jifen.office.casework.models import Correction, Decision, Event
from jifen.office.notices.actions import issue
from jifen.office.notices.actions.revoke import revoke_of
from jifen.office.notices.models import Cursor
from jifen.office.registry.models import PermitEvent

SETTLED = timedelta(minutes=5)
BATCH = 50
"""So many events in one transaction: no longer, as the audit log waits for it."""


def follow_cases(now: datetime | None = None, most: int = 1_000) -> int:
    """Papers of what happened in cases; how many events were done with."""
    rows = Event.objects.filter(act__in=_ACTS).select_related("application__person")
    return _read("cases", rows, _of_case, now, most)


def follow_permits(now: datetime | None = None, most: int = 1_000) -> int:
    """Papers that end with a permit."""
    rows = PermitEvent.objects.filter(kind="cancelled").select_related("permit")
    return _read("permits", rows, _of_permit, now, most)


def _read(
    source: str,
    rows: "models.QuerySet[Any]",
    act: Callable[[Any], None],
    now: datetime | None,
    most: int,
) -> int:
    del now  # what happened, happened: it is followed up today, whatever day is being worked
    done = 0
    while done < most and (step := _batch(source, rows, act)):
        done += step
    return done


def _batch(source: str, rows: "models.QuerySet[Any]", act: Callable[[Any], None]) -> int:
    with transaction.atomic():
        Cursor.objects.get_or_create(pk=source)
        cursor = Cursor.objects.select_for_update().get(pk=source)
        found = list(rows.filter(pk__gt=cursor.last).order_by("pk")[:BATCH])
        for row in found:
            act(row)
        # SQLite has one writer: what is visible is all there is
        before = timezone.now() - (SETTLED if connection.vendor == "postgresql" else timedelta())
        settled = [row.pk for row in found if row.at <= before]
        if settled:
            Cursor.objects.filter(pk=source).update(last=max(settled))
        return len(settled)


def _of_case(event: Event) -> None:
    _ACTS[event.act](event)


def _received(event: Event) -> None:
    if event.application.number:
        issue.for_receipt(event.application)


def _correction(event: Event) -> None:
    rows = Correction.objects.filter(application=event.application_id)
    rows = rows.filter(asked_at__lte=event.at + timedelta(seconds=5)).order_by("-number")
    if row := rows.select_related("application__person", "application__unit").first():
        issue.for_correction(row)


def _decided(event: Event) -> None:
    """A decision, a renewal by itself, a recheck: what stands gets its paper, what stood before
    and no longer does is revoked."""
    rows = Decision.objects.filter(application=event.application_id, signed_at__isnull=False)
    standing = rows.filter(void_at__isnull=True, revoked_at__isnull=True)
    for decision in standing.select_related("application__person", "application__unit"):
        issue.for_decision(decision)
    _revoke(event)


def _false(event: Event) -> None:
    rows = Decision.objects.filter(application=event.application_id, revoked_at__isnull=False)
    for decision in rows.select_related("application__person", "application__unit"):
        issue.for_revocation(decision)
    _revoke(event)


def _revoke(event: Event) -> None:
    revoke_of(event.application.person_id, event.application.city)


_ACTS: dict[str, Callable[[Event], None]] = {
    "submitted": _received,
    "correction_asked": _correction,
    "decided": _decided,
    "renewed": _decided,
    "recheck_decided": _decided,
    "false_decided": _false,
}


def _of_permit(event: PermitEvent) -> None:
    revoke_of(event.permit.person_id, event.permit.city)
