"""A revision that is published for comment, its hearings, and what the office answers."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from jifen.office.accounts.models import User
from jifen.office.workshop.models import Draft, Revision, Run


class ConsultationState(models.TextChoices):
    """Where a consultation is. That its window is over follows from its last day."""

    PROPOSED = "proposed", "待批准"
    REFUSED = "refused", "未批准"
    OPEN = "open", "已发布"
    REPLYING = "replying", "答复待签发"
    ANSWERED = "answered", "已答复"
    WITHDRAWN = "withdrawn", "已撤回"


UNFINISHED = (ConsultationState.PROPOSED, ConsultationState.OPEN, ConsultationState.REPLYING)


class Consultation(models.Model):
    """A revision published for comment. `working_days` is the length of the window, `opens_on` its
    first day and `last_day` its last. `against` is the version that it is compared with; `run` has
    the figures that are shown. `policy_hash`: of the rules as they were published."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="consultations")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="consultations")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    city = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    explanation = models.TextField()
    against = models.CharField(max_length=40)
    policy_hash = models.CharField(max_length=71)
    working_days = models.PositiveSmallIntegerField()
    opens_on = models.DateField(null=True)
    last_day = models.DateField(null=True)
    state = models.CharField(
        max_length=20, choices=ConsultationState.choices, default=ConsultationState.PROPOSED
    )
    numbered = models.PositiveIntegerField(default=0)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        """The newest first; one of a draft is unfinished at a time, and two people open it."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("draft",),
                condition=Q(state__in=[state.value for state in UNFINISHED]),
                name="consultation_one_unfinished",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[choice.value for choice in ConsultationState]),
                name="consultation_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "replying", "answered"])
                | Q(opens_on__isnull=False, last_day__gte=F("opens_on"), decided_by__isnull=False),
                name="consultation_open_has_window",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "replying", "answered", "refused"])
                | ~Q(decided_by=F("proposed_by")),
                name="consultation_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["replying", "answered"]) | Q(handed_in_by__isnull=False),
                name="consultation_answers_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(working_days__gte=1), name="consultation_window_of_a_day"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Hearing(models.Model):
    """A hearing on a consultation: when and where, and its minutes afterwards."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="hearings"
    )
    on = models.DateField()
    at = models.TimeField()
    place = models.CharField(max_length=200)
    remarks = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    minutes = models.TextField(blank=True)
    minutes_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    minutes_at = models.DateTimeField(null=True)

    class Meta:
        """By day."""

        ordering = ("on", "at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(minutes="", minutes_by__isnull=True, minutes_at__isnull=True)
                | ~Q(minutes="") & Q(minutes_by__isnull=False, minutes_at__isnull=False),
                name="consultation_minutes_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"hearing on {self.on}"


class Verdict(models.TextChoices):
    """What became of a comment."""

    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    NOT = "not", "未采纳"


class OfficeAnswer(models.Model):
    """What the office answers to one comment or several: adopted, partly or not, and why.
    `revision`: the state of the draft that the comments led to."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="answers")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """In the order in which they were written; a reason is never empty."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=[choice.value for choice in Verdict]),
                name="consultation_verdict_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="consultation_answer_has_reason"),
        )

    def __str__(self) -> str:
        return f"answer {self.pk}: {self.verdict}"


class ConsultationSummary(models.Model):
    """What was signed at the end. `document` is the open data (JSON), byte for byte as it is
    published; `sha256` its hash; `statement` a compact JWS over it; `pdf` the sealed summary."""

    consultation = models.OneToOneField(
        Consultation, on_delete=models.PROTECT, related_name="summary"
    )
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    statement = models.TextField()
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"summary of consultation {self.consultation_id}"
