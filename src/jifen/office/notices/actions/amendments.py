"""Notices that became wrong though nothing happened in their case: the days of their points became
known later, or the person has a later decision in a city without periods."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from jifen.office.casework.models import PointsPeriod
from jifen.office.notices.actions.issuance import issue_for_changed_days
from jifen.office.notices.actions.later_decisions import list_overtaken_notices
from jifen.office.notices.actions.revocation import revoke_for_person, revoke_notice
from jifen.office.notices.models import Notice, NoticeKind, RevocationReason

ONE_DAY = timedelta(days=1)


def amend_due_notices(day: date, most: int = 500) -> int:
    """Replace or revoke the notices that no longer say what holds. Returns how many."""
    amended = sum(_amend_notice(notice, day) for notice in _list_with_outdated_days(day)[:most])
    people = list_overtaken_notices().values_list("person_id", "series__city").distinct()
    return amended + sum(
        revoke_for_person(person, city) for person, city in people.order_by()[:most]
    )


def _list_with_outdated_days(day: date) -> "QuerySet[Notice]":
    """Notices that name another last day than their points have (the permit was recorded after
    them), or no first day where it is to come (issued before notices had one)."""
    ends, begins = F("decision__points__until"), F("decision__points__since")
    other_end = Q(until__isnull=True) | Q(until__lt=ends) | Q(until__gt=ends)
    to_come = Q(since__isnull=True, issued_on__lt=begins, decision__points__since__gt=day)
    rows = Notice.objects.filter(kind=NoticeKind.NOTICE, revocation__isnull=True)
    rows = rows.filter(decision__points__ended_on__isnull=True)
    rows = rows.filter(Q(other_end, decision__points__until__isnull=False) | to_come)
    return rows.select_related("decision__points", "series").order_by("id")


def _amend_notice(notice: Notice, day: date) -> int:
    """A new notice in its place; where the points are over, it ends with them."""
    period: PointsPeriod = notice.decision.points  # type: ignore[union-attr] # asked for above
    if period.until is not None and period.until < day:
        return revoke_notice(notice, period.until + ONE_DAY, RevocationReason.ENDED)
    with transaction.atomic():
        issue_for_changed_days(period, day)
        return revoke_notice(notice, day, RevocationReason.REPLACED)
