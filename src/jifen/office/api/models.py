"""Tokens of an employer, answers kept for repeated requests, webhooks and their deliveries."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.casework.models import Event
from jifen.office.registry.models import Unit
from jifen.office.vault.fields import SealedField, SealedJSONField

USER = settings.AUTH_USER_MODEL
SCOPES = ("read", "write")


class Token(models.Model):
    """Lets a program act as a member of a unit, for that unit only. Only its hash is kept."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tokens")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token {self.pk} of unit {self.unit_id}"


class Answered(models.Model):
    """What a request with an idempotency key was answered: the same again gives the same."""

    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = SealedJSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A key counts once per token."""

        constraints = (models.UniqueConstraint(fields=("token", "key"), name="api_answered_once"),)

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Webhook(models.Model):
    """An address of a unit that is told of what happens to its cases, signed with `secret`."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="webhooks")
    url = models.URLField(max_length=300)
    secret = SealedField()
    since_event = models.PositiveBigIntegerField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"webhook {self.pk} of unit {self.unit_id}"


class Delivery(models.Model):
    """One event for one webhook; tried again with growing waits until it is taken."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)

    class Meta:
        """An event once per webhook, however often the sweep runs."""

        constraints = (
            models.UniqueConstraint(fields=("webhook", "event"), name="api_delivered_once"),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(delivered_at__isnull=True), name="api_delivery_due"
            ),
        )

    def __str__(self) -> str:
        return f"delivery {self.pk}"
