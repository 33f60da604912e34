"""Messages about what happened, read from the histories of cases and permits.

On PostgreSQL rows of the last minutes are read again: a transaction that began earlier may become
visible later. What was told already is there by its key and is not told twice.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from jifen.office.casework.models import Correction, Event, FalseRecord, PointsPeriod
from jifen.office.lists.models import Entry
from jifen.office.messages.ledger import Telling, enter
from jifen.office.messages.models import Cursor
from jifen.office.registry.models import PermitEvent
from jifen.permits import automatic, rules_on

SETTLED = timedelta(minutes=5)
STALE = timedelta(days=14)
BOTH = ("person", "unit")
TOLD: dict[str, tuple[str, ...]] = {
    "submitted": ("person",),
    "correction_asked": BOTH,
    "lapsed": BOTH,
    "decided": BOTH,
    "renewed": BOTH,
    "renewal_waits": BOTH,
    "recheck_decided": ("person",),
    "false_found": ("person",),
    "list_publish": ("person",),
    "list_objected": ("person",),
    "list_notify": ("person",),
    "list_forfeit": ("person",),
    "list_lapse": ("person",),
    "list_remove": ("person",),
}
"""Acts of a case that are told, and to whom."""


def tell_cases(now: datetime | None = None, most: int = 500) -> int:
    """Messages for what happened in cases."""
    rows = Event.objects.filter(act__in=TOLD).select_related(
        "application__person__user", "application__unit"
    )
    return _read("cases", rows, _of_case, now or timezone.now(), most)


def tell_permits(now: datetime | None = None, most: int = 500) -> int:
    """Messages for what was done to permits."""
    rows = PermitEvent.objects.filter(kind__in=("endorsed", "restored", "not_automatic"))
    rows = rows.select_related("permit__person__user")
    return _read("permits", rows, _of_permit, now or timezone.now(), most)


def _read(
    source: str,
    rows: "models.QuerySet[Any]",
    telling: Callable[[Any, datetime], Iterator[Telling]],
    now: datetime,
    most: int,
) -> int:
    with transaction.atomic():
        Cursor.objects.get_or_create(pk=source)
        cursor = Cursor.objects.select_for_update().get(pk=source)
        found = list(rows.filter(pk__gt=cursor.last).order_by("pk")[:most])
        if not found:
            return 0
        enter([one for row in found for one in telling(row, now)], now)
        # SQLite has one writer: what is visible is all there is
        before = timezone.now() - (SETTLED if connection.vendor == "postgresql" else timedelta())
        settled = [row.pk for row in found if row.at <= before]
        if settled:
            Cursor.objects.filter(pk=source).update(last=max(settled))
        return len(settled)


def _of_case(event: Event, now: datetime) -> Iterator[Telling]:
    application = event.application
    params: dict[str, Any] = {"number": application.number or ""}
    if more := _MORE.get(event.act):
        params |= more(event)
    whom = TOLD[event.act]
    yield Telling(
        event=f"case:{event.pk}",
        kind=event.act,
        params=params,
        person=application.person if "person" in whom else None,
        unit=application.unit if "unit" in whom else None,
        application=application,
        stale_on=timezone.localtime(now).date() + STALE,
    )


def _correction(event: Event) -> dict[str, Any]:
    row = Correction.objects.filter(application=event.application_id).order_by("-number").first()
    return {"until": str(row.due_on) if row else ""}


def _due(event: Event) -> dict[str, Any]:
    return {"due_on": str(event.application.due_on or "")}


def _points(event: Event) -> dict[str, Any]:
    row = PointsPeriod.objects.filter(decision__application=event.application_id).last()
    return {"until": str(row.until) if row else ""}


def _hearing(event: Event) -> dict[str, Any]:
    row = FalseRecord.objects.filter(application=event.application_id).last()
    return {"until": str(row.hearing_until) if row else ""}


def _listed(event: Event) -> dict[str, Any]:
    """Until when a list is public, until when to settle."""
    row = Entry.objects.filter(decision__application=event.application_id).last()
    public, settle = (row.public_until, row.settle_by) if row else (None, None)
    return {"until": str(public or ""), "settle_by": str(settle or "")}


_MORE: dict[str, Callable[[Event], dict[str, Any]]] = {
    "submitted": _due,
    "correction_asked": _correction,
    "renewed": _points,
    "false_found": _hearing,
    **dict.fromkeys([act for act in TOLD if act.startswith("list_")], _listed),
}


def _of_permit(event: PermitEvent, now: datetime) -> Iterator[Telling]:
    permit = event.permit
    params: dict[str, Any] = {"until": str(event.valid_until)}
    kind = "permit_endorsed" if event.reason == "automatic" else "permit_endorsed_by"
    if event.kind == "not_automatic":
        kind = "permit_not_automatic"
        found = automatic(rules_on(permit.city, event.on), permit.card, permit.home)
        words = found.words if found else None
        params["reason"] = {"zh": words.zh, "en": words.en} if words else ""
    yield Telling(
        event=f"permit:{event.permit_id} {event.kind} {event.pk}",
        kind=kind,
        params=params,
        person=permit.person,
        permit=permit,
        stale_on=timezone.localtime(now).date() + STALE,
        spread=True,
    )
