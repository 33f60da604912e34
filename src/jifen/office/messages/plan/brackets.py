"""60, 30 and 7 days before an end: the brackets in which somebody is reminded once each."""

from datetime import date, timedelta

from django.db.models import Q

DAYS = (7, 30, 60)
ONE_DAY = timedelta(days=1)


def bracket(days: int) -> int | None:
    """7, 30 or 60: the reminder that holds so many days before; None earlier, or after."""
    return next((most for most in DAYS if 0 <= days <= most), None)


def next_lower(within: int | None) -> int:
    """The days at which the next reminder takes the place of this one."""
    return max((days for days in (0, *DAYS) if days < (within or 0)), default=0)


def coming(field: str, on: date, since: date | None) -> Q:
    """Ends (`field`) that came into a bracket since a day; without one, all within the last."""
    if since is None:
        return Q((f"{field}__gte", on), (f"{field}__lte", on + timedelta(days=DAYS[-1])))
    found = Q(pk__in=())
    for days in DAYS:
        first, final = since + timedelta(days=days), on + timedelta(days=days)
        found |= Q((f"{field}__gt", max(first, on - ONE_DAY)), (f"{field}__lte", final))
    return found
