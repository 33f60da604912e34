"""One application of one person, from draft to its end."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from jifen.office.registry.models import Person, Unit
from jifen.office.vault.fields import SealedJSONField

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where a case stands. Derived from its parts by `rules.derive_state`, kept for queues."""

    DRAFT = "draft", "草稿"
    REVIEW = "review", "审核中"
    CORRECTION = "correction", "待补正"
    DECIDING = "deciding", "待决定"
    COUNTERSIGN = "countersign", "待复核签发"
    DECIDED = "decided", "已决定"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "逾期失效"
    REVOKED = "revoked", "已撤销"


OPEN = (State.DRAFT, State.REVIEW, State.CORRECTION, State.DECIDING, State.COUNTERSIGN)
"""States in which no second application of the same person may be opened."""


class Lane(models.TextChoices):
    """The order in which a case is taken."""

    NORMAL = "normal", "普通"
    EXPEDITED = "expedited", "加急"


class Application(models.Model):
    """A case. `key` stands in addresses; `number` is on the receipt, from submission on.

    The clock counts working days: `clock_from` is the day after which it runs (None: stopped),
    `clock_used` what was used before. `version` rises with every act; `revision` with every edit
    of the draft. `estimate` is the self-assessment at submission, in the contract's JSON.

    A renewal `renews` the last decision. `renews_itself`: employer and person want it renewed each
    year without asking, where nothing changed. `looked_through`: whether it was tried to decide
    a renewal by itself.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=40, unique=True, null=True, blank=True)
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    agency = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="handled"
    )
    on = models.DateField()
    policy = models.CharField(max_length=80)
    policy_version = models.CharField(max_length=40)
    policy_hash = models.CharField(max_length=71)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    lane = models.CharField(max_length=10, choices=Lane.choices, default=Lane.NORMAL)
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    clock_from = models.DateField(null=True, blank=True)
    clock_used = models.PositiveIntegerField(default=0)
    due_on = models.DateField(null=True, blank=True)
    overtakes_on = models.DateField(null=True, blank=True)
    submit_key = models.CharField(max_length=80, blank=True)
    estimate = SealedJSONField(default=dict)
    family = SealedJSONField(default=list)
    kind = models.CharField(
        max_length=8, choices=(("first", "申请"), ("renewal", "续签")), default="first"
    )
    renews = models.ForeignKey(
        "casework.Decision", on_delete=models.PROTECT, null=True, related_name="renewals"
    )
    renews_itself = models.BooleanField(default=False)
    looked_through = models.BooleanField(default=False)

    class Meta:
        """One open application per person and city; a submission counts once."""

        constraints = (
            models.UniqueConstraint(
                fields=("person", "city"),
                condition=Q(state__in=[state.value for state in OPEN]),
                name="casework_one_open_case",
            ),
            models.UniqueConstraint(
                fields=("created_by", "submit_key"),
                condition=~Q(submit_key=""),
                name="casework_submitted_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="casework_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True)
                | Q(state="withdrawn")
                | (~Q(state="draft") & Q(submitted_at__isnull=False, number__isnull=False)),
                name="casework_submitted_has_number",
            ),
            models.UniqueConstraint(
                fields=("renews",),
                condition=Q(renews__isnull=False) & ~Q(state__in=("withdrawn", "lapsed")),
                name="casework_renewed_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="renewal") ^ Q(renews__isnull=True), name="casework_renewal_of"
            ),
            models.CheckConstraint(
                condition=Q(lane__in=[lane.value for lane in Lane]), name="casework_lane_known"
            ),
        )
        indexes = (
            models.Index(fields=("city", "district", "state", "due_on"), name="casework_by_office"),
            models.Index(fields=("unit", "-id"), name="casework_by_unit"),
            models.Index(fields=("agency", "-id"), name="casework_by_agency"),
            models.Index(fields=("state", "due_on"), name="casework_by_due"),
            models.Index(
                fields=("id",),
                condition=Q(kind="renewal", state="deciding", looked_through=False),
                name="casework_renewals_through",
            ),
        )

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class Event(models.Model):
    """The history of a case as its people see it; the audit log has the full record."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    act = models.CharField(max_length=40)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    as_role = models.CharField(max_length=20, blank=True)
    words = SealedJSONField(default=dict)
    internal = models.BooleanField(default=False)

    class Meta:
        """In order."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.act} of application {self.application_id}"
