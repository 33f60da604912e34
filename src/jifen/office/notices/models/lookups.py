"""Schools and offices that check many notices, and every look-up that they made."""

from django.conf import settings
from django.db import models

from jifen.office.notices.models.notice import Notice
from jifen.office.vault.fields import SealedField

USER = settings.AUTH_USER_MODEL


class Checker(models.Model):
    """A school or an office with a token of its own; only its hash is kept."""

    city = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """One of a name in a city at a time."""

        ordering = ("city", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("city", "name"),
                condition=models.Q(ended_at__isnull=True),
                name="notices_checker_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class LookUp(models.Model):
    """One notice that was asked about, found or not (`notice` None). Never changed."""

    checker = models.ForeignKey(Checker, on_delete=models.PROTECT, related_name="lookups")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="lookups")
    at = models.DateTimeField(auto_now_add=True)
    purpose = SealedField()
    state = models.CharField(max_length=10)

    class Meta:
        """By notice: its holder may know who asked."""

        ordering = ("id",)
        indexes = (models.Index(fields=("notice", "-id"), name="notices_looked_up"),)

    def __str__(self) -> str:
        return f"{self.state} for checker {self.checker_id}"
