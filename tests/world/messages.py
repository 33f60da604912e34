"""Telephones, and what they show."""

from datetime import date, datetime, time

from django.utils import timezone

from jifen.office.messages.models import OutboxSms
from jifen.office.registry.models import Permit, Person

PHONE = "13800000000"


def at(day: date, hour: int = 20) -> datetime:
    """A moment in the office's own time."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def with_phone(made: Permit) -> Permit:
    """Its holder can be told."""
    Person.objects.filter(pk=made.person_id).update(phone=PHONE)
    return made


def sent() -> list[str]:
    """What the phone shows."""
    return list(OutboxSms.objects.order_by("id").values_list("text", flat=True))
