"""Endorsement without an application: owners and registered tenants, before they think of it.

Permits are taken some hundred at a time, each batch in one transaction with its entries in the log;
a batch that is cut off leaves nothing behind, and no end of a permit can be moved twice.
"""

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from jifen.office.audit.actions import SYSTEM, record_many
from jifen.office.registry.actions.permits import find_next_check_day, rules_for
from jifen.office.registry.models import Permit, PermitEvent
from jifen.permits import AutomaticEndorsement, check_automatic_endorsement
from jifen.permits.card import PermitCard

logger = logging.getLogger("jifen.registry")
BATCH_SIZE = 200
CHANGED_COLUMNS = ("anchor", "years", "valid_until", "look_on")


def endorse_due_permits(on: date, progress: Callable[[int], None] | None = None) -> int:
    """Endorse, or refuse with the reason, every permit whose day has come; how many were looked
    at. After days without a worker it catches up: the endorsement is then made as of the last day
    of validity, as the delay was not the holder's. One that fails stops no other."""
    done, failed = 0, set[int]()
    while tried := _endorse_batch(on, failed):
        done += tried
        if progress:
            progress(done)
    return done - len(failed)


def _endorse_batch(on: date, failed: set[int]) -> int:
    """How many were tried: together, or where that fails one by one, so that only what is wrong
    is left for another day."""
    rows = Permit.objects.filter(look_on__lte=on).exclude(pk__in=failed).order_by("look_on", "id")
    try:
        return _endorse_together(rows[:BATCH_SIZE], on)
    except Exception:
        logger.exception("permits could not be looked at together; one by one they are")
    keys = list(rows.values_list("pk", flat=True)[:BATCH_SIZE])
    return sum(_endorse_alone(key, on, failed) for key in keys)


def _endorse_alone(key: int, on: date, failed: set[int]) -> int:
    try:
        return _endorse_together(Permit.objects.filter(pk=key, look_on__lte=on), on)
    except Exception:
        logger.exception("permit %s could not be looked at", key)
        failed.add(key)
        return 1


def _endorse_together(rows: "QuerySet[Permit]", on: date) -> int:
    with transaction.atomic():
        due = list(rows.select_for_update(skip_locked=True))
        if not due:
            return 0
        events = [_endorse_or_refuse(permit, on) for permit in due]
        Permit.objects.bulk_update(due, CHANGED_COLUMNS)
        PermitEvent.objects.bulk_create(events)
        record_many([_make_log_entry(event) for event in events], actor=SYSTEM)
        return len(due)


def _endorse_or_refuse(permit: Permit, on: date) -> PermitEvent:
    rules = rules_for(permit.city, on)
    endorsement = check_automatic_endorsement(rules, permit.card, permit.home)
    old_end = permit.valid_until
    reason = _find_refusal_reason(endorsement, rules.grace_period_days, permit, on)
    if reason:
        permit.look_on = None
        return _make_event(permit, "not_automatic", on, old_end, reason)
    permit.apply_card(PermitCard(permit.issued_on, permit.anchor, permit.years + 1))
    permit.look_on = find_next_check_day(permit, on)
    return _make_event(permit, "endorsed", min(on, old_end), old_end, "automatic", made_on=str(on))


def _find_refusal_reason(
    endorsement: AutomaticEndorsement | None, grace: int, permit: Permit, on: date
) -> str:
    if endorsement is None:
        return "not_known"
    if (on - permit.valid_until).days > grace:
        return "too_late"
    return endorsement.reason


def _make_event(
    permit: Permit, kind: str, on: date, end: date, reason: str, **details: Any
) -> PermitEvent:
    return PermitEvent(
        permit=permit,
        kind=kind,
        on=on,
        anchor=permit.anchor,
        years=permit.years,
        valid_until=permit.valid_until,
        period_end=end,
        reason=reason,
        details=details,
    )


def _make_log_entry(event: PermitEvent) -> dict[str, Any]:
    return {
        "act": f"permit.{event.kind}",
        "subject": f"permit:{event.permit_id}",
        "city": event.permit.city,
        "details": {"reason": event.reason, "until": str(event.valid_until)},
    }
