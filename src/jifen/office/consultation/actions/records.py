"""A consultation held for an act, and the record of the act in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.consultation.access import ConsultationInHand
from jifen.office.consultation.models import Consultation


@contextmanager
def acting(hand: ConsultationInHand, act: str) -> Iterator[Consultation]:
    """The consultation, until the transaction ends nobody else's. Raises ConsultationFault where
    the act may not be done any more."""
    with transaction.atomic():
        row = lock_consultation(hand.consultation)
        ConsultationInHand(row, hand.user, hand.roles).refuse_unless(act)
        yield row
    hand.consultation = row


def lock_consultation(row: Consultation) -> Consultation:
    """The row as it is now; other acts on it wait until the transaction ends."""
    rows = Consultation.objects.select_for_update(of=("self",))
    return rows.select_related("draft", "revision").get(pk=row.pk)


def log_act(act: str, user: User | None, row: Consultation, **details: Any) -> None:
    """Record an act in the log; somebody without an account is a visitor there."""
    record(
        f"consultation.{act}",
        actor=f"user:{user.pk}" if user else "visitor",
        subject=f"consultation:{row.pk}",
        city=row.city,
        details=details,
    )
