"""A round of a ranking, frozen: who entered, in what order, who is inside the quota."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

USER = settings.AUTH_USER_MODEL


class Run(models.Model):
    """All accepted cases of a year's filing, ranked. Frozen when it is opened: `places` are never
    changed, `digest` is the SHA-256 of `statement_of(run)`, which can be made again at any time.

    One that `supplements` a published ranking holds only those who came to stand at or above its
    last place later, and is opened and published as it was.

    `undecided`: accepted cases that had no signed decision then, so that nobody overlooks them.
    """

    name = models.CharField(max_length=40, unique=True)
    city = models.CharField(max_length=40)
    rules = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    policy = models.CharField(max_length=80)
    policy_version = models.CharField(max_length=40)
    policy_hash = models.CharField(max_length=71)
    engine_version = models.CharField(max_length=40)
    supplements = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="supplemented_by"
    )
    quota = models.PositiveIntegerField()
    level = models.CharField(max_length=4, choices=(("all", "全部列入"), ("none", "全不列入")))
    ties = models.JSONField(default=list)
    accepted = models.PositiveIntegerField()
    undecided = models.PositiveIntegerField()
    ranked = models.PositiveIntegerField()
    admitted = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=9,
        default="open",
        choices=(("open", "待发布"), ("published", "已公示"), ("discarded", "已作废")),
    )
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        """One published ranking a year; published by another than who opened it."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("city", "year", "number"), name="lists_run_once"),
            models.UniqueConstraint(
                fields=("city", "year"),
                condition=Q(state="published", supplements__isnull=True),
                name="lists_one_published_round",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(closed_by=F("opened_by")),
                name="lists_run_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(closed_by__isnull=False),
                name="lists_run_closed_by",
            ),
        )

    def __str__(self) -> str:
        return self.name


class RunPlace(models.Model):
    """One person's place in a run. Never changed; `decision` is a plain number, so that the row
    outlives the case. `keys`: the tie keys as texts of exact numbers."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    decision = models.PositiveBigIntegerField()
    name = models.CharField(max_length=60)
    total = models.DecimalField(max_digits=12, decimal_places=3)
    keys = models.JSONField(default=list)
    place = models.PositiveIntegerField()
    level = models.PositiveIntegerField()
    admitted = models.BooleanField()

    class Meta:
        """In order of the list."""

        ordering = ("run", "position")
        constraints = (
            models.UniqueConstraint(fields=("run", "position"), name="lists_position_once"),
            models.UniqueConstraint(fields=("run", "number"), name="lists_ranked_once"),
        )

    def __str__(self) -> str:
        return f"place {self.place} of run {self.run_id}"
