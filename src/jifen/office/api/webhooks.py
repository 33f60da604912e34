"""Webhooks: events of a unit's cases, signed, sent in the background, tried again until taken.

Body and header are as GitHub's: `X-Jifen-Signature: sha256=<HMAC of the body>`. The body holds ids
and states only; whoever is told asks the API for the rest. A time-out is not a failure of the
event: the receiver may get it twice, with the same `id`.
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
from jifen.office.audit.actions import record
from jifen.office.audit.settled_rows import find_last_settled_id
from jifen.office.casework.models import Event
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Unit
from jifen.policy.text import Text

logger = logging.getLogger("jifen.webhooks")
LEASE, SECONDS = timedelta(minutes=1), 10
MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=6)
Send = Callable[[str, bytes, dict[str, str]], int]


def add(user: User, unit: Unit, url: str) -> tuple[Webhook, str]:
    """Tell an address from now on; its secret is shown once. Raises RegistryFault."""
    refuse_address(url)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        last = Event.objects.aggregate(last=Max("id"))["last"] or 0
        made = Webhook.objects.create(
            unit=unit, url=url, secret=secret, since_event=last, made_by=user
        )
        record("webhook.added", actor=f"user:{user.pk}", subject=f"unit:{unit.pk}")
    return made, secret


def refuse_address(url: str) -> None:
    """Only addresses out in the world: the office's own network is nobody's to reach."""
    parts = urlsplit(url)
    wrong = parts.scheme not in ("https", "http") or not parts.hostname
    if wrong or (parts.scheme != "https" and _guarded()):
        raise RegistryFault("JF-A010", _NO_HTTPS, "url")
    if not _guarded():
        return
    try:
        outgoing.checked_addresses(parts)
    except outgoing.NoHost:
        raise RegistryFault("JF-A011", _NOT_FOUND, "url") from None
    except outgoing.Inside:
        raise RegistryFault("JF-A012", _INSIDE, "url") from None


def _guarded() -> bool:
    return bool(settings.JIFEN_MODE == "production")


_NO_HTTPS = Text(
    "应为以 https:// 开头的完整地址，请核对。",
    "Write a whole address that begins with https://.",
)
_NOT_FOUND = Text(
    "找不到这个地址的主机，请核对域名。",
    "The host of this address cannot be found: check its name.",
)
_INSIDE = Text(
    "不能使用内部网络的地址或 443 以外的端口。请填写从互联网可以访问的 https 地址。",
    "This address is of an inner network, or names a port other than 443. Give one that the "
    "internet reaches by https.",
)


def plan(most: int = 500) -> int:
    """Deliveries for events that have none yet; how many events were read."""
    hooks = Webhook.objects.filter(ended_at__isnull=True).select_related("unit")
    waiting = [hook for hook in hooks if _events(hook).exists()]
    until = find_last_settled_id(Event) if waiting else 0
    return sum(_plan(hook, until, most) for hook in waiting)


def _events(hook: Webhook) -> "QuerySet[Event]":
    rows = Event.objects.filter(application__unit=hook.unit, internal=False)
    return rows.filter(pk__gt=hook.since_event)


def _plan(hook: Webhook, until: int, most: int) -> int:
    events, now = list(_events(hook).filter(pk__lte=until).order_by("id")[:most]), timezone.now()
    made = [Delivery(webhook=hook, event=event, due_at=now) for event in events]
    with transaction.atomic():
        Delivery.objects.bulk_create(made, ignore_conflicts=True)
        if events:
            Webhook.objects.filter(pk=hook.pk).update(since_event=events[-1].pk)
    return len(events)


def deliver_due(most: int = 50, send: Send | None = None) -> int:
    """Send what is due; how many were tried."""
    done = 0
    while done < most and (row := _claim()):
        _deliver(row, send or post)
        done += 1
    return done


def _claim() -> Delivery | None:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        row = (
            due.filter(free, delivered_at__isnull=True, due_at__lte=now).order_by("due_at").first()
        )
        if row:
            row.lease_until, row.attempts = now + LEASE, row.attempts + 1
            row.save(update_fields=("lease_until", "attempts"))
        return row


def _deliver(row: Delivery, send: Send) -> None:
    hook, event = row.webhook, row.event
    body = body_of(event)
    status = send(hook.url, body, {"X-Jifen-Signature": signature(hook.secret, body)})
    row.last_status, row.lease_until = status, None
    if 200 <= status < 300:
        row.delivered_at, row.due_at = timezone.now(), None
    else:
        wait = min(timedelta(seconds=10 * 2**row.attempts), LONGEST_WAIT)
        row.due_at = timezone.now() + wait if row.attempts < MOST_ATTEMPTS else None
    row.save()


def body_of(event: Event) -> bytes:
    """What is told of an event."""
    a = event.application
    said = {
        "id": event.pk,
        "event": event.act,
        "at": event.at.isoformat(),
        "application": str(a.key),
        "number": a.number,
        "state": a.state,
    }
    return json.dumps(said, sort_keys=True).encode()


def signature(secret: str, body: bytes) -> str:
    """What a receiver compares, in constant time."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; 0 where there was none."""
    said = headers | {"Content-Type": "application/json"}
    try:
        return outgoing.post(url, body, said, seconds=SECONDS, guarded=_guarded())
    except outgoing.NO_ANSWER as error:
        logger.warning("a webhook does not answer: %s", type(error).__name__)
        return 0


def end(user: User, unit: Unit, pk: int) -> None:
    """Tell it nothing more."""
    with transaction.atomic():
        rows = Webhook.objects.filter(unit=unit, pk=pk, ended_at__isnull=True)
        if rows.update(ended_at=timezone.now()):
            record("webhook.ended", actor=f"user:{user.pk}", subject=f"unit:{unit.pk}")
