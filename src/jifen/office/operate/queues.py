"""What background work has still to do, as counts: how much, since when, under whose lease."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from jifen.office.casework.models import RegisterCheck, Workbook
from jifen.office.documents.models import Document, Scan
from jifen.office.messages.delivery import WAITING
from jifen.office.messages.models import Message
from jifen.office.notices.models import Printing
from jifen.office.waiting.models import OPEN, Waiting
from jifen.office.workshop.models import Run, RunState


@dataclass(frozen=True, slots=True)
class QueueKind:
    """One queue. `list_waiting` gives the rows that should be done by now or were tried in vain;
    `since`: the field with the time from which such a row waits."""

    name: str
    since: str
    list_waiting: Callable[[datetime], QuerySet[Any]]
    has_tries: bool = True


@dataclass(frozen=True, slots=True)
class QueueCount:
    """Rows of one queue: waiting, of these tried before, under a lease now, and with a lease that
    ended before the work did."""

    name: str
    waiting: int
    retrying: int
    leased: int
    expired: int
    oldest_seconds: float


def due_or_tried(now: datetime) -> Q:
    """Rows that should be done by now, and rows that were tried in vain and wait."""
    return Q(due_at__lte=now) | Q(due_at__isnull=False, attempts__gt=0)


QUEUES = [
    QueueKind(
        "messages",
        "made_at",
        lambda now: Message.objects.filter(due_or_tried(now), state__in=WAITING),
    ),
    QueueKind("papers", "notice__made_at", lambda now: Printing.objects.filter(due_or_tried(now))),
    QueueKind("scans", "uploaded_at", lambda now: Document.objects.filter(scan=Scan.WAITING)),
    QueueKind(
        "registers",
        "due_at",
        lambda now: RegisterCheck.objects.filter(due_or_tried(now), state="due"),
    ),
    QueueKind(
        "workbooks",
        "created_at",
        lambda now: Workbook.objects.filter(ended_at=None),
        has_tries=False,
    ),
    QueueKind(
        "simulations",
        "asked_at",
        lambda now: Run.objects.filter(state__in=(RunState.WAITING, RunState.RUNNING)),
        has_tries=False,
    ),
]
"""All queues; those of apps above this one are added when the apps are loaded."""


def register_queue(kind: QueueKind) -> None:
    """Count a queue of an app that stands above this one with the others."""
    if all(other.name != kind.name for other in QUEUES):
        QUEUES.append(kind)


def count_queue(kind: QueueKind, now: datetime) -> QueueCount:
    """Count one queue, in one statement."""
    aggregates: dict[str, Any] = {
        "waiting": Count("pk"),
        "leased": Count("pk", filter=Q(lease_until__gt=now)),
        "expired": Count("pk", filter=Q(lease_until__lte=now)),
        "oldest": Min(kind.since),
    }
    if kind.has_tries:
        aggregates["retrying"] = Count("pk", filter=Q(attempts__gt=0))
    counts = {"retrying": 0} | kind.list_waiting(now).aggregate(**aggregates)
    oldest = counts.pop("oldest")
    seconds = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    return QueueCount(kind.name, **counts, oldest_seconds=seconds)


def count_waits(today: date) -> list[tuple[str, int, int]]:
    """What waits on somebody: each kind, how many, and how many of them past their day."""
    rows = Waiting.objects.filter(OPEN).values("kind").order_by("kind")
    counted = rows.annotate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    return list(counted.values_list("kind", "all", "late"))
