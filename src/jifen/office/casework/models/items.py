"""The facts of a case: what was claimed, every edit of it, what was found."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.casework.models.application import Application
from jifen.office.vault.fields import SealedField, SealedJSONField

USER = settings.AUTH_USER_MODEL
FILLED = "filled:"
"""Before the name of a register, or of the identity number, from which a claim was filled in."""


class Finding(models.TextChoices):
    """What became of a claimed fact."""

    OPEN = "open", "待确认"
    CONFIRMED = "confirmed", "已确认"
    CORRECTED = "corrected", "已更正"
    REJECTED = "rejected", "不予认定"


class Item(models.Model):
    """One fact of one case.

    `typed` is what stands in the form (text, rows or spells), also when it makes no sense; `given`
    what the engine reads, where there is anything ([] for absent, [value] otherwise, so that null
    keeps its meaning). `found` likewise, once confirmed: its source is a register (with the day of
    its data) or a document that a clerk saw; `proof_until`: the last day of that document.

    In a renewal: `carried_from` is last year's item, or `why` says what is looked at again.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="items")
    fact = models.CharField(max_length=60)
    typed = SealedJSONField(null=True)
    given = SealedJSONField(default=list)
    revision = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=10, choices=Finding.choices, default=Finding.OPEN)
    found = SealedJSONField(default=list)
    source = models.CharField(max_length=40, blank=True)
    source_as_of = models.DateField(null=True)
    conflict = SealedJSONField(default=list)
    reason = models.CharField(max_length=40, blank=True)
    words = SealedField(blank=True)
    found_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(null=True)
    proof_until = models.DateField(null=True)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    why = models.CharField(max_length=20, blank=True)

    class Meta:
        """A fact once per case."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("application", "fact"), name="casework_fact_once"),
            models.CheckConstraint(
                condition=Q(finding="open") ^ ~Q(found=[]), name="casework_found_when_not_open"
            ),
            models.CheckConstraint(
                condition=Q(finding__in=[f.value for f in Finding]), name="casework_finding_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.fact} of application {self.application_id}"


class Edit(models.Model):
    """What stood in a field from one revision of the draft on. Never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="edits")
    fact = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    typed = SealedJSONField(null=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One value per revision."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("application", "fact", "revision"), name="casework_edit_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.fact} at revision {self.revision}"
