"""Populations on which drafts are tried, the runs that give their figures, and sample persons."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from jifen.office.accounts.models import User
from jifen.office.workshop.models.drafts import Draft, Revision


class Label(models.TextChoices):
    """What kind of people these are: it stands beside every figure."""

    SYNTHETIC = "synthetic", "合成人口，非真实数据"
    REGISTER = "register", "登记数据"


class PopulationState(models.TextChoices):
    """Whether its people can be used."""

    WAITING = "waiting", "排队生成"
    READY = "ready", "可用"
    FAILED = "failed", "生成失败"


class Population(models.Model):
    """People of a city whose figures an office may see: packed in the folder `key` of the site's
    populations. `people_of` is the city whose facts they have; `hash` covers all columns."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    city = models.CharField(max_length=40)
    people_of = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=300)
    as_of = models.DateField()
    label = models.CharField(max_length=20, choices=Label.choices)
    seed = models.PositiveBigIntegerField(null=True)
    margins = models.CharField(max_length=120, blank=True)
    wanted = models.PositiveBigIntegerField(null=True)
    people = models.PositiveBigIntegerField(null=True)
    hash = models.CharField(max_length=71, blank=True)
    state = models.CharField(max_length=20, choices=PopulationState.choices)
    fault = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """One that is ready has people and a hash; synthetic people can be drawn again."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(people__isnull=False) & ~Q(hash=""),
                name="workshop_population_ready_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(label__in=[choice.value for choice in Label]),
                name="workshop_population_label_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[choice.value for choice in PopulationState]),
                name="workshop_population_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(label="synthetic") | Q(seed__isnull=False, wanted__isnull=False),
                name="workshop_synthetic_can_be_redrawn",
            ),
        )

    def __str__(self) -> str:
        return self.name


class RunState(models.TextChoices):
    """What became of a simulation."""

    WAITING = "waiting", "排队"
    RUNNING = "running", "计算中"
    DONE = "done", "已完成"
    SUPERSEDED = "superseded", "已被更新的修改取代"
    FAILED = "failed", "未能计算"


class Run(models.Model):
    """The figures of one revision on one population and day. Figures are written whole, with the
    state `done`, or not at all; `progress` is in per cent, `tries` counts the processes that took
    it up."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="runs")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="runs")
    population = models.ForeignKey(Population, on_delete=models.PROTECT, related_name="runs")
    on = models.DateField()
    groups = models.JSONField(default=list)
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
        """One run of a state counts; figures are there exactly where it is done."""

        ordering = ("id",)
        indexes = (models.Index(fields=("state", "id"), name="workshop_run_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "population", "on"),
                condition=Q(state__in=["waiting", "running", "done"]),
                name="workshop_run_once",
            ),
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False) & ~Q(figures="")
                | ~Q(state="done") & Q(figures=""),
                name="workshop_run_figures_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) & ~Q(claim="")
                | ~Q(state="running"),
                name="workshop_run_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[choice.value for choice in RunState]),
                name="workshop_run_state_known",
            ),
        )

    def __str__(self) -> str:
        return f"run {self.pk} of {self.revision}"


class SamplePerson(models.Model):
    """Somebody invented whom a draft is tried on: `answers` as they were typed, by fact."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="sample_persons")
    name = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """In the order in which they were made up."""

        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
