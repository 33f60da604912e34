"""Deliveries that failed: what was not taken, why, and trying it again by hand.

An administrator sees those of the own cities. Each kind of delivery is a source; apps above this
one register theirs. A try by hand changes the row only: background work sends it, and asks first,
as always, whether it is still true.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.administration.faults import AdministrationFault
from jifen.office.administration.words import say
from jifen.office.audit.actions import record
from jifen.office.consultation.models import Mail, MailState
from jifen.office.messages.delivery import find_address
from jifen.office.messages.editions import render_message
from jifen.office.messages.models import CHANNELS, Message, MessageState
from jifen.policy.text import Lang, Text

MOST_ROWS = 100
_CHANNEL_WORDS = {
    "sms": say("failed_deliveries.channel_words_sms"),
    "inbox": say("failed_deliveries.channel_words_inbox"),
    "email": say("failed_deliveries.channel_words_email"),
    "group": say("failed_deliveries.channel_words_group"),
}
assert _CHANNEL_WORDS.keys() == dict(CHANNELS).keys()


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """One delivery that failed. `about`: the number of the case, '' where it is about none;
    `text`: what it says; `why`: what the provider answered; `tries`: how often it was tried."""

    source: str
    pk: int
    channel: Text
    about: str
    text: Text
    why: str
    failed_at: datetime | None
    tries: int


class FailureSource(Protocol):
    """One kind of delivery."""

    name: str

    def list_failed(self, cities: Iterable[str]) -> list[FailedDelivery]:
        """Those of some cities, the newest first, at most MOST_ROWS."""

    def try_again(self, by: User, cities: Iterable[str], pk: int) -> None:
        """Make one due now. Raises AdministrationFault."""


class FailedMessages:
    """Messages of the ledger."""

    name = "message"

    def list_failed(self, cities: Iterable[str]) -> list[FailedDelivery]:
        """Those of some cities, the newest first."""
        rows = _select_failed(cities).select_related("application", "office_text").order_by("-id")
        return [self._describe(message) for message in rows[:MOST_ROWS]]

    def _describe(self, message: Message) -> FailedDelivery:
        langs: tuple[Lang, Lang] = ("zh", "en")
        zh, en = (render_message(message, lang) for lang in langs)
        number = message.application.number if message.application else ""
        return FailedDelivery(
            self.name,
            message.pk,
            _CHANNEL_WORDS[message.channel],
            number or "",
            Text(zh, en),
            message.why,
            message.ended_at,
            message.attempts,
        )

    def try_again(self, by: User, cities: Iterable[str], pk: int) -> None:
        """Make one due now, under a new reference: the provider has answered for the old one.
        Raises AdministrationFault where it did not fail, or nobody can be reached."""
        with transaction.atomic():
            rows = _select_failed(cities).filter(pk=pk)
            message = Message.objects.select_for_update(of=("self",)).filter(pk__in=rows).first()
            if message is None:
                raise NOT_FAILED
            if not find_address(message):
                raise NO_ADDRESS
            now = timezone.now()
            if message.stale_on is not None and message.stale_on < timezone.localdate():
                raise TOO_LATE
            message.state, message.why, message.due_at = MessageState.DUE, "", now
            message.ended_at, message.lease_until, message.reference = None, None, uuid4()
            message.save()
            details = {"kind": message.kind, "channel": message.channel}
            record(
                "delivery.tried_again",
                actor=f"user:{by.pk}",
                subject=f"message:{message.pk}",
                city=_city_of(message),
                details=details,
            )


def _select_failed(cities: Iterable[str]) -> "QuerySet[Message]":
    names = list(cities)
    in_city = Q(application__city__in=names) | Q(unit__city__in=names)
    in_city |= Q(permit__city__in=names)
    alone = Q(application=None, unit=None, permit=None)
    in_city |= alone & Q(user__staff_roles__city__in=names)
    in_city |= alone & Q(user__memberships__unit__city__in=names)
    in_city |= alone & Q(person__applications__city__in=names)
    failed = Message.objects.filter(in_city, state=MessageState.FAILED)
    return Message.objects.filter(pk__in=failed.order_by().values("pk"))


def _city_of(message: Message) -> str:
    place = message.application or message.unit or message.permit
    return place.city if place else ""


class FailedMails:
    """Mails about public consultations."""

    name = "mail"

    def list_failed(self, cities: Iterable[str]) -> list[FailedDelivery]:
        """Those of some cities, the newest first."""
        rows = _select_failed_mails(cities).order_by("-id")
        return [
            FailedDelivery(
                self.name, mail.pk, _CHANNEL_WORDS["email"], "", MAIL, "", None, mail.attempts
            )
            for mail in rows[:MOST_ROWS]
        ]

    def try_again(self, by: User, cities: Iterable[str], pk: int) -> None:
        """Make one due now. Raises AdministrationFault where it did not fail."""
        with transaction.atomic():
            rows = _select_failed_mails(cities).filter(pk=pk)
            changed = Mail.objects.filter(pk__in=rows.values("pk")).update(
                state=MailState.DUE, due_at=timezone.now(), lease_until=None, attempts=0
            )
            if not changed:
                raise NOT_FAILED
            record("delivery.tried_again", actor=f"user:{by.pk}", subject=f"mail:{pk}")


def _select_failed_mails(cities: Iterable[str]) -> "QuerySet[Mail]":
    names = list(cities)
    in_city = Q(comment__consultation__city__in=names)
    in_city |= Q(support__comment__consultation__city__in=names)
    in_city |= Q(subscriber__city__in=names)
    return Mail.objects.filter(in_city, state=MailState.FAILED)


MAIL = say("failed_deliveries.mail")
SOURCES: list[FailureSource] = [FailedMessages(), FailedMails()]


def register_source(source: FailureSource) -> None:
    """Show and try again what an app above this one could not deliver."""
    if all(other.name != source.name for other in SOURCES):
        SOURCES.append(source)


def list_failed_deliveries(cities: Iterable[str]) -> list[FailedDelivery]:
    """All that failed in some cities, kind by kind."""
    names = list(cities)
    return [failed for source in SOURCES for failed in source.list_failed(names)]


def try_again(by: User, cities: Iterable[str], source: str, pk: int) -> None:
    """Try one delivery again. Raises AdministrationFault."""
    chosen = next((kind for kind in SOURCES if kind.name == source), None)
    if chosen is None:
        raise NOT_FAILED
    chosen.try_again(by, list(cities), pk)


NOT_FAILED = AdministrationFault(
    "JF-O010",
    say("failed_deliveries.nothing_failed_under_this_number"),
)
NO_ADDRESS = AdministrationFault(
    "JF-O011",
    say("failed_deliveries.there_is_still_no_telephone"),
)
TOO_LATE = AdministrationFault(
    "JF-O012",
    say("failed_deliveries.the_day_that_this_message"),
)
