"""Subscribing to the notices of a city: begun with an address, confirmed by a link."""

from django.db import transaction
from django.utils import timezone

from jifen.office.audit.actions import record
from jifen.office.consultation.actions.voices import Voice, mail_link, refuse_too_many
from jifen.office.consultation.models import Subscriber, SubscriberState


def subscribe(city: str, voice: Voice) -> None:
    """Have a link sent to an address. The same is answered whether it gets the notices already or
    not. Raises ConsultationFault where too many links went to it."""
    with transaction.atomic():
        now = timezone.now()
        earlier = Subscriber.objects.filter(voice.rows, city=city).first()
        if earlier is not None and earlier.state == SubscriberState.ACTIVE:
            return
        refuse_too_many(voice)
        row = earlier or Subscriber.objects.create(city=city, posted_at=now, **voice.columns)
        if earlier is not None:
            row.posted_at, row.lang = now, voice.lang
            row.save(update_fields=("posted_at", "lang"))
        mail_link("confirm_subscriber", voice.email, now, subscriber=row)
        record(
            "consultation.subscription_asked",
            actor="visitor",
            subject=f"subscriber:{row.pk}",
            city=city,
        )
