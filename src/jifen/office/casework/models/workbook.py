"""A workbook of employees on its way to drafts."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jifen.office.registry.models import Unit
from jifen.office.vault.fields import SealedField, SealedJSONField

USER = settings.AUTH_USER_MODEL


class Workbook(models.Model):
    """Taken in row by row in the background: `done` of `rows` people are gone through.

    `content`: the file in base64, sealed, emptied some days after the end. `refused`: row number →
    the words in Chinese and in English, for rows whose cells were good.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="workbooks")
    agency = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    content = SealedField(blank=True)
    emptied = models.BooleanField(default=False)
    rows = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = SealedJSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        """Never further than its rows; ended when all are gone through."""

        constraints = (
            models.CheckConstraint(condition=Q(done__lte=F("rows")), name="casework_workbook_rows"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(done=F("rows")),
                name="casework_workbook_ended_whole",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), condition=Q(ended_at__isnull=True), name="casework_workbook_due"
            ),
        )

    def __str__(self) -> str:
        return f"workbook {self.pk} of unit {self.unit_id}"
