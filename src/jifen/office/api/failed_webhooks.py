"""Deliveries to webhooks of units that were given up, and the queue of the others."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.administration.failed_deliveries import (
    MOST_ROWS,
    NOT_FAILED,
    FailedDelivery,
)
from jifen.office.api.models import Delivery
from jifen.office.api.words import say
from jifen.office.audit.actions import record
from jifen.office.operate.queues import QueueKind, due_or_tried

WEBHOOK_QUEUE = QueueKind(
    "webhooks",
    "event__at",
    lambda now: Delivery.objects.filter(due_or_tried(now), delivered_at=None),
)


class FailedWebhooks:
    """Events that the program of a unit did not take in all their tries."""

    name = "webhook"

    def list_failed(self, cities: Iterable[str]) -> list[FailedDelivery]:
        """Those of units of some cities, the newest first."""
        rows = _select_given_up(cities).select_related("webhook__unit", "event__application")
        return [
            FailedDelivery(
                self.name,
                row.pk,
                say("failed_webhooks.webhook"),
                row.event.application.number or "",
                say("failed_webhooks.to", unit_name=row.webhook.unit.name),
                f"HTTP {row.last_status}" if row.last_status else "",
                None,
                row.attempts,
            )
            for row in rows.order_by("-id")[:MOST_ROWS]
        ]

    def try_again(self, by: User, cities: Iterable[str], pk: int) -> None:
        """Begin the tries of one anew. Raises AdministrationFault where it was not given up."""
        with transaction.atomic():
            rows = _select_given_up(cities).filter(pk=pk)
            changed = Delivery.objects.filter(pk__in=rows.values("pk")).update(
                due_at=timezone.now(), attempts=0, lease_until=None
            )
            if not changed:
                raise NOT_FAILED
            record("delivery.tried_again", actor=f"user:{by.pk}", subject=f"webhook_delivery:{pk}")


def _select_given_up(cities: Iterable[str]) -> "QuerySet[Delivery]":
    rows = Delivery.objects.filter(delivered_at=None, due_at=None)
    return rows.filter(webhook__unit__city__in=list(cities), webhook__ended_at=None)
