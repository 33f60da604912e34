"""Whether what a message says is still true at the moment of sending."""

from collections.abc import Callable
from datetime import date

from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.models import Correction, State
from jifen.office.casework.queries import is_renewal_filed
from jifen.office.lists.models import Entry
from jifen.office.messages.models import Message
from jifen.office.waiting.models import Waiting


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


def _is_not_renewed(message: Message, on: date) -> bool:
    del on
    period = list_running_periods().filter(pk=message.params["period"]).first()
    return period is not None and not is_renewal_filed(period)


def _is_still_draft(message: Message, on: date) -> bool:
    del on
    return message.application is not None and message.application.state == State.DRAFT


def _is_correction_open(message: Message, on: date) -> bool:
    del on
    rows = Correction.objects.filter(application=message.application_id, state="open")
    return rows.filter(due_on=message.params["until"]).exists()


def _is_to_settle(message: Message, on: date) -> bool:
    del on
    return Entry.objects.filter(pk=message.params["entry"], state="noticed").exists()


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
    "points_end": _is_not_renewed,
    "school_age": _is_not_renewed,
    "renewal_waits": _is_still_draft,
    "correction_asked": _is_correction_open,
    "correction_due": _is_correction_open,
    "lapse_reversed": _is_correction_open,
    "consent_asked": _is_still_waiting,
    "staff_waiting": _is_still_waiting,
    "settle_due": _is_to_settle,
}
