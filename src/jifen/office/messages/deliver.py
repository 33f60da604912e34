"""Sending what is due: asked again whether it still holds, tried until it is clear, and kept."""

import logging
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from jifen.office.messages.channels import Outgoing, Sent, channel
from jifen.office.messages.ledger import NO_LONGER_SO, Off, due_at, opted_out, unwanted
from jifen.office.messages.models import Attempt, GroupAddress, Message, MessageState, OptOut
from jifen.office.messages.said import MOVING, said_on
from jifen.office.messages.still import still_holds
from jifen.office.messages.words import SIGNED, text_of
from jifen.policy.text import Lang

logger = logging.getLogger("jifen.messages")
LEASE = timedelta(minutes=5)
BATCH = 100
MOST_ATTEMPTS = 10
"""Of a group chat only: a robot that somebody deleted never answers, and nobody relies on it."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
WAITING = (MessageState.DUE, MessageState.UNSURE)


def deliver_due(now: datetime | None = None, most: int = 2_000) -> int:
    """Send what is due; how many were looked at. A worker that stops in the middle leaves its
    batch to the next one when its lease ends, under the same references."""
    at, done = now or timezone.now(), 0
    while done < most and (batch := _claim(at)):
        _deliver(batch, at)
        done += len(batch)
    return done


def _deliver(batch: list[Message], at: datetime) -> None:
    """Where a provider knows a message again by its reference the outcomes are kept together;
    elsewhere each at once, so that being killed doubles one at most. Nothing is sent on a lease
    that has run out: what a slow provider leaves no time for is let go."""
    off, until = opted_out(batch), time.monotonic() + LEASE.total_seconds() / 2
    kept: list[tuple[Message, _Outcome]] = []
    for number, message in enumerate(batch):
        if time.monotonic() > until:
            left = [m.pk for m in batch[number:]]
            Message.objects.filter(pk__in=left).update(lease_until=None)
            break
        kept.append((message, _one(message, at, off)))
        if kept[-1][1].sent and not channel(message.channel).knows_again:
            _keep(kept, at)
            kept = []
    _keep(kept, at)


def _claim(at: datetime) -> list[Message]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    with transaction.atomic():
        rows = Message.objects.select_for_update(skip_locked=True, of=("self",))
        rows = rows.filter(free, state__in=WAITING, due_at__lte=at)
        found = list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=found).update(lease_until=timezone.now() + LEASE)
    whole = Message.objects.select_related("person", "user", "permit", "application")
    return list(whole.filter(pk__in=found).order_by("due_at", "id"))


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What to keep of one message: its state, why, when it is looked at again, and the try."""

    state: MessageState
    why: str = ""
    due_at: datetime | None = None
    sent: Sent | None = None


def _one(message: Message, at: datetime, off: Off) -> _Outcome:
    """One row that cannot be asked about is tried again later, and stops no other."""
    try:
        why = not_now(message, at, off)
    except Exception as error:
        logger.exception("whether message %s still holds could not be asked", message.pk)
        return _again(message, at, Sent("unsure", words=f"not asked: {type(error).__name__}"))
    if why:
        return _Outcome(MessageState.DROPPED, why)
    later = due_at(at)
    if later > at:
        return _Outcome(MessageState(message.state), due_at=later)
    return _after(message, at, _tried(message, timezone.localtime(at).date()))


def _after(message: Message, at: datetime, sent: Sent) -> _Outcome:
    """A time-out is no failure, however long an outage lasts: what still holds keeps waiting."""
    if sent.outcome == "accepted":
        return _Outcome(MessageState.SENT, sent=sent)
    given_up = message.channel == "group" and message.attempts + 1 >= MOST_ATTEMPTS
    if sent.outcome == "refused" or given_up:
        return _Outcome(MessageState.FAILED, sent.words[:40], sent=sent)
    return _again(message, at, sent)


def _again(message: Message, at: datetime, sent: Sent) -> _Outcome:
    doubled = min(message.attempts, 10)  # beyond it waits as long as it ever does
    wait = min(FIRST_WAIT * 2**doubled, LONGEST_WAIT)
    return _Outcome(MessageState.UNSURE, due_at=at + wait, sent=sent)


def not_now(message: Message, at: datetime, off: Off) -> str:
    """Why it is not sent any more; '' where it is."""
    day = timezone.localtime(at).date()
    if message.stale_on is not None and day > message.stale_on:
        return "stale"
    if not still_holds(message, day):
        return NO_LONGER_SO
    return "opted_out" if unwanted(message, off) else ""


def _tried(message: Message, on: date) -> Sent:
    """One try, in the words of its day; a fault of a way out is an outcome of this message, and
    stops no other."""
    try:
        message.params = said_on(message, on)
        return _send(message)
    except Exception as error:
        logger.exception("message %s could not be sent", message.pk)
        return Sent("unsure", words=type(error).__name__)


def _send(message: Message) -> Sent:
    to = _address(message)
    if not to:
        return Sent("refused", words="no address")
    lang: Lang = "en" if message.lang == "en" else "zh"
    text = text_of(message.kind, message.edition, lang, message.params)
    subject = SIGNED(lang).strip("【】[] ")
    said = f"{SIGNED(lang)}{text}" if message.channel == "sms" else text
    return channel(message.channel).send(Outgoing(str(message.reference), to, subject, said))


def _address(message: Message) -> str:
    """Where it goes today; '' where there is no such address any more."""
    if message.channel == "sms":
        return message.person.phone if message.person else ""
    if message.channel == "email":
        return message.user.email if message.user else ""
    number = message.recipient.partition(":")[2]
    row = GroupAddress.objects.filter(pk=number, ended_at__isnull=True).first()
    return row.url if row else ""


def _keep(outcomes: list[tuple[Message, _Outcome]], at: datetime) -> None:
    """Outcomes and tries, together."""
    alike: dict[_Outcome, list[int]] = defaultdict(list)
    for message, outcome in outcomes:
        alike[outcome].append(message.pk)
    with transaction.atomic():
        whole = Message.objects.select_for_update(of=("self",))
        list(whole.filter(pk__in=[m.pk for m, _ in outcomes]).order_by("pk").values_list("pk"))
        for outcome, pks in alike.items():
            _take(outcome, pks, at)
        tried = [(m, o.sent) for m, o in outcomes if o.sent]
        moving = [m for m, _ in tried if m.kind in MOVING]
        Message.objects.bulk_update(moving, ("params",))
        Attempt.objects.bulk_create(_attempt(m, sent, at) for m, sent in tried)
    _log_waiting(outcomes)


def _attempt(message: Message, sent: Sent, at: datetime) -> Attempt:
    said = message.params if message.kind in MOVING else {}
    return Attempt(message=message, at=at, outcome=sent.outcome, words=sent.words[:200], said=said)


def _log_waiting(outcomes: list[tuple[Message, _Outcome]]) -> None:
    """One line for each way out that does not answer, not one for each message."""
    waiting = [(m, o.sent) for m, o in outcomes if o.state == MessageState.UNSURE and o.sent]
    why = {message.channel: sent.words for message, sent in waiting}
    for way, many in Counter(message.channel for message, _ in waiting).items():
        logger.warning("%s: %d messages wait to be tried again (%s)", way, many, why[way])


def _take(outcome: _Outcome, pks: list[int], at: datetime) -> None:
    """A report that came first (delivered before we knew that it was sent) stands."""
    rows, told = Message.objects.filter(pk__in=pks), dict[str, Any](lease_until=None)
    if outcome.sent:
        told["attempts"] = F("attempts") + 1
        told["provider_reference"] = outcome.sent.provider_reference
    rows.exclude(state__in=WAITING).update(**told)
    told |= {"state": outcome.state, "why": outcome.why}
    told |= {"due_at": outcome.due_at} if outcome.due_at else {}
    told |= {} if outcome.state in WAITING else {"ended_at": at}
    rows.filter(state__in=WAITING).update(**told)


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
