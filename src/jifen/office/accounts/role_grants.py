"""The only code that grants roles, for pages, the command line and the sandbox; a test finds any
other.

Administration is divided into three roles (GB/T 22239-2019): the city administrator sets the system
up, the security administrator gives and ends roles, the auditor reads the log. Nobody holds two of
them, not even in different cities.
"""

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.words import say

ADMINISTRATION = (Role.CITY_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
"""Nobody holds two of these."""

SIGNING = (Role.SENIOR_CLERK, Role.SUPERVISOR, Role.APPROVER, *ADMINISTRATION)
"""Whoever signs decisions and lists, puts measures in force, and who administers: a second person
confirms these."""


def add_role(
    user: User,
    role: str,
    city: str,
    district: str = "",
    department: str = "",
    *,
    granted_by: User | None = None,
    confirmed_by: User | None = None,
) -> StaffRole:
    """Give a user a role from today on. Call it in a transaction. Raises RoleFault where the user
    has another administration role, IntegrityError where the user has the role already."""
    User.objects.select_for_update().get(pk=user.pk)  # two grants at once run one after the other
    refuse_conflicting_role(user, role)
    return StaffRole.objects.create(
        user=user,
        role=role,
        city=city,
        district=district,
        department=department,
        since=timezone.localdate(),
        granted_by=granted_by,
        confirmed_by=confirmed_by,
    )


def refuse_conflicting_role(user: User, role: str) -> None:
    """Raise RoleFault where the user has another of the three administration roles."""
    if (
        role in ADMINISTRATION
        and _select_administration_roles().filter(user=user).exclude(role=role).exists()
    ):
        raise RoleFault("JF-N009", _CONFLICTING_ROLES, "role")


def describe_conflicting_roles() -> list[str]:
    """A line for each user with two administration roles (from before this was refused)."""
    roles: dict[str, set[str]] = {}
    for staff_role in (
        _select_administration_roles().select_related("user").order_by("user__username")
    ):
        roles.setdefault(staff_role.user.username, set()).add(staff_role.role)
    return [
        f"roles: {name} holds {' and '.join(sorted(user_roles))}; end one of them"
        for name, user_roles in roles.items()
        if len(user_roles) > 1
    ]


def _select_administration_roles() -> QuerySet[StaffRole]:
    is_current = Q(until__isnull=True) | Q(until__gt=timezone.localdate())
    return StaffRole.objects.filter(is_current, role__in=ADMINISTRATION)


_CONFLICTING_ROLES = say("role_grants.conflicting_roles")
