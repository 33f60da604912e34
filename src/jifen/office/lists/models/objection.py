"""An objection to an entry during publicity: filed, heard, decided with reasons."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jifen.office.lists.models.entry import Entry
from jifen.office.vault.fields import SealedField

USER = settings.AUTH_USER_MODEL


class ObjectionState(models.TextChoices):
    """Where an objection stands; what may follow is in `rules.OBJECTIONS`."""

    FILED = "filed", "已提出"
    HEARD = "heard", "已听取意见"
    UPHELD = "upheld", "成立"
    DISMISSED = "dismissed", "不成立"
    WITHDRAWN = "withdrawn", "已撤回"


class Objection(models.Model):
    """What was said about somebody stands sealed; who objected is not told to that person.

    `answer`: of the person listed. `findings`: of whoever heard it; `reasons`: of whoever decided,
    who is another.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="objections")
    state = models.CharField(
        max_length=9, choices=ObjectionState.choices, default=ObjectionState.FILED
    )
    words = SealedField()
    filed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    filed_on = models.DateField()
    filed_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()
    answer = SealedField(blank=True)
    answered_at = models.DateTimeField(null=True)
    heard_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    heard_at = models.DateTimeField(null=True)
    findings = SealedField(blank=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    reasons = SealedField(blank=True)

    class Meta:
        """One open objection of somebody to an entry; decided by another than who heard it."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "filed_by"),
                condition=Q(state__in=("filed", "heard")),
                name="lists_one_open_objection",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("heard_by")) & ~Q(decided_by=F("filed_by"))),
                name="lists_objection_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("upheld", "dismissed"))
                | Q(heard_by__isnull=False, decided_by__isnull=False, decided_on__isnull=False),
                name="lists_objection_decided_by",
            ),
        )
        indexes = (models.Index(fields=("state", "due_on"), name="lists_objections_due"),)

    def __str__(self) -> str:
        return f"objection {self.pk}"
