"""What goes once a day: one worker does it; another takes it up when the lease of a killed one
ends."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.messages.models import Cursor

LEASE = timedelta(minutes=10)


def once_a_day(source: str, on: date, work: Callable[[int], int]) -> int:
    """What `work` gives, which is told the day of the last time (an ordinal; 0: never); 0 where
    the day is done, or another worker is at it. What fails is tried again.

    A day still to come (an operator's, a test's) is noted apart: the days until then are not
    over, and are done when they come."""
    last = Cursor.objects.get_or_create(pk=source)[0].last
    if on <= timezone.localdate():
        rows = Cursor.objects.filter(pk=source, last__lt=on.toordinal())
    else:
        Cursor.objects.get_or_create(pk=f"{source}, ahead")
        rows = Cursor.objects.filter(pk=f"{source}, ahead").exclude(last=on.toordinal())
    return _leased(rows, on, lambda: work(last))


def _leased(rows: "QuerySet[Cursor]", on: date, work: Callable[[], int]) -> int:
    now = timezone.now()
    free = rows.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
    if not free.exists() or not free.update(lease_until=now + LEASE):
        return 0
    done = work()
    rows.update(last=on.toordinal(), lease_until=None)
    return done
