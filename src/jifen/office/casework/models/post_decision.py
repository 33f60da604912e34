"""What may follow a decision: a recheck, a finding of false material."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jifen.office.casework.models.application import Application
from jifen.office.casework.models.decision import Decision
from jifen.office.registry.models import Person
from jifen.office.vault.fields import SealedField, SealedJSONField

USER = settings.AUTH_USER_MODEL


class Recheck(models.Model):
    """复核: asked for by the person with reasons by line, decided by somebody who did not decide.

    `reasons`: [{"line": indicator id, "words": ...}]; `changed` likewise what changed, by line.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="rechecks")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="rechecks")
    reasons = SealedJSONField(default=list)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()
    state = models.CharField(
        max_length=8,
        default="open",
        choices=(("open", "复核中"), ("upheld", "维持"), ("changed", "变更")),
    )
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = SealedField(blank=True)
    changed = SealedJSONField(default=list)

    class Meta:
        """One open recheck per case."""

        constraints = (
            models.UniqueConstraint(
                fields=("application",), condition=Q(state="open"), name="casework_one_recheck"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="casework_recheck_two_people",
            ),
        )

    def __str__(self) -> str:
        return f"recheck of application {self.application_id}"


class FalseRecord(models.Model):
    """The register of false material: the person is told, then heard; once effective, later scores
    use its day as a fact, until it expires.

    `told_by`: how the person is told, by their account or by a letter on paper; `told_on`: the day
    on which that was done, from which the days of the hearing run. A letter is delivered by
    somebody of the staff (`delivered_by`, and how). `taken_down_by`: who of the staff wrote down an
    answer that was given on paper or at the counter.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="false_records")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="false_records"
    )
    fact = models.CharField(max_length=60)
    words = SealedField()
    found_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(auto_now_add=True)
    told_by = models.CharField(
        max_length=7, default="account", choices=(("account", "账号消息"), ("letter", "书面告知"))
    )
    told_on = models.DateField(null=True)
    delivered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    delivery_words = SealedField(blank=True)
    hearing_until = models.DateField(null=True)
    answer = SealedField(blank=True)
    answered_at = models.DateTimeField(null=True)
    taken_down_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=9,
        default="hearing",
        choices=(("hearing", "听取意见"), ("effective", "生效"), ("dropped", "不成立")),
    )
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = SealedField(blank=True)
    effective_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)

    class Meta:
        """Found by one, decided by another; the days run once the person was told."""

        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("found_by")),
                name="casework_false_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="effective") ^ Q(effective_on__isnull=True),
                name="casework_false_effective_has_day",
            ),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True) ^ Q(hearing_until__isnull=False),
                name="casework_false_days_run_from_telling",
            ),
        )
        indexes = (models.Index(fields=("person", "state"), name="casework_false_by_person"),)

    def __str__(self) -> str:
        return f"false record {self.pk}"
