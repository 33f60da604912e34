"""Messages about what happened, read from the histories of cases and permits, each row once."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from jifen.office.audit.settled import settled
from jifen.office.casework.models import (
    Application,
    Correction,
    Event,
    FalseRecord,
    PointsPeriod,
    Recheck,
)
from jifen.office.lists.models import Entry
from jifen.office.messages.ledger import Telling, enter
from jifen.office.messages.models import Cursor
from jifen.office.messages.said import in_both
from jifen.office.messages.words import LEGAL, group_of
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.models import PermitEvent, Unit
from jifen.permits import automatic, later_words
from jifen.policy.quantity import plain
from jifen.policy.text import Text
from jifen.scoring.result_status import describe_outcome
from jifen.scoring.result_status.outcome_texts import REFUSALS

STALE = timedelta(days=14)
BOTH = ("person", "unit")
TOLD: dict[str, tuple[str, ...]] = {
    "submitted": ("person",),
    "correction_asked": BOTH,
    "correction_missed": BOTH,
    "lapsed": BOTH,
    "lapse_reversed": BOTH,
    "decided": ("person",),
    "renewed": ("person",),
    "withdrawn": ("person",),
    "employer_named": ("employer",),
    "renewal_waits": BOTH,
    "employer_changed": ("employer",),
    "expedite_asked": ("person",),
    "expedite_decided": BOTH,
    "recheck_asked": ("person",),
    "recheck_decided": ("person",),
    "false_found": ("person",),
    "false_answered": ("person",),
    "false_decided": ("person",),
    "list_publish": ("person",),
    "list_objected": ("person",),
    "list_notify": ("person",),
    "list_forfeit": ("person",),
    "list_lapse": ("person",),
    "list_remove": ("person",),
}
"""Acts of a case that are told, and to whom; decisions reach an employer in its daily digest."""


def tell_cases(now: datetime | None = None, most: int = 500) -> int:
    """Messages for what happened in cases."""
    rows = Event.objects.filter(act__in=TOLD).select_related(
        "application__person__user", "application__unit"
    )
    return _read("cases", rows, _of_case, now or timezone.now(), most)


def tell_permits(now: datetime | None = None, most: int = 500) -> int:
    """Messages for what was done to permits."""
    rows = PermitEvent.objects.filter(kind__in=_KINDS)
    rows = rows.select_related("permit__person__user")
    return _read("permits", rows, _of_permit, now or timezone.now(), most)


def _read(
    source: str,
    rows: "models.QuerySet[Any]",
    telling: Callable[[Any, datetime], Iterator[Telling]],
    now: datetime,
    most: int,
) -> int:
    Cursor.objects.get_or_create(pk=source)
    if not rows.filter(pk__gt=Cursor.objects.get(pk=source).last).exists():
        return 0
    until = settled(rows.model)
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(pk=source)
        found = list(rows.filter(pk__gt=cursor.last, pk__lte=until).order_by("pk")[:most])
        enter([one for row in found for one in telling(row, now)], now)
        if found:
            Cursor.objects.filter(pk=source).update(last=found[-1].pk)
        return len(found)


def _of_case(event: Event, now: datetime) -> Iterator[Telling]:
    application = event.application
    if event.act == "submitted" and application.due_on is None:
        return  # decided at once: the result is told, and nobody waits
    own = event.by_id == application.person.user_id
    if event.act == "withdrawn" and (own or application.submitted_at is None):
        return  # by the person's own hand, or nothing was filed yet
    params: dict[str, Any] = {"number": application.number or ""}
    if more := _MORE.get(event.act):
        params |= more(event)
    whom = TOLD[event.act]
    yield Telling(
        event=f"case:{event.pk}",
        kind=event.act,
        params=params,
        person=application.person if "person" in whom else None,
        unit=application.unit if "unit" in whom else _new_employer(event, whom),
        application=application,
        stale_on=_stale(event.act, timezone.localtime(event.at).date()),
    )


def _new_employer(event: Event, whom: tuple[str, ...]) -> Unit | None:
    details = event.words.get("details", {})
    named = details.get("unit", details.get("to"))
    return Unit.objects.filter(pk=named).first() if "employer" in whom else None


def _correction(event: Event) -> dict[str, Any]:
    row = Correction.objects.filter(application=event.application_id).order_by("-number").first()
    return {"until": str(row.due_on) if row else ""}


def _due(event: Event) -> dict[str, Any]:
    return {"due_on": str(event.application.due_on or "")}


def _points(event: Event) -> dict[str, Any]:
    row = PointsPeriod.objects.filter(decision__application=event.application_id).last()
    return {"until": str(row.until) if row else "", "points": in_both(_total(event.application))}


def _total(renewed: Application) -> Text:
    """The points that were given, beside those of the year before where they differ."""
    made = renewed.decisions.filter(void_at__isnull=True).order_by("number").last()
    if made and made.outcome in REFUSALS:
        return describe_outcome(made.outcome)
    now, last = made.total if made else Decimal(), renewed.renews
    after = plain(now.normalize())
    if last is None or last.total == now:
        return Text(f"积分 {after} 分，与上期相同", f"{after} points, as before")
    before = plain(last.total.normalize())
    return Text(f"积分由 {before} 分变为 {after} 分", f"{after} points ({before} before)")


def _hearing(event: Event) -> dict[str, Any]:
    row = FalseRecord.objects.filter(application=event.application_id).last()
    return {"until": str(row.hearing_until) if row else ""}


def _recheck(event: Event) -> dict[str, Any]:
    row = Recheck.objects.filter(application=event.application_id).last()
    return {"until": str(row.due_on) if row else ""}


def _lane(event: Event) -> dict[str, Any]:
    if not event.words.get("details", {}).get("approved"):
        said = Text("没有批准，按普通件办理", "it was declined, the case goes on as before")
        return {"outcome": in_both(said)}
    due = event.application.due_on or ""
    zh, en = f"已批准，办理期限 {due}", f"it was approved, the case is due {due}"
    return {"outcome": in_both(Text(zh, en))}


def _renewed_from(event: Event) -> dict[str, Any]:
    last = event.application.renews
    return {"last": (last.application.number or "") if last else ""}


def _listed(event: Event) -> dict[str, Any]:
    """Until when a list is public, until when to settle."""
    row = Entry.objects.filter(decision__application=event.application_id).last()
    public, settle = (row.public_until, row.settle_by) if row else (None, None)
    return {"until": str(public or ""), "settle_by": str(settle or "")}


_MORE: dict[str, Callable[[Event], dict[str, Any]]] = {
    "submitted": _due,
    "correction_asked": _correction,
    "lapse_reversed": _correction,
    "expedite_decided": _lane,
    "recheck_asked": _recheck,
    "renewed": _points,
    "false_found": _hearing,
    "renewal_waits": _renewed_from,
    **dict.fromkeys([act for act in TOLD if act.startswith("list_")], _listed),
}


def _of_permit(event: PermitEvent, now: datetime) -> Iterator[Telling]:
    del now
    kind, params = _KINDS[event.kind](event)
    yield Telling(
        event=f"permit:{event.permit_id} {event.kind} {event.pk}",
        kind=kind,
        params=params,
        person=event.permit.person,
        permit=event.permit,
        stale_on=_stale(kind, event.on),
        spread=True,
    )


def _stale(kind: str, happened: date) -> date | None:
    """The last day on which it is news; what the law requires to be told stays due."""
    return None if group_of(kind) == LEGAL else happened + STALE


_Words = tuple[str, dict[str, Any]]


def _endorsed(event: PermitEvent) -> _Words:
    by_itself = event.reason == "automatic"
    kind = "permit_endorsed" if by_itself else "permit_endorsed_by"
    return kind, {"until": str(event.valid_until)}


def _not_automatic(event: PermitEvent) -> _Words:
    """Found late it has the same reason, and days to make it up; 'missed' is the system's own
    fault only."""
    permit, until, params = event.permit, event.valid_until, {"until": str(event.valid_until)}
    if event.reason == "too_late":
        return "permit_missed", params
    rules = rules_for(permit.city, event.on)
    found = automatic(rules, permit.card, permit.home)
    told = params | {"reason": in_both(found.words if found else Text("", ""))}
    if event.on <= until:
        return "permit_not_automatic", told
    grace = until + timedelta(days=rules.made_up_days)
    return "permit_refused_late", told | {
        "grace": str(grace),
        "later": in_both(later_words(rules)),
    }


def _cancelled(event: PermitEvent) -> _Words:
    return "permit_cancelled", {"on": str(event.on)}


_KINDS: dict[str, Callable[[PermitEvent], _Words]] = {
    "endorsed": _endorsed,
    "restored": _endorsed,
    "not_automatic": _not_automatic,
    "cancelled": _cancelled,
}
