"""Notices that follow from the events of cases and permits.

Casework does not import this package, so its events are read here. The cursor of a source stops
before an event that failed; later events are handled all the same, and this process remembers them.
A notice names its event and is therefore issued once, whichever process handles the event.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.db import DatabaseError, models, transaction

from jifen.office.audit.settled_rows import find_last_settled_id
from jifen.office.casework.models import Correction, Decision, Event
from jifen.office.notices.actions import issuance
from jifen.office.notices.actions.revocation import revoke_for_person
from jifen.office.notices.models import Cursor
from jifen.office.registry.models import PermitEvent

logger = logging.getLogger("jifen.notices")
RETRY_SECONDS = 300
"""Seconds until what failed is tried again; `jifen check` tells of it after an hour."""
BATCH, MOST_READ = 20, 20_000
"""Events in one transaction (no more, as the audit log waits for it), and looked at together."""


def issue_for_case_events(now: datetime | None = None, most: int = 1_000) -> int:
    """Issue and revoke the notices for new events of cases. Returns how many events."""
    rows = Event.objects.filter(act__in=_HANDLERS).select_related("application__person")
    del now  # events are handled as of today, also when a worker runs as of another day
    return _handle_new_events("cases", rows, _handle_case_event, most)


def revoke_for_permit_events(now: datetime | None = None, most: int = 1_000) -> int:
    """Revoke the notices of people whose permit was cancelled. Returns how many events."""
    rows = PermitEvent.objects.filter(kind="cancelled").select_related("permit")
    del now
    return _handle_new_events("permits", rows, _handle_permit_event, most)


def _handle_new_events(
    source: str, rows: "models.QuerySet[Any]", handle_event: Callable[[Any], None], most: int
) -> int:
    cursor, _ = Cursor.objects.get_or_create(pk=source)
    handled = _HANDLED.setdefault(source, set())
    new_events = rows.filter(pk__gt=cursor.last).order_by("pk")
    if not new_events.exists():
        return 0
    settled_events = new_events.filter(pk__lte=find_last_settled_id(rows.model))
    settled_ids = list(settled_events.values_list("pk", flat=True)[:MOST_READ])
    fresh = [pk for pk in settled_ids if pk not in handled and _may_try(source, pk)][:most]
    count = 0
    for start in range(0, len(fresh), BATCH):
        batch = rows.filter(pk__in=fresh[start : start + BATCH]).order_by("pk")
        handled_now = _handle_batch(source, batch, handle_event)
        handled.update(handled_now)
        count += len(handled_now)
    _advance_cursor(source, list(takewhile(handled.__contains__, settled_ids)))
    return count


_HANDLED: dict[str, set[int]] = {}
"""Ids of events that this process handled and the cursor has not passed yet, by source."""
_RETRY_AT: dict[tuple[str, int], float] = {}
"""Events that failed in this process, with the monotonic time from which they are tried again."""


def _may_try(source: str, pk: int) -> bool:
    return _RETRY_AT.get((source, pk), 0) <= time.monotonic()


def _handle_batch(
    source: str, events: "models.QuerySet[Any]", handle_event: Callable[[Any], None]
) -> list[int]:
    """The ids of the events that were handled; one that fails does not stop the others."""
    handled = []
    with transaction.atomic():
        # one worker at a time: two would wait for each other at every series
        Cursor.objects.select_for_update().get(pk=source)
        for event in events:
            try:
                with transaction.atomic():
                    handle_event(event)
            except DatabaseError:
                raise
            except Exception:
                logger.exception("papers of %s %s", source, event.pk)
                _RETRY_AT[source, event.pk] = time.monotonic() + RETRY_SECONDS
            else:
                handled.append(event.pk)
    return handled


def _advance_cursor(source: str, handled: list[int]) -> None:
    if handled:
        Cursor.objects.filter(pk=source, last__lt=handled[-1]).update(last=handled[-1])
        _HANDLED[source] = {pk for pk in _HANDLED[source] if pk > handled[-1]}


def _handle_case_event(event: Event) -> None:
    _HANDLERS[event.act](event)


def _issue_receipt(event: Event) -> None:
    if event.application.number:
        issuance.issue_receipt(event.application)


def _issue_correction(event: Event) -> None:
    rows = Correction.objects.filter(application=event.application_id)
    rows = rows.filter(asked_at__lte=event.at + timedelta(seconds=5)).order_by("-number")
    if correction := rows.select_related("application__person", "application__unit").first():
        issuance.issue_correction(correction)


def _issue_for_decisions(event: Event) -> None:
    """After a decision, an automatic renewal or a recheck: each valid decision gets its notice,
    and notices of decisions that are no longer valid are revoked."""
    rows = Decision.objects.filter(application=event.application_id, signed_at__isnull=False)
    standing = rows.filter(void_at__isnull=True, revoked_at__isnull=True)
    for decision in standing.select_related("application__person", "application__unit"):
        issuance.issue_for_decision(decision)
    _revoke_for_case(event)


def _issue_for_revocations(event: Event) -> None:
    rows = Decision.objects.filter(application=event.application_id, revoked_at__isnull=False)
    for decision in rows.select_related("application__person", "application__unit"):
        issuance.issue_revocation(decision)
    _revoke_for_case(event)


def _revoke_for_case(event: Event) -> None:
    revoke_for_person(event.application.person_id, event.application.city)


_HANDLERS: dict[str, Callable[[Event], None]] = {
    "submitted": _issue_receipt,
    "correction_asked": _issue_correction,
    "decided": _issue_for_decisions,
    "renewed": _issue_for_decisions,
    "recheck_decided": _issue_for_decisions,
    "false_decided": _issue_for_revocations,
}


def _handle_permit_event(event: PermitEvent) -> None:
    revoke_for_person(event.permit.person_id, event.permit.city)
