"""What a clerk asks to be put right: pointed items, one deadline."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.casework.models.application import Application
from jifen.office.vault.fields import SealedField, SealedJSONField

USER = settings.AUTH_USER_MODEL


class Correction(models.Model):
    """One request. It ends answered, lapsed (and a lapse may be taken back with a reason), or
    withdrawn with the case."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="corrections"
    )
    number = models.PositiveIntegerField()
    gate = models.CharField(max_length=40)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()
    state = models.CharField(
        max_length=8,
        default="open",
        choices=(
            ("open", "待补正"),
            ("answered", "已补正"),
            ("lapsed", "逾期"),
            ("ended", "已终止"),
        ),
    )
    ended_at = models.DateTimeField(null=True)
    words = SealedField(blank=True)

    class Meta:
        """One open request per case."""

        ordering = ("application", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "number"), name="casework_correction_once"
            ),
            models.UniqueConstraint(
                fields=("application",), condition=Q(state="open"), name="casework_one_correction"
            ),
        )
        indexes = (
            models.Index(
                fields=("due_on",), condition=Q(state="open"), name="casework_correction_due"
            ),
        )

    def __str__(self) -> str:
        return f"correction {self.number} of application {self.application_id}"


class CorrectionItem(models.Model):
    """One fact or one document, with the reason.

    `before` and `after`: what was claimed of a fact when it was asked for and when it came back, as
    [value]; `answer`: what the applicant says to it in words.
    """

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=8, choices=(("fact", "事实"), ("material", "材料")))
    key = models.CharField(max_length=60)
    reason = models.CharField(max_length=40)
    words = SealedField(blank=True)
    before = SealedJSONField(default=list)
    after = SealedJSONField(default=list)
    answer = SealedField(blank=True)

    class Meta:
        """An item once per request."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("correction", "kind", "key"), name="casework_correction_item_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
