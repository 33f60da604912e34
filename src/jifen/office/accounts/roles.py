"""Which roles a user has today: the only code that reads them."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, StandIn, User


@dataclass(frozen=True, slots=True)
class Post:
    """A role of a user in a city and district ('' : all) or department; `instead_of`: the account
    of the colleague for whom the user stands in, None for a role of their own."""

    role: str
    city: str
    district: str
    department: str
    instead_of: int | None = None

    def covers(self, city: str, district: str) -> bool:
        """Whether a case of that office is within it."""
        return self.city == city and self.district in ("", district)


def list_posts(user: User | AnonymousUser, on: date | None = None) -> tuple[Post, ...]:
    """All roles of a user on a day (default: today): their own, then those of colleagues who are
    away and for whom they stand in. Read once for each user object."""
    if not isinstance(user, User):
        return ()
    day = on or timezone.localdate()
    cached_posts: dict[date, tuple[Post, ...]] = user.__dict__.setdefault("_posts", {})
    if day not in cached_posts:
        cached_posts[day] = (*_read_posts(user, day), *_read_stand_ins(user, day))
    return cached_posts[day]


def _read_posts(user: User, day: date) -> list[Post]:
    rows = StaffRole.objects.filter(held_on(day), user=user).order_by("id")
    return [Post(role.role, role.city, role.district, role.department) for role in rows]


def held_on(day: date) -> Q:
    """The roles that hold on a day."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def _read_stand_ins(user: User, day: date) -> list[Post]:
    rows = list_stand_ins(day).filter(substitute=user).order_by("id")
    return [
        Post(row.post.role, row.post.city, row.post.district, row.post.department, row.post.user_id)
        for row in rows.select_related("post")
    ]


def list_stand_ins(day: date) -> "QuerySet[StandIn]":
    """Who stands in for whom on a day, as long as the role of the one who is away holds."""
    rows = StandIn.objects.filter(ended_at__isnull=True, since__lte=day, until__gte=day)
    return rows.filter(Q(post__until__isnull=True) | Q(post__until__gt=day), post__since__lte=day)


def list_holders(posts: "QuerySet[StaffRole]", day: date) -> "QuerySet[User]":
    """Whoever has one of these roles, or stands in for somebody who has."""
    substitutes = list_stand_ins(day).filter(post__in=posts).values("substitute")
    return User.objects.filter(
        Q(pk__in=posts.values("user")) | Q(pk__in=substitutes), is_active=True
    )


def is_staff(user: User | AnonymousUser) -> bool:
    """Whether somebody works for a city."""
    return bool(list_posts(user))


def has_post(user: User | AnonymousUser, city: str, district: str, *roles: str) -> bool:
    """Whether somebody has one of the roles there."""
    return any(post.role in roles and post.covers(city, district) for post in list_posts(user))


def find_principals(user: User, city: str, district: str, *roles: str) -> frozenset[int]:
    """The colleagues without whom somebody would have none of the roles there; nobody where the
    role is their own."""
    found = [p for p in list_posts(user) if p.role in roles and p.covers(city, district)]
    return select_principals(found)


def select_principals(posts: list[Post]) -> frozenset[int]:
    """The accounts for whom some posts are held; nobody where one of them is one's own."""
    if any(post.instead_of is None for post in posts):
        return frozenset()
    return frozenset(post.instead_of for post in posts if post.instead_of is not None)


def name_principal(user: User, city: str, district: str, *roles: str) -> str:
    """For whom somebody acts there, as the log names it: '' where the role is their own."""
    principals = find_principals(user, city, district, *roles)
    return f"user:{min(principals)}" if principals else ""
