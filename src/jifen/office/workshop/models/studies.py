"""Longer questions about a revision: what its points weigh, proposals, what decides who reaches."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from jifen.office.accounts.models import User
from jifen.office.workshop.models.drafts import Draft, Revision
from jifen.office.workshop.models.effects import Population, RunState


class StudyKind(models.TextChoices):
    """What is asked."""

    WEIGHTS = "weights", "指标分量"
    PROPOSALS = "proposals", "寻找方案"
    SENSITIVITY = "sensitivity", "敏感性"


class Study(models.Model):
    """A question about a revision on a population and day. `brief`: the figures that may change, as
    the file of `jifen lab propose`; empty where none are; of weights, another measure whose
    indicators are weighed instead (`measure: chengdu@2024`). Figures are written whole, with the
    state `done`, or not at all."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="studies")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="studies")
    population = models.ForeignKey(Population, on_delete=models.PROTECT, related_name="studies")
    on = models.DateField()
    kind = models.CharField(max_length=20, choices=StudyKind.choices)
    brief = models.TextField(blank=True)
    seconds = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=20, choices=RunState.choices, default=RunState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    figures = models.TextField(blank=True)
    fault = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """Figures are there exactly where it is done."""

        ordering = ("id",)
        indexes = (models.Index(fields=("state", "id"), name="workshop_study_by_state"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False) & ~Q(figures="")
                | ~Q(state="done") & Q(figures=""),
                name="workshop_study_figures_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) & ~Q(claim="")
                | ~Q(state="running"),
                name="workshop_study_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[choice.value for choice in RunState])
                & Q(kind__in=[choice.value for choice in StudyKind]),
                name="workshop_study_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="proposals") | ~Q(brief=""),
                name="workshop_proposals_have_a_brief",
            ),
        )

    def __str__(self) -> str:
        return f"study {self.pk} of {self.revision}"
