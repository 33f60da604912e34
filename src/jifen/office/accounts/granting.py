"""The one door by which anybody comes to a role, whoever opens it: pages, the command line, the
sandbox. A test holds that no other code writes one.

Administration is parted in three (GB/T 22239-2019): the city administrator sets the system up, the
security administrator gives and ends roles, the auditor reads the log. Nobody holds two of them,
in whatever city.
"""

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.models import Role, StaffRole, User
from jifen.policy.text import Text

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
    """Somebody has a role from today on. Call it in a transaction. Raises RoleFault where they
    administer something else already, IntegrityError where they have the role."""
    User.objects.select_for_update().get(pk=user.pk)  # two roles at once come one after the other
    refuse_together(user, role)
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


def refuse_together(user: User, role: str) -> None:
    """Raises RoleFault where the role is of another administration than one that they hold."""
    if role in ADMINISTRATION and _administrations().filter(user=user).exclude(role=role).exists():
        raise RoleFault("JF-N009", _TOGETHER, "role")


def held_together() -> list[str]:
    """Who holds two administrations all the same (from before this was refused), in words."""
    roles: dict[str, set[str]] = {}
    for row in _administrations().select_related("user").order_by("user__username"):
        roles.setdefault(row.user.username, set()).add(row.role)
    return [
        f"roles: {name} holds {' and '.join(sorted(held))}; end one of them"
        for name, held in roles.items()
        if len(held) > 1
    ]


def _administrations() -> QuerySet[StaffRole]:
    now = Q(until__isnull=True) | Q(until__gt=timezone.localdate())
    return StaffRole.objects.filter(now, role__in=ADMINISTRATION)


_TOGETHER = Text(
    "市级管理员、安全管理员和审计员三者不能由同一人担任。请另选一人，或先终止其现有岗位。",
    "City administrator, security administrator and auditor are three people. Choose somebody "
    "else, or end the role that they hold first.",
)
