"""Employers and agencies: what they say of themselves by version, who is in them, who acts for
whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from jifen.office.documents.models import Document

USER = settings.AUTH_USER_MODEL


class UnitState(models.TextChoices):
    """Where a registration, or a change of one, stands."""

    SUBMITTED = "submitted", "待核实"
    CONFIRMED = "confirmed", "已核实"
    REFUSED = "refused", "未通过"


class Unit(models.Model):
    """An employer or an agency under its credit code, as last confirmed (first: as submitted)."""

    kind = models.CharField(
        max_length=10, choices=(("employer", "用人单位"), ("agency", "代理机构"))
    )
    credit_code = models.CharField(max_length=18)
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=UnitState.choices, default=UnitState.SUBMITTED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One confirmed registration per unit and city. Others may claim the same code until a
        clerk decided: whoever types a code first does not own it."""

        constraints = (
            models.UniqueConstraint(
                fields=("city", "credit_code"),
                condition=Q(state="confirmed"),
                name="registry_unit_confirmed_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("employer", "agency")), name="registry_unit_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in UnitState]),
                name="registry_unit_state_known",
            ),
        )
        indexes = (models.Index(fields=("city", "district", "state"), name="registry_unit_queue"),)

    def __str__(self) -> str:
        return self.name


class UnitVersion(models.Model):
    """What a unit said of itself once, what the business register answered, what a clerk found."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    district = models.CharField(max_length=40)
    address = models.CharField(max_length=200)
    licence = models.ForeignKey(Document, on_delete=models.PROTECT, null=True)
    register_answer = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=UnitState.choices, default=UnitState.SUBMITTED)
    submitted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        """Numbered from 1; one version at a time waits for a clerk."""

        ordering = ("unit", "number")
        constraints = (
            models.UniqueConstraint(fields=("unit", "number"), name="registry_version_once"),
            models.UniqueConstraint(
                fields=("unit",), condition=Q(state="submitted"), name="registry_one_version_waits"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("submitted_by")),
                name="registry_nobody_confirms_own_unit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"


class Membership(models.Model):
    """Somebody who acts for a unit: an administrator, or an operator who files."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=(("admin", "管理员"), ("operator", "经办人")))
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Memberships end; they are not deleted."""

        constraints = (
            models.UniqueConstraint(
                fields=("unit", "user"),
                condition=Q(ended_at__isnull=True),
                name="registry_member_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=("admin", "operator")), name="registry_member_role_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of unit {self.unit_id}"


class Invitation(models.Model):
    """An invitation into a unit: a link that works once, until it expires."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=10, choices=(("admin", "管理员"), ("operator", "经办人")))
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation {self.pk} into unit {self.unit_id}"


class Mandate(models.Model):
    """An employer lets an agency act for it until it ends the mandate."""

    agency = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="mandates_held")
    employer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="mandates_given")
    granted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """One standing mandate for a pair."""

        constraints = (
            models.UniqueConstraint(
                fields=("agency", "employer"),
                condition=Q(ended_at__isnull=True),
                name="registry_mandate_once",
            ),
            models.CheckConstraint(
                condition=~Q(agency=F("employer")), name="registry_mandate_between_two"
            ),
        )

    def __str__(self) -> str:
        return f"mandate {self.pk}"
