"""The printed sheet of a notice, and what waits to be printed."""

from django.db import models
from django.db.models import Q

from jifen.office.notices.models.notice import Notice
from jifen.office.vault.fields import SealedField, SealedJSONField


class Printing(models.Model):
    """A notice whose PDF is not made yet. A worker claims it with a lease, and tries again later if
    it fails. `stuck`: why it cannot be printed, for the office (a character that no font has)."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="printing")
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    stuck = SealedJSONField(default=dict)

    class Meta:
        """In the order in which they are due."""

        indexes = (models.Index(fields=("due_at", "id"), name="notices_printing_due"),)

    def __str__(self) -> str:
        return f"notice {self.notice_id} to be printed"


class Sheet(models.Model):
    """The signed PDF of a notice: kept in the storage under its hash, made once, never changed.
    `statement` is what its square code says; `seal` names the certificate that signed it."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="sheet")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    statement = SealedField()
    seal = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Something is on it."""

        constraints = (
            models.CheckConstraint(
                condition=Q(size__gt=0) & Q(pages__gt=0), name="notices_sheet_not_empty"
            ),
        )

    def __str__(self) -> str:
        return f"sheet of notice {self.notice_id}"
