"""Which roles a user has today: the only code that reads them."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, User


@dataclass(frozen=True, slots=True)
class Post:
    """A role of a user in a city and district ('' : all) or department."""

    role: str
    city: str
    district: str
    department: str

    def covers(self, city: str, district: str) -> bool:
        """Whether a case of that office is within it."""
        return self.city == city and self.district in ("", district)


def list_posts(user: User | AnonymousUser, on: date | None = None) -> tuple[Post, ...]:
    """All roles of a user on a day (default: today). Read once for each user object."""
    if not isinstance(user, User):
        return ()
    day = on or timezone.localdate()
    cached_posts: dict[date, tuple[Post, ...]] = user.__dict__.setdefault("_posts", {})
    if day not in cached_posts:
        cached_posts[day] = tuple(_read_posts(user, day))
    return cached_posts[day]


def _read_posts(user: User, day: date) -> list[Post]:
    rows = StaffRole.objects.filter(user=user, since__lte=day)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=day)).order_by("id")
    return [Post(role.role, role.city, role.district, role.department) for role in rows]


def is_staff(user: User | AnonymousUser) -> bool:
    """Whether somebody works for a city."""
    return bool(list_posts(user))


def has_post(user: User | AnonymousUser, city: str, district: str, *roles: str) -> bool:
    """Whether somebody has one of the roles there."""
    return any(post.role in roles and post.covers(city, district) for post in list_posts(user))
