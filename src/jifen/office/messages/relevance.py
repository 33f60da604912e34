"""Whether what a message says is still true at the moment of sending."""

from collections.abc import Callable
from datetime import date

from django.db.models import Q, QuerySet

from jifen.office.casework.assignees import list_open_rows
from jifen.office.messages.models import Message
from jifen.office.waiting.models import Waiting, WaitKind


def is_still_true(message: Message, on: date) -> bool:
    """Whether a reminder or request is still true. Messages about past events always are."""
    check = _CHECKS.get(message.kind)
    return check is None or check(message, on)


def _has_same_end(message: Message, on: date) -> bool:
    del on
    permit = message.permit
    return (
        permit is not None
        and permit.cancelled_on is None
        and str(permit.valid_until) == message.params["until"]
    )


def _has_short_lease(message: Message, on: date) -> bool:
    permit = message.permit
    return (
        _has_same_end(message, on)
        and permit is not None
        and str(permit.lease_until) == message.params["lease"]
    )


def _waits_for_renewal(message: Message, on: date) -> bool:
    del on
    return _list_rows(WaitKind.RENEWAL, subject=f"points:{message.params['period']}").exists()


def _is_still_draft(message: Message, on: date) -> bool:
    del on
    return _list_rows(WaitKind.DRAFT, application=message.application_id).exists()


def _is_correction_open(message: Message, on: date) -> bool:
    del on
    rows = _list_rows(WaitKind.CORRECTION, application=message.application_id)
    return rows.filter(due_on=message.params["until"]).exists()


def _is_to_settle(message: Message, on: date) -> bool:
    del on
    subject = f"list entry:{message.params['entry']}"
    return _list_rows(WaitKind.SETTLEMENT, subject=subject).exists()


def _list_rows(kind: WaitKind, **subject: object) -> "QuerySet[Waiting]":
    return list_open_rows().filter(Q(**subject), kind=kind)


def _is_still_waiting(message: Message, on: date) -> bool:
    del on
    return Waiting.objects.filter(pk=message.params["waiting"], ended_at__isnull=True).exists()


_CHECKS: dict[str, Callable[[Message, date], bool]] = {
    "permit_ends": _has_same_end,
    "permit_late": _has_same_end,
    "permit_over": _has_same_end,
    "permit_missed": _has_same_end,
    "lease_ends": _has_short_lease,
    "permit_not_automatic": _has_same_end,
    "permit_refused_late": _has_same_end,
    "points_end": _waits_for_renewal,
    "school_age": _waits_for_renewal,
    "renewal_waits": _is_still_draft,
    "correction_asked": _is_correction_open,
    "correction_due": _is_correction_open,
    "lapse_reversed": _is_correction_open,
    "consent_asked": _is_still_waiting,
    "staff_waiting": _is_still_waiting,
    "settle_due": _is_to_settle,
}
