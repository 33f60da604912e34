"""Who works on a case beside whoever asks."""

from django.db.models import QuerySet
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.roles import held_on, list_holders, list_posts
from jifen.office.casework.access import HANDLING
from jifen.office.casework.models import Application
from jifen.office.casework.queries import Desk
from jifen.office.desk.substitutes import REPLACED_BY
from jifen.office.registry.models import Membership


def list_colleagues(application: Application) -> "QuerySet[User]":
    """The staff who may see a case today, by name; without the people of its employer and agency,
    and the person."""
    today = timezone.localdate()
    posts = StaffRole.objects.filter(held_on(today), role__in=HANDLING, city=application.city)
    posts = posts.filter(district__in=("", application.district))
    units = (application.unit_id, application.agency_id)
    members = Membership.objects.filter(unit__in=units, ended_at__isnull=True)
    able = list_holders(posts, today)
    able = able.exclude(pk__in=members.values("user"))
    if application.person.user_id is not None:
        able = able.exclude(pk=application.person.user_id)
    return able.order_by("name", "pk")


def list_workers(desk: Desk) -> "QuerySet[User]":
    """Those who work the gates of a queue today, by name: its clerks, or the reviewers of its
    department."""
    today = timezone.localdate()
    role = Role.REVIEWER if desk.department else Role.CLERK
    posts = StaffRole.objects.filter(
        held_on(today), role=role, city=desk.city, department=desk.department
    )
    if desk.district:
        posts = posts.filter(district__in=("", desk.district))
    return list_holders(posts, today).order_by("name", "pk")


def list_office_staff(desk: Desk) -> "QuerySet[User]":
    """Everybody whose absence whoever leads an office enters, by name: its clerks and those who
    sign, and the reviewers of the departments of the city."""
    posts = StaffRole.objects.filter(
        held_on(timezone.localdate()), role__in=REPLACED_BY, city=desk.city
    )
    if desk.district:
        posts = posts.filter(district__in=("", desk.district))
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")


def list_possible_substitutes(desk: Desk) -> "QuerySet[User]":
    """Whoever may stand in for somebody of a queue, by name: anybody of the city, of a department
    its reviewers. Which role each may stand in for is asked when one is chosen."""
    posts = StaffRole.objects.filter(
        held_on(timezone.localdate()), role__in=REPLACED_BY, city=desk.city
    )
    if desk.department:
        posts = posts.filter(department=desk.department)
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")


def may_assign(user: User, desk: Desk) -> bool:
    """Whether somebody assigns the gates of a queue to others."""
    return any(
        post.role == Role.SUPERVISOR and post.covers(desk.city, desk.district)
        for post in list_posts(user)
    )
