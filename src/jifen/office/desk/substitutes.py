"""Who stands in for somebody who is away: for each of their roles one colleague."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, StandIn, User
from jifen.office.accounts.roles import held_on
from jifen.office.desk.models import Absence

REPLACED_BY: dict[str, tuple[str, ...]] = {
    Role.CLERK: (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR),
    Role.REVIEWER: (Role.REVIEWER,),
    Role.SENIOR_CLERK: (Role.SENIOR_CLERK, Role.SUPERVISOR),
    Role.SUPERVISOR: (Role.SENIOR_CLERK, Role.SUPERVISOR),
}
"""Whose work is done by whom. Whoever stands in for somebody who signs already signs in the city:
two people gave them that. Administration, the log, and what drafts a measure are stood in for by
nobody: a role is given for them."""


@dataclass(frozen=True, slots=True)
class PostCover:
    """A role of somebody who is away, and who stands in for it; `able`: who could."""

    post: StaffRole
    stand_in: StandIn | None
    able: tuple[User, ...]


def list_replaceable_posts(user: User) -> "QuerySet[StaffRole]":
    """The roles of somebody for which a colleague can stand in."""
    rows = StaffRole.objects.filter(held_on(timezone.localdate()), user=user, role__in=REPLACED_BY)
    return rows.order_by("id")


def list_able_substitutes(post: StaffRole) -> "QuerySet[User]":
    """Who may stand in for a role, by name: a role of their own in the city says so; a reviewer of
    the same department."""
    rows = StaffRole.objects.filter(
        held_on(timezone.localdate()),
        role__in=REPLACED_BY[post.role],
        city=post.city,
        department=post.department,
    )
    able = User.objects.filter(is_active=True, pk__in=rows.values("user"))
    return able.exclude(pk=post.user_id).order_by("name", "pk")


def list_covers(absence: Absence) -> list[PostCover]:
    """The roles of somebody who is away, with who stands in and who could."""
    stand_ins = {
        row.post_id: row
        for row in StandIn.objects.filter(
            post__user=absence.user_id, ended_at__isnull=True, until__gte=timezone.localdate()
        ).select_related("substitute")
    }
    away = list_accounts_away_during(absence)
    return [
        PostCover(
            post,
            stand_ins.get(post.pk),
            tuple(one for one in list_able_substitutes(post) if one.pk not in away),
        )
        for post in list_replaceable_posts(absence.user)
    ]


def list_accounts_away_during(absence: Absence) -> set[int]:
    """Who is away on some day of an absence."""
    rows = Absence.objects.filter(
        ended_at__isnull=True, since__lte=absence.until, until__gte=absence.since
    )
    return set(rows.values_list("user", flat=True))


def list_covered_colleagues(user: User) -> Iterable[StandIn]:
    """For whom somebody stands in, today or later."""
    rows = StandIn.objects.filter(
        substitute=user, ended_at__isnull=True, until__gte=timezone.localdate()
    )
    return rows.select_related("post__user").order_by("since", "id")
