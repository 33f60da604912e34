"""A notice with its number: what it says, frozen; and the day from which it no longer holds."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from jifen.office.casework.models import Application, Decision
from jifen.office.notices.models.series import Series
from jifen.office.registry.models import Person
from jifen.office.vault.fields import SealedJSONField


class NoticeKind(models.TextChoices):
    """What a notice is."""

    NOTICE = "notice", "积分通知书"
    REFUSAL = "refusal", "不予积分决定书"
    RECEIPT = "receipt", "受理回执"
    CORRECTION = "correction", "补正通知书"
    RENEWAL = "renewal", "积分续签通知"
    REVOCATION = "revocation", "撤销决定书"
    SETTLEMENT = "settlement", "积分入户通知单"


class RevocationReason(models.TextChoices):
    """Why a notice no longer holds."""

    REPLACED = "replaced", "已由新的决定替代"
    REVOKED = "revoked", "决定已撤销"
    ENDED = "ended", "积分已终止"
    PERMIT = "permit", "居住证已注销"
    LIST = "list", "已不在入户名单上"


class Notice(models.Model):
    """A notice that was issued. Never changed: a correction is a new one, with a number of its own,
    that `replaces` this one.

    `event` names what it was issued for ('decision:12'), so that it is issued once. `code` is typed
    by hand to check it. `content` is everything that is printed; `result`, `since` and `until`
    stand apart for whoever checks it. `since` None: it holds from the day of issue. `until` None:
    the notice names no last day.
    """

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    event = models.CharField(max_length=60, unique=True)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="notices")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notices")
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="notices"
    )
    version = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    result = models.CharField(max_length=8, blank=True)
    issued_on = models.DateField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    content = SealedJSONField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Each number of a series once; each version of a case's notice once."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("series", "sequence"), name="notices_number_once"),
            models.UniqueConstraint(
                fields=("application", "version"),
                condition=Q(kind__in=("notice", "refusal")),
                name="notices_version_once",
            ),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="notices_number_from_1"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in NoticeKind]), name="notices_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("notice", "refusal", "revocation"))
                | Q(decision__isnull=False),
                name="notices_of_a_decision",
            ),
        )
        indexes = (
            models.Index(fields=("application", "id"), name="notices_of_case"),
            models.Index(fields=("person", "id"), name="notices_of_person"),
        )

    def __str__(self) -> str:
        return self.number


class Revocation(models.Model):
    """From `on` a notice no longer holds. Never taken back: a new notice is issued instead."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="revocation")
    on = models.DateField()
    why = models.CharField(max_length=8, choices=RevocationReason.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The list of what was revoked is read in order."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(why__in=[w.value for w in RevocationReason]), name="notices_why_known"
            ),
        )
        indexes = (models.Index(fields=("on",), name="notices_revoked_on"),)

    def __str__(self) -> str:
        return f"{self.why} from {self.on}: notice {self.notice_id}"


class Removed(models.Model):
    """The place on the list of revocations of a notice that went with its case. It stays revoked: a
    copy of the notice may be about, and would hold again without an end."""

    place = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In order."""

        ordering = ("place",)

    def __str__(self) -> str:
        return f"place {self.place}"


class Cursor(models.Model):
    """How far a source of events was read."""

    source = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.source} up to {self.last}"
