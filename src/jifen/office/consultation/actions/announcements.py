"""What subscribers are told: an announcement stands or falls with its act; the worker makes a mail
for each of them afterwards."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from jifen.office.consultation.models import (
    Announcement,
    Consultation,
    ConsultationState,
    Mail,
    Subscriber,
    SubscriberState,
)
from jifen.office.workshop.models import Adoption, AdoptionState

PORTION = 1_000


def announce(
    kind: str, *, consultation: Consultation | None = None, adoption: Adoption | None = None
) -> bool:
    """Note once that subscribers of the city are to be told; whether it was not noted before."""
    about = consultation or adoption
    if about is None:
        raise ValueError("an announcement is about a consultation or an adoption")
    name = "consultation" if consultation else "adoption"
    _, is_new = Announcement.objects.get_or_create(
        event=f"{name}:{about.pk} {kind}",
        defaults={
            "kind": kind,
            "city": about.city,
            "consultation": consultation,
            "adoption": adoption,
            "at": timezone.now(),
        },
    )
    return is_new


def announce_due(at: datetime) -> int:
    """Note what nobody does by hand: windows that ended, versions adopted or withdrawn."""
    return _announce_ended(at) + _announce_adoptions()


def _announce_ended(at: datetime) -> int:
    day = timezone.localtime(at).date()
    rows = Consultation.objects.filter(state=ConsultationState.OPEN, last_day__lt=day)
    noted = Announcement.objects.filter(consultation=OuterRef("pk"), kind="closed")
    return sum(announce("closed", consultation=row) for row in rows.exclude(Exists(noted)))


def _announce_adoptions() -> int:
    """An adoption is signed, so one that was withdrawn before it was adopted tells nobody."""
    count = 0
    for (state, is_first), kind in _KINDS.items():
        noted = Announcement.objects.filter(adoption=OuterRef("pk"), kind=kind)
        rows = Adoption.objects.filter(state=state, corrects__isnull=is_first)
        rows = rows.exclude(statement="").exclude(Exists(noted))
        count += sum(announce(kind, adoption=row) for row in rows)
    return count


_KINDS = {
    (AdoptionState.ADOPTED, True): "adopted",
    (AdoptionState.ADOPTED, False): "corrected",
    (AdoptionState.WITHDRAWN, True): "version_withdrawn",
    (AdoptionState.WITHDRAWN, False): "correction_withdrawn",
}
"""State of an adoption, and whether it began its version → what subscribers are told."""


def mail_announcements(at: datetime) -> int:
    """A mail for each subscriber of the city, once; whoever confirmed later is not told."""
    count = 0
    for pk in Announcement.objects.filter(mailed_at__isnull=True).values_list("pk", flat=True):
        with transaction.atomic():
            rows = Announcement.objects.select_for_update(skip_locked=True, of=("self",))
            row = rows.filter(pk=pk, mailed_at__isnull=True).first()
            if row is None:
                continue
            subscribers = Subscriber.objects.filter(
                city=row.city, state=SubscriberState.ACTIVE, confirmed_at__lte=row.at
            )
            mails = [
                Mail(
                    kind=row.kind,
                    subscriber=one,
                    announcement=row,
                    made_at=timezone.now(),
                    due_at=at,
                )
                for one in subscribers.order_by("pk")
            ]
            Mail.objects.bulk_create(mails, batch_size=PORTION, ignore_conflicts=True)
            row.mailed_at = timezone.now()
            row.save(update_fields=("mailed_at",))
            count += 1
    return count
