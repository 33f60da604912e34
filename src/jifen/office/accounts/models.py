"""Users, and the roles of a city's staff by city and district."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from jifen.office.vault.fields import SealedField


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A user; without a password nobody can sign in by password."""
        user = self.model(username=username.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in names are the same in large and small letters."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in: staff, somebody of an employer or agency, or a person.
    `password_ends_at`: until when a password holds that somebody else set; None once the user chose
    one; `password_set_by`: who set it, and `factor_removed_by` who removed a second factor, where
    that was an administrator in the browser."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    phone = SealedField(blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    password_ends_at = models.DateTimeField(null=True, blank=True)
    password_set_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    factor_removed_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """One user per sign-in name, in whatever letters."""

        constraints = (
            models.UniqueConstraint(Lower("username"), name="accounts_username_once"),
            models.CheckConstraint(condition=~Q(username=""), name="accounts_username_given"),
        )

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """The name that others see."""
        return self.name or self.username


class Role(models.TextChoices):
    """What somebody of a city's staff does."""

    CLERK = "clerk", "受理员"
    SENIOR_CLERK = "senior_clerk", "复核员"
    SUPERVISOR = "supervisor", "主管"
    REVIEWER = "reviewer", "部门审核员"
    CITY_ADMIN = "city_admin", "市级管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"
    ANALYST = "analyst", "分析员"
    DRAFTER = "policy_drafter", "办法起草人"
    POLICY_REVIEWER = "policy_reviewer", "办法审阅人"
    APPROVER = "policy_approver", "办法审批人"
    MODERATOR = "policy_moderator", "意见审核人"


class StaffRole(models.Model):
    """A role in a city, in one district or (district '') in all; a reviewer in one department."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="granted_roles"
    )
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Roles end; they are not deleted."""

        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "city", "district", "department"),
                condition=Q(until__isnull=True),
                name="accounts_role_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[choice.value for choice in Role]), name="accounts_role_known"
            ),
            models.CheckConstraint(
                condition=Q(role="reviewer") ^ Q(department=""),
                name="accounts_department_of_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="accounts_role_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=models.F("granted_by")) & ~Q(confirmed_by=models.F("user")),
                name="accounts_role_confirmed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} in {self.city} {self.district}".strip()


class RoleProposal(models.Model):
    """A role that signs or administers, proposed by one and confirmed or declined by another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_proposals")
    role = models.CharField(max_length=20, choices=Role.choices)
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=40, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    class Meta:
        """One open proposal of the same; three people, of whom two may not be one."""

        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "city", "district", "department"),
                condition=Q(decided_at__isnull=True),
                name="accounts_proposal_once",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=models.F("user")), name="accounts_proposed_for_another"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=models.F("proposed_by")) & ~Q(decided_by=models.F("user")),
                name="accounts_proposal_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, confirmed=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, confirmed__isnull=False),
                name="accounts_proposal_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} in {self.city} for user {self.user_id}"


class StandIn(models.Model):
    """A colleague who does what waits on somebody away, for one role of theirs; both days inside.
    Whoever stands in has the role only for these days and only for others' work."""

    post = models.ForeignKey(StaffRole, on_delete=models.PROTECT, related_name="stand_ins")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="standing_in")
    since = models.DateField()
    until = models.DateField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One at a time for each role; it ends after it began."""

        constraints = (
            models.UniqueConstraint(
                fields=("post",), condition=Q(ended_at__isnull=True), name="accounts_stand_in_once"
            ),
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")),
                name="accounts_stand_in_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{self.substitute_id} for post {self.post_id} from {self.since} to {self.until}"


class SignInBrake(models.Model):
    """Failed attempts to sign in that are counted together (`signin/brakes.py`). `key`: a keyed
    hash of what they have in common; until `free_at` none is taken."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    free_at = models.DateTimeField()

    class Meta:
        """Swept by the time of the last attempt."""

        indexes = (models.Index(fields=("last_at",), name="accounts_brake_by_time"),)

    def __str__(self) -> str:
        return f"{self.failures} failures"


class KnownDevice(models.Model):
    """A device on which a user signed in (`signin/devices.py`). `digest`: SHA-256 of its token."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_devices")
    digest = models.CharField(max_length=64)
    last_seen = models.DateTimeField()

    class Meta:
        """Each device once for each user."""

        constraints = (
            models.UniqueConstraint(fields=("user", "digest"), name="accounts_device_once"),
        )

    def __str__(self) -> str:
        return f"a device of user {self.user_id}"


class InstallationMark(models.Model):
    """What this database was begun with: check values of the keys, that it is a sandbox. Compared
    whenever the site starts (`site/start_checks.py`)."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name
