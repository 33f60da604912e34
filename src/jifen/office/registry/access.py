"""The only doors to units and people."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import list_posts
from jifen.office.registry.faults import NoSuchUnit
from jifen.office.registry.models import Membership, Unit

CONFIRMING = (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR, Role.CITY_ADMIN)


def my_units(user: User | AnonymousUser) -> "QuerySet[Unit]":
    """The units that somebody belongs to."""
    if not isinstance(user, User):
        return Unit.objects.none()
    rows = Membership.objects.filter(user=user, ended_at__isnull=True)
    return Unit.objects.filter(pk__in=rows.values("unit")).order_by("id")


def access_unit(user: User | AnonymousUser, pk: int, *, admin: bool = False) -> Unit:
    """A unit of one's own; `admin`: only for its administrators. Raises NoSuchUnit."""
    unit = my_units(user).filter(pk=pk).first()
    if unit is None or (admin and not is_admin(user, unit)):
        raise NoSuchUnit
    return unit


def is_admin(user: User | AnonymousUser, unit: Unit) -> bool:
    """Whether somebody administers a unit."""
    rows = Membership.objects.filter(unit=unit, role="admin", ended_at__isnull=True)
    return isinstance(user, User) and rows.filter(user=user).exists()


def units_for_review(user: User | AnonymousUser) -> "QuerySet[Unit]":
    """The units whose registration somebody of the staff may confirm: of the own offices, not the
    own employer."""
    own = [post for post in list_posts(user) if post.role in CONFIRMING]
    where = Q(pk__in=())
    for post in own:
        district = {"district": post.district} if post.district else {}
        where |= Q(city=post.city, **district)
    return Unit.objects.filter(where).exclude(pk__in=my_units(user).values("pk"))


def access_review(user: User | AnonymousUser, pk: int) -> Unit:
    """A unit for review. Raises NoSuchUnit."""
    unit = units_for_review(user).filter(pk=pk).first()
    if unit is None:
        raise NoSuchUnit
    return unit


def acts_for(user: User | AnonymousUser) -> "QuerySet[Unit]":
    """The employers for whom somebody may file: the own ones, and those that gave a mandate to an
    agency of one's own."""
    mine = my_units(user)
    mandated = Unit.objects.filter(
        mandates_given__agency__in=mine.filter(kind="agency", state="confirmed"),
        mandates_given__ended_at__isnull=True,
    )
    ids = set(mine.filter(kind="employer").values_list("pk", flat=True))
    return Unit.objects.filter(pk__in=ids | set(mandated.values_list("pk", flat=True)))
