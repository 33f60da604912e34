"""Reminder brackets: 60, 30 and 7 days before an end somebody is reminded once each."""

from datetime import date, timedelta

from django.db.models import Q

DAYS = (7, 30, 60)
ONE_DAY = timedelta(days=1)


def find_bracket(days: int) -> int | None:
    """7, 30 or 60: the bracket of a number of days before the end; None outside of all."""
    return next((most for most in DAYS if 0 <= days <= most), None)


def find_next_bracket(within: int | None) -> int:
    """The days before the end at which the next reminder replaces this one."""
    return max((days for days in (0, *DAYS) if days < (within or 0)), default=0)


def filter_coming_ends(field: str, on: date, since: date | None) -> Q:
    """A condition for ends (`field`) that came into a bracket since a day; without a day, for all
    ends within the widest bracket."""
    if since is None:
        return Q((f"{field}__gte", on), (f"{field}__lte", on + timedelta(days=DAYS[-1])))
    condition = Q(pk__in=())
    for days in DAYS:
        first, final = since + timedelta(days=days), on + timedelta(days=days)
        condition |= Q((f"{field}__gt", max(first, on - ONE_DAY)), (f"{field}__lte", final))
    return condition
