"""Delivery of due messages: each is checked again, tried until it is clear, and recorded."""

import logging
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from jifen.office.messages.channels import OutgoingMessage, SendResult, get_channel
from jifen.office.messages.editions import render_message
from jifen.office.messages.ledger import (
    NO_LONGER_SO,
    OptOuts,
    find_sending_time,
    is_unwanted,
    list_opt_outs,
)
from jifen.office.messages.models import Attempt, GroupAddress, Message, MessageState, OptOut
from jifen.office.messages.parameters import DAY_DEPENDENT, build_params_on
from jifen.office.messages.relevance import is_still_true
from jifen.office.messages.templates import SENDER, choose_language
from jifen.policy.text import Lang

logger = logging.getLogger("jifen.messages")
LEASE = timedelta(minutes=5)
BATCH = 100
MOST_ATTEMPTS = 10
"""The bound for group chats only: a deleted robot never answers, and nobody relies on it."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
WAITING = (MessageState.DUE, MessageState.UNSURE)


def deliver_due_messages(now: datetime | None = None, most: int = 2_000) -> int:
    """Send what is due. Returns how many messages were looked at. If a worker stops in the middle,
    another one takes its batch when the lease ends, under the same references."""
    at, looked_at = now or timezone.now(), 0
    while looked_at < most and (batch := _claim_batch(at)):
        _deliver_batch(batch, at)
        looked_at += len(batch)
    return looked_at


def _deliver_batch(batch: list[Message], at: datetime) -> None:
    """Where a provider recognizes a message by its reference, outcomes are stored together.
    Elsewhere each is stored at once, so that a killed worker repeats one message at most. Messages
    for which half of the lease leaves no time are released unsent."""
    off, until = list_opt_outs(batch), time.monotonic() + LEASE.total_seconds() / 2
    outcomes: list[tuple[Message, _DeliveryOutcome]] = []
    for number, message in enumerate(batch):
        if time.monotonic() > until:
            left = [m.pk for m in batch[number:]]
            Message.objects.filter(pk__in=left).update(lease_until=None)
            break
        outcomes.append((message, _try_message(message, at, off)))
        if outcomes[-1][1].sent and not get_channel(message.channel).knows_again:
            _store_outcomes(outcomes, at)
            outcomes = []
    _store_outcomes(outcomes, at)


def _claim_batch(at: datetime) -> list[Message]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    with transaction.atomic():
        rows = Message.objects.select_for_update(skip_locked=True, of=("self",))
        rows = rows.filter(free, state__in=WAITING, due_at__lte=at)
        claimed = list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=claimed).update(lease_until=timezone.now() + LEASE)
    whole = Message.objects.select_related("person", "user", "permit", "application", "office_text")
    return list(whole.filter(pk__in=claimed).order_by("due_at", "id"))


@dataclass(frozen=True, slots=True)
class _DeliveryOutcome:
    """What to store of one message: its state, why, when it is due again, and the try."""

    state: MessageState
    why: str = ""
    due_at: datetime | None = None
    sent: SendResult | None = None


def _try_message(message: Message, at: datetime, off: OptOuts) -> _DeliveryOutcome:
    """Check and send one message. If the check fails it is tried again later; others go on."""
    try:
        reason = find_reason_not_to_send(message, at, off)
    except Exception as error:
        logger.exception("whether message %s still holds could not be asked", message.pk)
        return _retry_later(
            message, at, SendResult("unsure", words=f"not asked: {type(error).__name__}")
        )
    if reason:
        return _DeliveryOutcome(MessageState.DROPPED, reason)
    later = find_sending_time(at)
    if later > at:
        return _DeliveryOutcome(MessageState(message.state), due_at=later)
    return _outcome_of_result(
        message, at, _send_in_todays_words(message, timezone.localtime(at).date())
    )


def _outcome_of_result(message: Message, at: datetime, sent: SendResult) -> _DeliveryOutcome:
    """A time-out is no failure: as long as the message is still true, it is tried again."""
    if sent.outcome == "accepted":
        return _DeliveryOutcome(MessageState.SENT, sent=sent)
    given_up = message.channel == "group" and message.attempts + 1 >= MOST_ATTEMPTS
    if sent.outcome == "refused" or given_up:
        return _DeliveryOutcome(MessageState.FAILED, sent.words[:40], sent=sent)
    return _retry_later(message, at, sent)


def _retry_later(message: Message, at: datetime, sent: SendResult) -> _DeliveryOutcome:
    doubled = min(message.attempts, 10)  # beyond it waits as long as it ever does
    wait = min(FIRST_WAIT * 2**doubled, LONGEST_WAIT)
    return _DeliveryOutcome(MessageState.UNSURE, due_at=at + wait, sent=sent)


def find_reason_not_to_send(message: Message, at: datetime, off: OptOuts) -> str:
    """Why a message is no longer sent; '' where it is to be sent."""
    day = timezone.localtime(at).date()
    if message.stale_on is not None and day > message.stale_on:
        return "stale"
    if not is_still_true(message, day):
        return NO_LONGER_SO
    return "opted_out" if is_unwanted(message, off) else ""


def _send_in_todays_words(message: Message, on: date) -> SendResult:
    """One try, with the parameters of the day. A fault of the channel is an outcome of this message
    and does not stop others."""
    try:
        message.params = build_params_on(message, on)
        return _send_through_channel(message)
    except Exception as error:
        logger.exception("message %s could not be sent", message.pk)
        return SendResult("unsure", words=type(error).__name__)


def _send_through_channel(message: Message) -> SendResult:
    to = find_address(message)
    if not to:
        return SendResult("refused", words="no address")
    lang: Lang = "en" if message.lang == "en" else "zh"
    text = render_message(message, lang)
    subject = SENDER(lang).strip("【】[] ")
    body = f"{SENDER(lang)}{text}" if message.channel == "sms" else text
    return get_channel(message.channel).send(
        OutgoingMessage(
            str(message.reference),
            to,
            subject,
            body,
            kind=message.kind,
            lang=lang,
            params=choose_language(message.params, lang),
        )
    )


def find_address(message: Message) -> str:
    """The address as of now; '' where there is none any more."""
    if message.channel == "sms":
        return message.person.phone if message.person else ""
    if message.channel == "email":
        return message.user.email if message.user else ""
    number = message.recipient.partition(":")[2]
    group = GroupAddress.objects.filter(pk=number, ended_at__isnull=True).first()
    return group.url if group else ""


def _store_outcomes(outcomes: list[tuple[Message, _DeliveryOutcome]], at: datetime) -> None:
    """Store outcomes and tries in one transaction."""
    messages_by_outcome: dict[_DeliveryOutcome, list[int]] = defaultdict(list)
    for message, outcome in outcomes:
        messages_by_outcome[outcome].append(message.pk)
    with transaction.atomic():
        whole = Message.objects.select_for_update(of=("self",))
        list(whole.filter(pk__in=[m.pk for m, _ in outcomes]).order_by("pk").values_list("pk"))
        for outcome, pks in messages_by_outcome.items():
            _apply_outcome(outcome, pks, at)
        tried = [(m, o.sent) for m, o in outcomes if o.sent]
        moving = [m for m, _ in tried if m.kind in DAY_DEPENDENT]
        Message.objects.bulk_update(moving, ("params",))
        Attempt.objects.bulk_create(_build_attempt(m, sent, at) for m, sent in tried)
    _log_waiting(outcomes)


def _build_attempt(message: Message, sent: SendResult, at: datetime) -> Attempt:
    params = message.params if message.kind in DAY_DEPENDENT else {}
    return Attempt(
        message=message, at=at, outcome=sent.outcome, words=sent.words[:200], said=params
    )


def _log_waiting(outcomes: list[tuple[Message, _DeliveryOutcome]]) -> None:
    """Log one line for each channel that does not answer, not one for each message."""
    waiting = [(m, o.sent) for m, o in outcomes if o.state == MessageState.UNSURE and o.sent]
    why = {message.channel: sent.words for message, sent in waiting}
    for channel, count in Counter(message.channel for message, _ in waiting).items():
        logger.warning("%s: %d messages wait to be tried again (%s)", channel, count, why[channel])


def _apply_outcome(outcome: _DeliveryOutcome, pks: list[int], at: datetime) -> None:
    """Update messages with an outcome, except the state of those that a provider reported on first
    (a message may be reported as delivered before we know that it was sent)."""
    rows, changes = Message.objects.filter(pk__in=pks), dict[str, Any](lease_until=None)
    if outcome.sent:
        changes["attempts"] = F("attempts") + 1
        changes["provider_reference"] = outcome.sent.provider_reference
    rows.exclude(state__in=WAITING).update(**changes)
    changes |= {"state": outcome.state, "why": outcome.why}
    changes |= {"due_at": outcome.due_at} if outcome.due_at else {}
    changes |= {} if outcome.state in WAITING else {"ended_at": at}
    rows.filter(state__in=WAITING).update(**changes)


def record_report(reference: str, outcome: str, at: datetime | None = None) -> bool:
    """Record what a provider reports later: 'delivered', 'failed' or 'unsubscribed'. A repeated
    report changes nothing. Returns False where the reference is not known."""
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
