"""Messages about events of cases and permits, each event once."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from jifen.office.audit.settled_rows import find_last_settled_id
from jifen.office.casework.actions.hearings import LETTER, find_hearing_end
from jifen.office.casework.case_policy import label_item
from jifen.office.casework.models import (
    Application,
    Correction,
    Event,
    FalseRecord,
    PointsPeriod,
    Recheck,
)
from jifen.office.lists.models import Entry
from jifen.office.messages.ledger import PlannedMessage, enter_messages
from jifen.office.messages.models import Cursor
from jifen.office.messages.parameters import to_both_languages
from jifen.office.messages.templates import LEGAL, get_group
from jifen.office.messages.words import say
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.models import PermitEvent, Unit
from jifen.permits import check_automatic_endorsement, describe_late_endorsement
from jifen.policy.quantity import format_number
from jifen.policy.text import Text
from jifen.scoring.result_status import describe_outcome
from jifen.scoring.result_status.outcome_texts import REFUSALS

STALE = timedelta(days=14)
PERSON_AND_UNIT = ("person", "unit")
RECIPIENTS_OF_ACT: dict[str, tuple[str, ...]] = {
    "submitted": ("person",),
    "correction_asked": PERSON_AND_UNIT,
    "correction_missed": PERSON_AND_UNIT,
    "lapsed": PERSON_AND_UNIT,
    "lapse_reversed": PERSON_AND_UNIT,
    "decided": ("person",),
    "renewed": ("person",),
    "withdrawn": ("person",),
    "employer_named": ("employer",),
    "renewal_waits": PERSON_AND_UNIT,
    "employer_changed": ("employer",),
    "item_asked": PERSON_AND_UNIT,
    "expedite_asked": ("person",),
    "expedite_decided": PERSON_AND_UNIT,
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
"""Who gets a message about an act of a case; an employer reads of decisions in its daily digest."""


def plan_for_case_events(now: datetime | None = None, most: int = 500) -> int:
    """Enter messages for new events of cases. Returns how many events."""
    rows = Event.objects.filter(act__in=RECIPIENTS_OF_ACT).select_related(
        "application__person__user", "application__unit"
    )
    return _plan_new_events("cases", rows, _plan_case_event, now or timezone.now(), most)


def plan_for_permit_events(now: datetime | None = None, most: int = 500) -> int:
    """Enter messages for new events of permits. Returns how many events."""
    rows = PermitEvent.objects.filter(kind__in=_DESCRIBE_PERMIT_EVENT)
    rows = rows.select_related("permit__person__user")
    return _plan_new_events("permits", rows, _plan_permit_event, now or timezone.now(), most)


def _plan_new_events(
    source: str,
    rows: "models.QuerySet[Any]",
    plan_event: Callable[[Any, datetime], Iterator[PlannedMessage]],
    now: datetime,
    most: int,
) -> int:
    Cursor.objects.get_or_create(pk=source)
    if not rows.filter(pk__gt=Cursor.objects.get(pk=source).last).exists():
        return 0
    until = find_last_settled_id(rows.model)
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(pk=source)
        events = list(rows.filter(pk__gt=cursor.last, pk__lte=until).order_by("pk")[:most])
        enter_messages([planned for event in events for planned in plan_event(event, now)], now)
        if events:
            Cursor.objects.filter(pk=source).update(last=events[-1].pk)
        return len(events)


def _plan_case_event(event: Event, now: datetime) -> Iterator[PlannedMessage]:
    application = event.application
    if event.act == "submitted" and application.due_on is None:
        return  # decided at once: the message about the result is enough
    own = event.by_id == application.person.user_id
    if event.act == "withdrawn" and (own or application.submitted_at is None):
        return  # withdrawn by the person, or nothing was filed yet
    params: dict[str, Any] = {"number": application.number or ""}
    if extra_params := _PARAMS_OF_ACT.get(event.act):
        params |= extra_params(event)
    if event.act == "false_found":
        params |= _describe_hearing(event, now)
    recipients = RECIPIENTS_OF_ACT[event.act]
    yield PlannedMessage(
        event=f"case:{event.pk}",
        kind=event.act,
        params=params,
        person=application.person if "person" in recipients else None,
        unit=application.unit if "unit" in recipients else _find_new_employer(event, recipients),
        application=application,
        stale_on=_find_last_useful_day(event.act, timezone.localtime(event.at).date()),
    )


def _find_new_employer(event: Event, recipients: tuple[str, ...]) -> Unit | None:
    details = event.words.get("details", {})
    unit_id = details.get("unit", details.get("to"))
    return Unit.objects.filter(pk=unit_id).first() if "employer" in recipients else None


def _describe_correction(event: Event) -> dict[str, Any]:
    correction = (
        Correction.objects.filter(application=event.application_id).order_by("-number").first()
    )
    return {"until": str(correction.due_on) if correction else ""}


def _describe_due_day(event: Event) -> dict[str, Any]:
    return {"due_on": str(event.application.due_on or "")}


def _describe_item(event: Event) -> dict[str, Any]:
    """The fact or document that the office writes about."""
    kind, _, key = str(event.words.get("details", {}).get("item", "")).partition(":")
    return {"item": to_both_languages(label_item(event.application, kind, key))}


def _describe_points(event: Event) -> dict[str, Any]:
    period = PointsPeriod.objects.filter(decision__application=event.application_id).last()
    return {
        "until": str(period.until) if period else "",
        "points": to_both_languages(_compare_totals(event.application)),
    }


def _compare_totals(renewed: Application) -> Text:
    """The points of a renewal, and those of the year before where they differ."""
    decision = renewed.decisions.filter(void_at__isnull=True).order_by("number").last()
    if decision and decision.outcome in REFUSALS:
        return describe_outcome(decision.outcome)
    now, previous = decision.total if decision else Decimal(), renewed.renews
    after = format_number(now.normalize())
    if previous is None or previous.total == now:
        return say("plan.events.points_as_before", after=after)
    before = format_number(previous.total.normalize())
    return say("plan.events.points_before", before=before, after=after)


def _describe_hearing(event: Event, now: datetime) -> dict[str, Any]:
    """Until when the person may answer: of somebody with an account the days run from this message,
    of somebody without one from the delivery of a letter."""
    record_id = event.words.get("details", {}).get("record")
    rows = FalseRecord.objects.filter(application=event.application_id)
    record = rows.filter(pk=record_id).first() if record_id else rows.last()
    if record is None or record.told_by == LETTER:
        return {"when": to_both_languages(_BY_LETTER)}
    told_on = record.told_on or timezone.localtime(now).date()
    until = find_hearing_end(event.application, told_on)
    words = say("plan.events.sign_in_and_answer_until", until=until)
    return {"when": to_both_languages(words)}


_BY_LETTER = say("plan.events.by_letter")


def _describe_recheck(event: Event) -> dict[str, Any]:
    recheck = Recheck.objects.filter(application=event.application_id).last()
    return {"until": str(recheck.due_on) if recheck else ""}


def _describe_expedited_decision(event: Event) -> dict[str, Any]:
    if not event.words.get("details", {}).get("approved"):
        declined = say("plan.events.it_was_declined_the_case")
        return {"outcome": to_both_languages(declined)}
    due = event.application.due_on or ""
    words = say("plan.events.it_was_approved_the_case", due=due)
    return {"outcome": to_both_languages(words)}


def _describe_renewed_case(event: Event) -> dict[str, Any]:
    last = event.application.renews
    return {"last": (last.application.number or "") if last else ""}


def _describe_list_entry(event: Event) -> dict[str, Any]:
    """Until when a list is public, until when to settle."""
    entry = Entry.objects.filter(decision__application=event.application_id).last()
    public, settle = (entry.public_until, entry.settle_by) if entry else (None, None)
    return {"until": str(public or ""), "settle_by": str(settle or "")}


_PARAMS_OF_ACT: dict[str, Callable[[Event], dict[str, Any]]] = {
    "submitted": _describe_due_day,
    "correction_asked": _describe_correction,
    "lapse_reversed": _describe_correction,
    "item_asked": _describe_item,
    "expedite_decided": _describe_expedited_decision,
    "recheck_asked": _describe_recheck,
    "renewed": _describe_points,
    "renewal_waits": _describe_renewed_case,
    **dict.fromkeys(
        [act for act in RECIPIENTS_OF_ACT if act.startswith("list_")], _describe_list_entry
    ),
}


def _plan_permit_event(event: PermitEvent, now: datetime) -> Iterator[PlannedMessage]:
    del now
    kind, params = _DESCRIBE_PERMIT_EVENT[event.kind](event)
    yield PlannedMessage(
        event=f"permit:{event.permit_id} {event.kind} {event.pk}",
        kind=kind,
        params=params,
        person=event.permit.person,
        permit=event.permit,
        stale_on=_find_last_useful_day(kind, event.on),
        spread=True,
    )


def _find_last_useful_day(kind: str, event_day: date) -> date | None:
    """The last day on which it is worth sending; None for messages that the law requires."""
    return None if get_group(kind) == LEGAL else event_day + STALE


_KindAndParams = tuple[str, dict[str, Any]]


def _describe_endorsement(event: PermitEvent) -> _KindAndParams:
    is_automatic = event.reason == "automatic"
    kind = "permit_endorsed" if is_automatic else "permit_endorsed_by"
    return kind, {"until": str(event.valid_until)}


def _describe_refused_endorsement(event: PermitEvent) -> _KindAndParams:
    """A refusal found after the end of the permit has the same reason and a grace period; 'missed'
    means that the system itself was late."""
    permit, until, params = event.permit, event.valid_until, {"until": str(event.valid_until)}
    if event.reason == "too_late":
        return "permit_missed", params
    rules = rules_for(permit.city, event.on)
    decision = check_automatic_endorsement(rules, permit.card, permit.home)
    refusal_params = params | {
        "reason": to_both_languages(decision.words if decision else Text("", ""))
    }
    if event.on <= until:
        return "permit_not_automatic", refusal_params
    grace = until + timedelta(days=rules.grace_period_days)
    return "permit_refused_late", refusal_params | {
        "grace": str(grace),
        "later": to_both_languages(describe_late_endorsement(rules)),
    }


def _describe_cancellation(event: PermitEvent) -> _KindAndParams:
    return "permit_cancelled", {"on": str(event.on)}


_DESCRIBE_PERMIT_EVENT: dict[str, Callable[[PermitEvent], _KindAndParams]] = {
    "endorsed": _describe_endorsement,
    "restored": _describe_endorsement,
    "not_automatic": _describe_refused_endorsement,
    "cancelled": _describe_cancellation,
}
