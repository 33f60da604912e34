"""Whether what a message says still holds at the moment of sending."""

from collections.abc import Callable
from datetime import date

from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.models import Correction, State
from jifen.office.casework.queries import is_renewal_filed
from jifen.office.lists.models import Entry
from jifen.office.messages.models import Message
from jifen.office.waiting.models import Waiting


def still_holds(message: Message, on: date) -> bool:
    """False where it would only confuse. What happened, happened: such messages always hold."""
    asked = _ASKED.get(message.kind)
    return asked is None or asked(message, on)


def _same_end(message: Message, on: date) -> bool:
    del on
    permit = message.permit
    return (
        permit is not None
        and permit.cancelled_on is None
        and str(permit.valid_until) == message.params["until"]
    )


def _lease_still_short(message: Message, on: date) -> bool:
    permit = message.permit
    return (
        _same_end(message, on)
        and permit is not None
        and str(permit.lease_until) == message.params["lease"]
    )


def _not_renewed(message: Message, on: date) -> bool:
    del on
    period = list_running_periods().filter(pk=message.params["period"]).first()
    return period is not None and not is_renewal_filed(period)


def _still_draft(message: Message, on: date) -> bool:
    del on
    return message.application is not None and message.application.state == State.DRAFT


def _correction_open(message: Message, on: date) -> bool:
    del on
    rows = Correction.objects.filter(application=message.application_id, state="open")
    return rows.filter(due_on=message.params["until"]).exists()


def _to_settle(message: Message, on: date) -> bool:
    del on
    return Entry.objects.filter(pk=message.params["entry"], state="noticed").exists()


def _still_waits(message: Message, on: date) -> bool:
    del on
    return Waiting.objects.filter(pk=message.params["waiting"], ended_at__isnull=True).exists()


_ASKED: dict[str, Callable[[Message, date], bool]] = {
    "permit_ends": _same_end,
    "permit_late": _same_end,
    "permit_over": _same_end,
    "permit_missed": _same_end,
    "lease_ends": _lease_still_short,
    "permit_not_automatic": _same_end,
    "permit_refused_late": _same_end,
    "points_end": _not_renewed,
    "school_age": _not_renewed,
    "renewal_waits": _still_draft,
    "correction_asked": _correction_open,
    "correction_due": _correction_open,
    "lapse_reversed": _correction_open,
    "consent_asked": _still_waits,
    "staff_waiting": _still_waits,
    "settle_due": _to_settle,
}
