"""Drafts of a measure: each state is a revision, and revisions are never changed."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from jifen.office.accounts.models import User


class DraftState(models.TextChoices):
    """Where a draft is on its way. Proposals, consultation and adoption will add theirs here."""

    OPEN = "open", "起草中"
    CLOSED = "closed", "已搁置"


class Draft(models.Model):
    """A measure that an office drafts. It starts from a version of any city (`base_city`,
    `base_version`) and keeps the facts of that city. `on` is the day whose rules are drafted and
    simulated; `head` is the number of the newest revision."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    city = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    base_city = models.CharField(max_length=40)
    base_version = models.CharField(max_length=40)
    base_hash = models.CharField(max_length=71)
    on = models.DateField()
    state = models.CharField(max_length=20, choices=DraftState.choices, default=DraftState.OPEN)
    head = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Read by office, the newest first."""

        ordering = ("-id",)
        indexes = (models.Index(fields=("city", "state"), name="workshop_draft_by_office"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[choice.value for choice in DraftState]),
                name="workshop_draft_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(city="") & ~Q(base_city="") & ~Q(base_version="") & ~Q(title=""),
                name="workshop_draft_is_named",
            ),
        )

    def __str__(self) -> str:
        return self.title


class MeasureText(models.Model):
    """A whole document that a revision holds instead of its version. Never changed."""

    hash = models.CharField(max_length=71, unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.hash


class Revision(models.Model):
    """One state of a draft: a change of the version (paths and values as JSON), or of the whole
    document `text`. `hash` covers both. Rows are added, never changed."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    parent = models.PositiveIntegerField(null=True)
    restores = models.PositiveIntegerField(null=True)
    text = models.ForeignKey(MeasureText, on_delete=models.PROTECT, null=True, related_name="+")
    change = models.TextField(default="{}")
    hash = models.CharField(max_length=71)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """Numbers count up from 1; each but the first follows an earlier one."""

        ordering = ("draft", "number")
        constraints = (
            models.UniqueConstraint(fields=("draft", "number"), name="workshop_revision_once"),
            models.CheckConstraint(
                condition=Q(number=1, parent__isnull=True)
                | Q(number__gt=1, parent__lt=models.F("number")),
                name="workshop_revision_follows",
            ),
            models.CheckConstraint(
                condition=Q(hash__startswith="sha256:"), name="workshop_revision_hash_is_sha256"
            ),
        )

    def __str__(self) -> str:
        return f"revision {self.number} of draft {self.draft_id}"


class CaseFinding(models.Model):
    """What an official said of a worked case that a draft changes: intended or not. `outcome` is
    the result that was judged: another result needs another finding. Rows are added, the last one
    counts."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="case_findings")
    revision = models.PositiveIntegerField()
    case = models.CharField(max_length=120)
    outcome = models.CharField(max_length=300)
    intended = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Asked for by draft."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.case} of draft {self.draft_id}"
