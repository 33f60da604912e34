"""A decision: everything that it rests on, frozen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jifen.office.casework.models.application import Application
from jifen.office.vault.fields import SealedField

USER = settings.AUTH_USER_MODEL


class Outcome(models.TextChoices):
    """What the engine found on the confirmed facts."""

    REACHED = "reached", "达到分数线"
    BELOW = "below", "未达分数线"
    REFUSED = "refused", "不符合条件"
    VETOED = "vetoed", "一票否决"


class Decision(models.Model):
    """Facts, policy, engine and result as they were. `facts` and `result` are JSON texts, kept to
    the byte so that `replay` can compare. Proposed by one person, signed by another; an edit after
    the proposal voids it (`void_at`), and the row stays. `automatic`: a renewal without any change,
    which nobody proposed or signed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    total = models.DecimalField(max_digits=12, decimal_places=3)
    on = models.DateField()
    policy = models.CharField(max_length=80)
    policy_version = models.CharField(max_length=40)
    policy_hash = models.CharField(max_length=71)
    engine_version = models.CharField(max_length=40)
    facts = SealedField()
    result = SealedField()
    words = SealedField(blank=True)
    automatic = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)
    void_why = SealedField(blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = SealedField(blank=True)

    class Meta:
        """One standing decision per case; two people for each."""

        ordering = ("application", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "number"), name="casework_decision_once"
            ),
            models.UniqueConstraint(
                fields=("application",),
                condition=Q(void_at__isnull=True, revoked_at__isnull=True),
                name="casework_one_standing_decision",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("proposed_by")),
                name="casework_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True, signed_at__isnull=True)
                | Q(signed_by__isnull=False, signed_at__isnull=False)
                | Q(signed_by__isnull=True, automatic=True),
                name="casework_signed_with_time",
            ),
            models.CheckConstraint(
                condition=Q(automatic=True, proposed_by__isnull=True, signed_by__isnull=True)
                | Q(automatic=False, proposed_by__isnull=False),
                name="casework_by_people_or_by_itself",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[o.value for o in Outcome]), name="casework_outcome_known"
            ),
        )

    def __str__(self) -> str:
        return f"decision {self.number} of application {self.application_id}"
