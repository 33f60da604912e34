"""The only doors to units and people."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import list_posts
from jifen.office.registry.faults import NoSuchUnit
from jifen.office.registry.models import Membership, Unit

CONFIRMING_ROLES = (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR, Role.CITY_ADMIN)


def list_own_units(user: User | AnonymousUser) -> "QuerySet[Unit]":
    """The units that somebody belongs to."""
    if not isinstance(user, User):
        return Unit.objects.none()
    rows = Membership.objects.filter(user=user, ended_at__isnull=True)
    return Unit.objects.filter(pk__in=rows.values("unit")).order_by("id")


def access_unit(user: User | AnonymousUser, pk: int, *, admin: bool = False) -> Unit:
    """A unit of one's own; `admin`: only for its administrators. Raises NoSuchUnit."""
    unit = list_own_units(user).filter(pk=pk).first()
    if unit is None or (admin and not is_admin(user, unit)):
        raise NoSuchUnit
    return unit


def is_admin(user: User | AnonymousUser, unit: Unit) -> bool:
    """Whether somebody administers a unit."""
    rows = Membership.objects.filter(unit=unit, role="admin", ended_at__isnull=True)
    return isinstance(user, User) and rows.filter(user=user).exists()


def list_units_for_review(user: User | AnonymousUser) -> "QuerySet[Unit]":
    """The units whose registration somebody of the staff may confirm: of the own offices, not the
    own employer."""
    confirming_posts = [post for post in list_posts(user) if post.role in CONFIRMING_ROLES]
    condition = Q(pk__in=())
    for post in confirming_posts:
        district = {"district": post.district} if post.district else {}
        condition |= Q(city=post.city, **district)
    return Unit.objects.filter(condition).exclude(pk__in=list_own_units(user).values("pk"))


def access_review(user: User | AnonymousUser, pk: int) -> Unit:
    """A unit for review. Raises NoSuchUnit."""
    unit = list_units_for_review(user).filter(pk=pk).first()
    if unit is None:
        raise NoSuchUnit
    return unit


def list_represented_employers(user: User | AnonymousUser) -> "QuerySet[Unit]":
    """The employers for whom somebody may file: the own ones, and those that gave a mandate to an
    agency of one's own."""
    own_units = list_own_units(user)
    mandated = Unit.objects.filter(
        mandates_given__agency__in=own_units.filter(kind="agency", state="confirmed"),
        mandates_given__ended_at__isnull=True,
    )
    ids = set(own_units.filter(kind="employer").values_list("pk", flat=True))
    return Unit.objects.filter(pk__in=ids | set(mandated.values_list("pk", flat=True)))
