"""Entries of the log, its head, and the digests signed each day."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jifen.office.audit.chain import START


class Entry(models.Model):
    """One act, or one read of personal data. Never changed: triggers refuse it.

    `number` counts from 1 without gaps. `hash` is SHA-256 over `previous` and all other fields.
    `subject` names what was acted on (such as 'application:17'); `details` hold no personal data.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    on_behalf_of = models.CharField(max_length=80, blank=True)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        """Read by subject and by actor."""

        ordering = ("number",)
        indexes = (
            models.Index(fields=("subject", "number"), name="audit_by_subject"),
            models.Index(fields=("actor", "number"), name="audit_by_actor"),
            models.Index(fields=("at",), name="audit_by_time"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(number__gte=1), name="audit_number_from_1"),
            models.CheckConstraint(condition=~Q(act="") & ~Q(actor=""), name="audit_is_named"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.subject}"


class Access(models.Model):
    """One sign-in, refusal, or look at personal data (`accesses.py`). Never changed: triggers
    refuse it. Chained in portions: the entry of a portion names its last row and the hash of all.

    Numbers may have gaps: a row that was undone leaves one.
    """

    at = models.DateTimeField()
    act = models.CharField(max_length=60)
    actor = models.CharField(max_length=150)
    subject = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=60, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        """Read by subject and by actor."""

        ordering = ("id",)
        indexes = (
            models.Index(fields=("subject", "id"), name="audit_access_by_subject"),
            models.Index(fields=("actor", "id"), name="audit_access_by_actor"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(act="") & ~Q(actor=""), name="audit_access_is_named"
            ),
        )

    def __str__(self) -> str:
        return f"access {self.pk} {self.act} {self.subject}"

    @classmethod
    def build_for_unreadable_line(cls, length: int) -> "Access":
        """An access that stands for a line of the spool file that cannot be read."""
        details = {"length": length}
        return cls(at=timezone.now(), act="log.unreadable", actor="system", details=details)


class Head(models.Model):
    """The last entry: one row, locked while an entry is added. `sealed`: the last access that an
    entry stands for."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    sealed = models.PositiveBigIntegerField(default=0)

    class Meta:
        """One row only."""

        constraints = (models.CheckConstraint(condition=Q(id=1), name="audit_one_head"),)

    def __str__(self) -> str:
        return f"head at {self.number}"

    @classmethod
    def create_if_missing(cls) -> None:
        """The head of an empty log, where there is none."""
        cls.objects.get_or_create(pk=1, defaults={"number": 0, "hash": START})


class Digest(models.Model):
    """The log up to the end of a day, signed: whoever keeps it can prove a later change.

    `previous`: SHA-256 of the file of the digest before; empty for digests from before files.
    """

    day = models.DateField(primary_key=True)
    number = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=40)
    signature = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        """By day."""

        ordering = ("day",)

    def __str__(self) -> str:
        return f"digest of {self.day}"
