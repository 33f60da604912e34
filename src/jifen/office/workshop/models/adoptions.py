"""Adoptions: a revision that is to be put in force, who proposed it and who decided."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from jifen.office.accounts.models import User
from jifen.office.workshop.models.drafts import Draft, Revision


class AdoptionState(models.TextChoices):
    """Where an adoption is: an adopted version is in force from its first day on."""

    PROPOSED = "proposed", "待审批"
    ADOPTED = "adopted", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class Adoption(models.Model):
    """A version of a city's measure made from a revision. `text` is its whole document as it was
    proposed, `sha256` the hash of these bytes, `policy_hash` that of what decides a score; `cases`
    its file of worked cases, with the results that were accepted (empty: it has none);
    `statement` what the office signed (a compact JWS), once adopted. `reason`: why there was no
    consultation, or what was wrong where it is a correction; `decision_reason`: of who decided or
    withdrew. `edition`: the number of this text of the version, `recorded_on` its day; `corrects`:
    the edition that it corrects, which stays as it was for what was decided under it."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="adoptions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="adoptions")
    city = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    edition = models.PositiveIntegerField(default=1)
    recorded_on = models.DateField(null=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    since = models.DateField()
    text = models.TextField()
    cases = models.TextField(blank=True, default="")
    sha256 = models.CharField(max_length=64)
    policy_hash = models.CharField(max_length=71)
    reason = models.TextField(blank=True)
    state = models.CharField(
        max_length=20, choices=AdoptionState.choices, default=AdoptionState.PROPOSED
    )
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    statement = models.TextField(blank=True)

    class Meta:
        """The newest first. One adoption of a version counts; one of a draft is open at a time."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("city", "version", "edition"),
                condition=Q(state="adopted"),
                name="workshop_edition_adopted_once",
            ),
            models.UniqueConstraint(
                fields=("city", "since"),
                condition=Q(state="adopted", corrects__isnull=True),
                name="workshop_one_version_begins_a_day",
            ),
            models.UniqueConstraint(
                fields=("city", "version"),
                condition=Q(state="adopted", corrects__isnull=True),
                name="workshop_version_begun_once",
            ),
            models.UniqueConstraint(
                fields=("draft",),
                condition=Q(state="proposed"),
                name="workshop_one_open_adoption",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(state="proposed"),
                name="workshop_adoption_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("adopted", "refused")) | ~Q(decided_by=F("proposed_by")),
                name="workshop_adoption_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | ~Q(statement=""),
                name="workshop_adopted_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | Q(edition__gt=1),
                name="workshop_correction_is_a_new_edition",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[choice.value for choice in AdoptionState]),
                name="workshop_adoption_state_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.city} {self.version}"
