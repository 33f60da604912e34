"""Sending what is due: asked again whether it still holds, tried until it is clear, and kept."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jifen.office.messages.channels import Outgoing, Sent, channel
from jifen.office.messages.ledger import due_at
from jifen.office.messages.models import Attempt, GroupAddress, Message, MessageState, OptOut
from jifen.office.messages.still import still_holds
from jifen.office.messages.words import SIGNED, group_of, text_of
from jifen.policy.text import Lang

LEASE = timedelta(minutes=5)
BATCH = 100
MOST_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=6)
WAITING = (MessageState.DUE, MessageState.UNSURE)


def deliver_due(now: datetime | None = None, most: int = 2_000) -> int:
    """Send what is due; how many were looked at. A worker that stops in the middle leaves its
    batch to the next one when its lease ends, under the same references."""
    at, done = now or timezone.now(), 0
    while done < most and (batch := _claim(at)):
        for message in batch:
            _one(message, at)
        done += len(batch)
    return done


def _claim(at: datetime) -> list[Message]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    with transaction.atomic():
        rows = Message.objects.select_for_update(skip_locked=True, of=("self",))
        rows = rows.filter(free, state__in=WAITING, due_at__lte=at)
        found = list(rows.order_by("due_at", "id")[:BATCH])
        until = timezone.now() + LEASE
        Message.objects.filter(pk__in=[m.pk for m in found]).update(lease_until=until)
    whole = Message.objects.select_related("person", "user", "permit", "application")
    return list(whole.filter(pk__in=[m.pk for m in found]).order_by("due_at", "id"))


def _one(message: Message, at: datetime) -> None:
    why = not_now(message, at)
    if why:
        _end(message, MessageState.DROPPED, at, why=why)
        return
    later = due_at(at)
    if later > at and message.channel == "sms":
        _wait(message, later, message.state)
        return
    _keep(message, _send(message), at)


def not_now(message: Message, at: datetime) -> str:
    """Why it is not sent any more; '' where it is."""
    day = timezone.localtime(at).date()
    if message.stale_on is not None and day > message.stale_on:
        return "stale"
    if not still_holds(message, day):
        return "no_longer_so"
    return "opted_out" if _opted_out(message) else ""


def _opted_out(message: Message) -> bool:
    group = group_of(message.kind)
    if group == "legal":
        return False
    whose = {"person": message.person_id} if message.person_id else {"user": message.user_id}
    rows = OptOut.objects.filter(**whose, group=group, channel=message.channel)
    return next(iter(whose.values())) is not None and rows.exists()


def _send(message: Message) -> Sent:
    to = _address(message)
    if not to:
        return Sent("refused", words="no address")
    lang: Lang = "en" if message.lang == "en" else "zh"
    text = text_of(message.kind, message.edition, lang, message.params)
    subject = SIGNED(lang).strip("【】[] ")
    said = f"{SIGNED(lang)}{text}" if message.channel == "sms" else text
    results = [
        channel(message.channel).send(Outgoing(str(message.reference), one, subject, said))
        for one in to
    ]
    return next((r for r in results if r.outcome != "accepted"), results[0])


def _address(message: Message) -> list[str]:
    if message.channel == "sms" and message.person:
        return [message.person.phone] if message.person.phone else []
    if message.channel == "email" and message.user:
        return [message.user.email] if message.user.email else []
    rows = GroupAddress.objects.filter(unit=message.unit_id, ended_at__isnull=True)
    return [row.url for row in rows]


def _keep(message: Message, sent: Sent, at: datetime) -> None:
    """The outcome of a try and its row, together."""
    with transaction.atomic():
        Attempt.objects.create(message=message, at=at, outcome=sent.outcome, words=sent.words[:200])
        message.attempts += 1
        if sent.outcome == "accepted":
            message.provider_reference = sent.provider_reference
            _end(message, MessageState.SENT, at)
        elif sent.outcome == "refused" or message.attempts >= MOST_ATTEMPTS:
            _end(message, MessageState.FAILED, at, why=sent.words[:40])
        else:
            wait = min(timedelta(seconds=30 * 2**message.attempts), LONGEST_WAIT)
            _wait(message, at + wait, MessageState.UNSURE)


def _end(message: Message, state: MessageState, at: datetime, why: str = "") -> None:
    """A report that came first (delivered before we knew that it was sent) stands."""
    values: dict[str, Any] = {"attempts": message.attempts, "lease_until": None}
    values |= {"provider_reference": message.provider_reference}
    rows = Message.objects.filter(pk=message.pk)
    if rows.filter(state__in=WAITING).update(**values, state=state, why=why, ended_at=at):
        message.state = state
        return
    rows.update(**values)


def _wait(message: Message, until: datetime, state: str) -> None:
    Message.objects.filter(pk=message.pk, state__in=WAITING).update(
        state=state, due_at=until, lease_until=None, attempts=message.attempts
    )


def report(reference: str, outcome: str, at: datetime | None = None) -> bool:
    """What a provider tells later: 'delivered', 'failed' or 'unsubscribed'. Telling it again
    changes nothing. False where the reference is not known."""
    with transaction.atomic():
        rows = Message.objects.select_for_update(of=("self",))
        message = rows.filter(reference=reference).first()
        if message is None:
            return False
        now = at or timezone.now()
        if outcome == "unsubscribed" and message.person_id:
            for group in ("service", "digest"):
                OptOut.objects.get_or_create(
                    person_id=message.person_id, group=group, channel=message.channel
                )
        elif outcome == "delivered" and message.state != MessageState.DELIVERED:
            message.state, message.ended_at = MessageState.DELIVERED, now
        elif outcome == "failed" and message.state in (MessageState.SENT, *WAITING):
            message.state, message.ended_at, message.why = MessageState.FAILED, now, "reported"
        message.lease_until = None
        message.save()
    return True
