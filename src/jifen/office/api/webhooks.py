"""Webhooks: events of a unit's cases, signed, sent in the background, tried again until taken.

Body and header are as GitHub's: `X-Jifen-Signature: sha256=<HMAC of the body>`. The body holds ids
and states only; the receiver asks the API for the rest. After a time-out an event is sent again,
so that the receiver may get it twice, with the same `id`.
"""

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.api import outgoing
from jifen.office.api.models import Delivery, Webhook
from jifen.office.api.words import say
from jifen.office.audit.actions import record
from jifen.office.audit.settled_rows import find_last_settled_id
from jifen.office.casework.models import Event
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Unit

logger = logging.getLogger("jifen.webhooks")
LEASE, SECONDS = timedelta(minutes=1), 10
MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=6)
Send = Callable[[str, bytes, dict[str, str]], int]


def add_webhook(user: User, unit: Unit, url: str) -> tuple[Webhook, str]:
    """Add a webhook, which gets events from now on. Returns it with its secret, which is shown
    once. Raises RegistryFault."""
    refuse_address(url)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        last = Event.objects.aggregate(last=Max("id"))["last"] or 0
        webhook = Webhook.objects.create(
            unit=unit, url=url, secret=secret, since_event=last, made_by=user
        )
        record("webhook.added", actor=f"user:{user.pk}", subject=f"unit:{unit.pk}")
    return webhook, secret


def refuse_address(url: str) -> None:
    """Raise RegistryFault for addresses that are not https on the internet: users must not reach
    the office's own network."""
    parts = urlsplit(url)
    is_wrong = parts.scheme not in ("https", "http") or not parts.hostname
    if is_wrong or (parts.scheme != "https" and _is_guarded()):
        raise RegistryFault("JF-A010", _NO_HTTPS, "url")
    if not _is_guarded():
        return
    try:
        outgoing.resolve_checked_addresses(parts)
    except outgoing.UnknownHost:
        raise RegistryFault("JF-A011", _NOT_FOUND, "url") from None
    except outgoing.NotOnInternet:
        raise RegistryFault("JF-A012", _INSIDE, "url") from None


def _is_guarded() -> bool:
    return bool(settings.JIFEN_MODE == "production")


_NO_HTTPS = say("webhooks.no_https")
_NOT_FOUND = say("webhooks.not_found")
_INSIDE = say("webhooks.inside")


def plan_deliveries(most: int = 500) -> int:
    """Create deliveries for events that have none yet. Returns how many events were read."""
    webhooks = Webhook.objects.filter(ended_at__isnull=True).select_related("unit")
    webhooks_with_events = [hook for hook in webhooks if _list_new_events(hook).exists()]
    until = find_last_settled_id(Event) if webhooks_with_events else 0
    return sum(_plan_for_webhook(hook, until, most) for hook in webhooks_with_events)


def _list_new_events(hook: Webhook) -> "QuerySet[Event]":
    rows = Event.objects.filter(application__unit=hook.unit, internal=False)
    return rows.filter(pk__gt=hook.since_event)


def _plan_for_webhook(hook: Webhook, until: int, most: int) -> int:
    events, now = (
        list(_list_new_events(hook).filter(pk__lte=until).order_by("id")[:most]),
        timezone.now(),
    )
    deliveries = [Delivery(webhook=hook, event=event, due_at=now) for event in events]
    with transaction.atomic():
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        if events:
            Webhook.objects.filter(pk=hook.pk).update(since_event=events[-1].pk)
    return len(events)


def send_due_deliveries(most: int = 50, send: Send | None = None) -> int:
    """Send the deliveries that are due. Returns how many were tried."""
    tried = 0
    while tried < most and (delivery := _claim_delivery()):
        _send_delivery(delivery, send or post_event)
        tried += 1
    return tried


def _claim_delivery() -> Delivery | None:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        unclaimed = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        delivery = (
            unclaimed.filter(free, delivered_at__isnull=True, due_at__lte=now)
            .order_by("due_at")
            .first()
        )
        if delivery:
            delivery.lease_until, delivery.attempts = now + LEASE, delivery.attempts + 1
            delivery.save(update_fields=("lease_until", "attempts"))
        return delivery


def _send_delivery(delivery: Delivery, send: Send) -> None:
    webhook, event = delivery.webhook, delivery.event
    body = build_body(event)
    status = send(webhook.url, body, {"X-Jifen-Signature": sign_body(webhook.secret, body)})
    delivery.last_status, delivery.lease_until = status, None
    if 200 <= status < 300:
        delivery.delivered_at, delivery.due_at = timezone.now(), None
    else:
        wait = min(timedelta(seconds=10 * 2**delivery.attempts), LONGEST_WAIT)
        delivery.due_at = timezone.now() + wait if delivery.attempts < MOST_ATTEMPTS else None
    delivery.save()


def build_body(event: Event) -> bytes:
    """The JSON body about an event."""
    a = event.application
    fields = {
        "id": event.pk,
        "event": event.act,
        "at": event.at.isoformat(),
        "application": str(a.key),
        "number": a.number,
        "state": a.state,
    }
    return json.dumps(fields, sort_keys=True).encode()


def sign_body(secret: str, body: bytes) -> str:
    """The signature header of a body (HMAC-SHA256), which a receiver compares in constant time."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post_event(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a body by POST. Returns the status of the answer; 0 where there was none."""
    all_headers = headers | {"Content-Type": "application/json"}
    try:
        return outgoing.post_to_internet(
            url, body, all_headers, seconds=SECONDS, guarded=_is_guarded()
        )
    except outgoing.NO_ANSWER as error:
        logger.warning("a webhook does not answer: %s", type(error).__name__)
        return 0


def end_webhook(user: User, unit: Unit, pk: int) -> None:
    """End a webhook: it gets no more events."""
    with transaction.atomic():
        rows = Webhook.objects.filter(unit=unit, pk=pk, ended_at__isnull=True)
        if rows.update(ended_at=timezone.now()):
            record("webhook.ended", actor=f"user:{user.pk}", subject=f"unit:{unit.pk}")
