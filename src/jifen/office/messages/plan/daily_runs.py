"""Work that is done once a day, by one worker; if that one is killed, by another when its lease
ends."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.messages.models import Cursor

LEASE = timedelta(minutes=10)


def run_once_a_day(source: str, on: date, work: Callable[[int], int]) -> int:
    """Run `work`, which gets the day of the last run (an ordinal; 0: never), and return its result.
    Returns 0 where the day is done or another worker is at it. If it fails it is tried again.

    A run for a future day (by an operator or a test) has a cursor of its own, so that the days
    until then are still done when they come."""
    last = Cursor.objects.get_or_create(pk=source)[0].last
    if on <= timezone.localdate():
        rows = Cursor.objects.filter(pk=source, last__lt=on.toordinal())
    else:
        Cursor.objects.get_or_create(pk=f"{source}, ahead")
        rows = Cursor.objects.filter(pk=f"{source}, ahead").exclude(last=on.toordinal())
    return _run_with_lease(rows, on, lambda: work(last))


def _run_with_lease(rows: "QuerySet[Cursor]", on: date, work: Callable[[], int]) -> int:
    now = timezone.now()
    free = rows.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
    if not free.exists() or not free.update(lease_until=now + LEASE):
        return 0
    result = work()
    rows.update(last=on.toordinal(), lease_until=None)
    return result
