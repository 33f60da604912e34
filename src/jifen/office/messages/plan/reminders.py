"""Reminders of what lies ahead: each bracket of days once, and only the one that holds today, so
that a worker that was away for weeks sends no old ones."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.audit.portions import in_portions
from jifen.office.messages.ledger import NO_LONGER_SO, Telling, enter, perhaps_again
from jifen.office.messages.models import Cursor, Message
from jifen.office.messages.plan.brackets import DAYS, bracket, coming, next_lower
from jifen.office.messages.plan.daily import once_a_day
from jifen.office.messages.plan.of_lists import settling
from jifen.office.messages.plan.of_points import corrections, points_that_end, school
from jifen.office.messages.said import in_both, left, next_endorsement
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.models import Permit
from jifen.permits import describe_late_endorsement

SOURCE, WHOLE = "reminders", "reminders, whole"
WEEK = 7
BATCH = 1_000
WEEKS = 14


def remind(now: datetime) -> int:
    """Enter the reminders of a day, once; how many messages were looked at."""
    on = timezone.localtime(now).date()
    return once_a_day(SOURCE, on, lambda last: _remind(on, _since(last, on), now))


def _remind(on: date, since: date | None, now: datetime) -> int:
    everything = chain(
        _permits(on, since),
        points_that_end(on, since),
        corrections(on),
        settling(on),
        school(on, since),
    )
    done = sum(enter(part, now) for part in _parts(everything))
    if since is None and on <= timezone.localdate():
        Cursor.objects.update_or_create(pk=WHOLE, defaults={"last": on.toordinal()})
    return done


def _since(last: int, on: date) -> date | None:
    """The day of the last look, for looking only at what has come nearer since; None once a week,
    whichever days the worker was off: then everything is looked at, whatever way it came there."""
    whole = Cursor.objects.filter(pk=WHOLE).first()
    if not last or whole is None or on.toordinal() - whole.last >= WEEK:
        return None
    return date.fromordinal(last)


def _parts(tellings: Iterator[Telling]) -> Iterator[list[Telling]]:
    part: list[Telling] = []
    for one in tellings:
        part.append(one)
        if len(part) == BATCH:
            yield part
            part = []
    yield part


def _permits(on: date, since: date | None) -> Iterator[Telling]:
    rows = Permit.objects.filter(cancelled_on__isnull=True).select_related("person__user")
    again = perhaps_again("permit_ends", on).values("permit")
    soon = rows.filter(
        coming("valid_until", on, since) | (coming("valid_until", on, None) & Q(pk__in=again))
    )
    told = _told(soon)
    for permit in in_portions(soon):
        days = (permit.valid_until - on).days
        if (permit.pk, _stale(permit, days)) not in told:
            yield _ends(permit, on)
        yield from _lease(permit)
    first = since or on - timedelta(days=DAYS[-1] + 1)
    late = rows.filter(valid_until__lt=on, valid_until__gte=first)
    for permit in in_portions(late):
        yield from _late(permit, on)


def _told(rows: "QuerySet[Permit]") -> set[tuple[int | None, date | None]]:
    """(permit, last day of the reminder) of what was entered on an earlier day and was not dropped
    since because it did not hold."""
    there = Message.objects.filter(kind="permit_ends", permit__in=rows.values("pk"))
    there = there.exclude(why=NO_LONGER_SO)
    return set(there.values_list("permit_id", "stale_on"))


def _stale(permit: Permit, days: int) -> date:
    """The last day of the reminder that holds so many days before the end."""
    return permit.valid_until - timedelta(days=next_lower(bracket(days)))


def _ends(permit: Permit, on: date) -> Telling:
    until = permit.valid_until
    days = (until - on).days
    return Telling(
        event=f"permit:{permit.pk} ends {until} {bracket(days)}",
        kind="permit_ends",
        params={"until": str(until)} | left(until, on) | next_endorsement(permit),
        person=permit.person,
        permit=permit,
        stale_on=_stale(permit, days),
        spread=True,
    )


def _lease(permit: Permit) -> Iterator[Telling]:
    lease = permit.lease_until
    if permit.dwelling != "registered_rental" or lease is None or lease >= permit.valid_until:
        return
    yield Telling(
        event=f"permit:{permit.pk} lease {lease} {permit.valid_until}",
        kind="lease_ends",
        params={"lease": str(lease), "until": str(permit.valid_until)},
        person=permit.person,
        permit=permit,
        stale_on=permit.valid_until,
        spread=True,
    )


def _late(permit: Permit, on: date) -> Iterator[Telling]:
    """Once, in the days of grace; where a city knows none, in the first weeks."""
    rules, until = rules_for(permit.city, on), permit.valid_until
    days = rules.grace_period_days
    grace = until + timedelta(days=days or WEEKS)
    if grace < on:
        return
    params = {"until": str(until), "later": in_both(describe_late_endorsement(rules))}
    yield Telling(
        event=f"permit:{permit.pk} late {until}",
        kind="permit_late" if days else "permit_over",
        params=params | ({"grace": str(grace)} if days else {}),
        person=permit.person,
        permit=permit,
        stale_on=grace,
    )
