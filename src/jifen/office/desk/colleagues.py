"""Who works on a case beside whoever asks."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.roles import list_posts
from jifen.office.casework.access import HANDLING
from jifen.office.casework.models import Application
from jifen.office.casework.queries import Desk
from jifen.office.registry.models import Membership


def list_colleagues(application: Application) -> "QuerySet[User]":
    """The staff who may see a case today, by name; without the people of its employer and agency,
    and the person."""
    today = timezone.localdate()
    posts = StaffRole.objects.filter(role__in=HANDLING, city=application.city, since__lte=today)
    posts = posts.filter(Q(until__isnull=True) | Q(until__gt=today))
    posts = posts.filter(district__in=("", application.district))
    units = (application.unit_id, application.agency_id)
    members = Membership.objects.filter(unit__in=units, ended_at__isnull=True)
    able = User.objects.filter(is_active=True, pk__in=posts.values("user"))
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
        role=role, city=desk.city, department=desk.department, since__lte=today
    )
    posts = posts.filter(Q(until__isnull=True) | Q(until__gt=today))
    if desk.district:
        posts = posts.filter(district__in=("", desk.district))
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")


def may_assign(user: User, desk: Desk) -> bool:
    """Whether somebody assigns the gates of a queue to others."""
    return any(
        post.role == Role.SUPERVISOR and post.covers(desk.city, desk.district)
        for post in list_posts(user)
    )
