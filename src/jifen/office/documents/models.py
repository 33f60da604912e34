"""One uploaded file. What it belongs to is said by whoever refers to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.vault.fields import SealedField


class Scan(models.TextChoices):
    """What the antivirus said; 'unneeded' where none is configured."""

    WAITING = "waiting"
    PASSED = "passed"
    FOUND = "found"
    UNNEEDED = "unneeded"


class Document(models.Model):
    """A file by its content. `sha256` names it in the storage; `name` is what the user called it.

    Sizes in bytes and pixels. `lease_until` and `attempts` belong to the scan: a stuck one is
    taken up again when its lease has ended.
    """

    sha256 = models.CharField(max_length=64)
    name = SealedField()
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    scan = models.CharField(max_length=10, choices=Scan.choices)
    scan_due_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        """Scans that are due are found by their time."""

        indexes = (
            models.Index(
                fields=("scan_due_at",), condition=Q(scan="waiting"), name="documents_scan_due"
            ),
            models.Index(fields=("sha256",), name="documents_by_hash"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("pdf", "jpeg", "png")), name="documents_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(scan__in=[choice.value for choice in Scan]), name="documents_scan_known"
            ),
        )

    def __str__(self) -> str:
        return f"document {self.pk}"

    @property
    def may_be_opened(self) -> bool:
        """Whether clerks may look at it."""
        return self.scan in (Scan.PASSED, Scan.UNNEEDED)
