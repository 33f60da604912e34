"""Papers that no longer say what holds, though nothing happened in their case: the days of their
points became known later, or their person was decided anew in a city without periods."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from jifen.office.casework.models import PointsPeriod
from jifen.office.notices.actions.anew import decided_anew
from jifen.office.notices.actions.issue import for_days
from jifen.office.notices.actions.revoke import revoke_of, withdraw
from jifen.office.notices.models import Kind, Notice, Why

ONE_DAY = timedelta(days=1)


def amend_due(day: date, most: int = 500) -> int:
    """Replace or end what no longer says what holds; how many papers."""
    done = sum(_amended(notice, day) for notice in _of_other_days(day)[:most])
    people = decided_anew().values_list("person_id", "series__city").distinct()
    return done + sum(revoke_of(person, city) for person, city in people.order_by()[:most])


def _of_other_days(day: date) -> "QuerySet[Notice]":
    """Notices that name another last day than their points have (the permit was recorded after
    them), or no first day where it is to come (issued before papers had one)."""
    ends, begins = F("decision__points__until"), F("decision__points__since")
    other_end = Q(until__isnull=True) | Q(until__lt=ends) | Q(until__gt=ends)
    to_come = Q(since__isnull=True, issued_on__lt=begins, decision__points__since__gt=day)
    rows = Notice.objects.filter(kind=Kind.NOTICE, revocation__isnull=True)
    rows = rows.filter(decision__points__ended_on__isnull=True)
    rows = rows.filter(Q(other_end, decision__points__until__isnull=False) | to_come)
    return rows.select_related("decision__points", "series").order_by("id")


def _amended(notice: Notice, day: date) -> int:
    """A new paper in its place; where the points are over, it ends with them."""
    period: PointsPeriod = notice.decision.points  # type: ignore[union-attr] # asked for above
    if period.until is not None and period.until < day:
        return withdraw(notice, period.until + ONE_DAY, Why.ENDED)
    with transaction.atomic():
        for_days(period, day)
        return withdraw(notice, day, Why.REPLACED)
