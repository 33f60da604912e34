"""Papers that follow from what happened, read from the histories of cases and permits.

Casework knows nothing of papers. The cursor stops before an event that failed; those after it are
done all the same, and this process passes over them. What was issued is there by its event and is
not issued twice, whoever looks.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.db import DatabaseError, models, transaction

from jifen.office.audit.settled import settled
from jifen.office.casework.models import Correction, Decision, Event
from jifen.office.notices.actions import issue
from jifen.office.notices.actions.revoke import revoke_of
from jifen.office.notices.models import Cursor
from jifen.office.registry.models import PermitEvent

logger = logging.getLogger("jifen.notices")
AGAIN = 300
"""Seconds until what failed is tried again; `jifen check` tells of it after an hour."""
BATCH, MOST_READ = 20, 20_000
"""Events in one transaction (no more, as the audit log waits for it), and looked at together."""


def follow_cases(now: datetime | None = None, most: int = 1_000) -> int:
    """Papers of what happened in cases; how many events were done with."""
    rows = Event.objects.filter(act__in=_ACTS).select_related("application__person")
    del now  # what happened, happened: it is followed up today, whatever day is worked
    return _read("cases", rows, _of_case, most)


def follow_permits(now: datetime | None = None, most: int = 1_000) -> int:
    """Papers that end with a permit."""
    rows = PermitEvent.objects.filter(kind="cancelled").select_related("permit")
    del now
    return _read("permits", rows, _of_permit, most)


def _read(source: str, rows: "models.QuerySet[Any]", act: Callable[[Any], None], most: int) -> int:
    cursor, _ = Cursor.objects.get_or_create(pk=source)
    done = _DONE.setdefault(source, set())
    after = rows.filter(pk__gt=cursor.last).order_by("pk")
    if not after.exists():
        return 0
    known = after.filter(pk__lte=settled(rows.model))
    found = list(known.values_list("pk", flat=True)[:MOST_READ])
    fresh = [pk for pk in found if pk not in done and _may_try(source, pk)][:most]
    count = 0
    for start in range(0, len(fresh), BATCH):
        part = rows.filter(pk__in=fresh[start : start + BATCH]).order_by("pk")
        acted = _act(source, part, act)
        done.update(acted)
        count += len(acted)
    _move(source, list(takewhile(done.__contains__, found)))
    return count


_DONE: dict[str, set[int]] = {}
"""What this process did and the cursor has not passed yet."""
_FAILED: dict[tuple[str, int], float] = {}
"""What failed in this process, and when it may be tried again."""


def _may_try(source: str, pk: int) -> bool:
    return _FAILED.get((source, pk), 0) <= time.monotonic()


def _act(source: str, rows: "models.QuerySet[Any]", act: Callable[[Any], None]) -> list[int]:
    """Those that were done; one that fails does not hold up the others."""
    acted = []
    with transaction.atomic():
        # one worker at a time: two would wait for each other at every series
        Cursor.objects.select_for_update().get(pk=source)
        for row in rows:
            try:
                with transaction.atomic():
                    act(row)
            except DatabaseError:
                raise
            except Exception:
                logger.exception("papers of %s %s", source, row.pk)
                _FAILED[source, row.pk] = time.monotonic() + AGAIN
            else:
                acted.append(row.pk)
    return acted


def _move(source: str, done: list[int]) -> None:
    if done:
        Cursor.objects.filter(pk=source, last__lt=done[-1]).update(last=done[-1])
        _DONE[source] = {pk for pk in _DONE[source] if pk > done[-1]}


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
