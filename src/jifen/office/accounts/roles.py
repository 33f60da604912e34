"""Which roles somebody has today: the one place that asks."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, User


@dataclass(frozen=True, slots=True)
class Post:
    """One role where it holds."""

    role: str
    city: str
    district: str
    department: str

    def covers(self, city: str, district: str) -> bool:
        """Whether a case of that office is within it."""
        return self.city == city and self.district in ("", district)


def posts(user: User | AnonymousUser, on: date | None = None) -> tuple[Post, ...]:
    """All roles of a user on a day (default: today). Asked once for each user object."""
    if not isinstance(user, User):
        return ()
    day = on or timezone.localdate()
    kept: dict[date, tuple[Post, ...]] = user.__dict__.setdefault("_posts", {})
    if day not in kept:
        kept[day] = tuple(_posts(user, day))
    return kept[day]


def _posts(user: User, day: date) -> list[Post]:
    rows = StaffRole.objects.filter(user=user, since__lte=day)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=day)).order_by("id")
    return [Post(row.role, row.city, row.district, row.department) for row in rows]


def is_staff(user: User | AnonymousUser) -> bool:
    """Whether somebody works for a city."""
    return bool(posts(user))


def has_post(user: User | AnonymousUser, city: str, district: str, *roles: str) -> bool:
    """Whether somebody has one of the roles there."""
    return any(post.role in roles and post.covers(city, district) for post in posts(user))
