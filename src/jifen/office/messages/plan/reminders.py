"""Reminders of coming days: one for each bracket, and only for the bracket of today, so that a
worker that was off for weeks sends no old ones."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.audit.portions import in_portions
from jifen.office.messages.ledger import (
    NO_LONGER_SO,
    PlannedMessage,
    enter_messages,
    list_revivable,
)
from jifen.office.messages.models import Cursor, Message
from jifen.office.messages.parameters import (
    describe_days_left,
    describe_next_endorsement,
    to_both_languages,
)
from jifen.office.messages.plan.brackets import (
    DAYS,
    filter_coming_ends,
    find_bracket,
    find_next_bracket,
)
from jifen.office.messages.plan.daily_runs import run_once_a_day
from jifen.office.messages.plan.points import (
    plan_correction_reminders,
    plan_points_reminders,
    plan_school_reminders,
)
from jifen.office.messages.plan.settlement import plan_settlement_reminders
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.models import Permit
from jifen.permits import describe_late_endorsement

SOURCE, WHOLE = "reminders", "reminders, whole"
WEEK_DAYS = 7
BATCH = 1_000
WEEKS = 14


def plan_reminders(now: datetime) -> int:
    """Enter the reminders of a day, once. Returns how many messages were looked at."""
    on = timezone.localtime(now).date()
    return run_once_a_day(
        SOURCE, on, lambda last: _enter_reminders(on, _find_previous_day(last, on), now)
    )


def _enter_reminders(on: date, since: date | None, now: datetime) -> int:
    planned = chain(
        _plan_permit_reminders(on, since),
        plan_points_reminders(on, since),
        plan_correction_reminders(on),
        plan_settlement_reminders(on),
        plan_school_reminders(on, since),
    )
    entered = sum(enter_messages(batch, now) for batch in _split_into_batches(planned))
    if since is None and on <= timezone.localdate():
        Cursor.objects.update_or_create(pk=WHOLE, defaults={"last": on.toordinal()})
    return entered


def _find_previous_day(last: int, on: date) -> date | None:
    """The day of the last run, so that only what came into a bracket since is read. None once a
    week, whichever days the worker was off: then everything is read."""
    last_complete = Cursor.objects.filter(pk=WHOLE).first()
    if not last or last_complete is None or on.toordinal() - last_complete.last >= WEEK_DAYS:
        return None
    return date.fromordinal(last)


def _split_into_batches(
    planned_messages: Iterator[PlannedMessage],
) -> Iterator[list[PlannedMessage]]:
    batch: list[PlannedMessage] = []
    for planned in planned_messages:
        batch.append(planned)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _plan_permit_reminders(on: date, since: date | None) -> Iterator[PlannedMessage]:
    rows = Permit.objects.filter(cancelled_on__isnull=True).select_related("person__user")
    revivable = list_revivable("permit_ends", on).values("permit")
    soon = rows.filter(
        filter_coming_ends("valid_until", on, since)
        | (filter_coming_ends("valid_until", on, None) & Q(pk__in=revivable))
    )
    sent = _list_sent_reminders(soon)
    for permit in in_portions(soon):
        days = (permit.valid_until - on).days
        if (permit.pk, _find_last_useful_day(permit, days)) not in sent:
            yield _plan_permit_end(permit, on)
        yield from _plan_lease_end(permit)
    first = since or on - timedelta(days=DAYS[-1] + 1)
    late = rows.filter(valid_until__lt=on, valid_until__gte=first)
    for permit in in_portions(late):
        yield from _plan_late_endorsement(permit, on)


def _list_sent_reminders(rows: "QuerySet[Permit]") -> set[tuple[int | None, date | None]]:
    """(permit, last day of the reminder) of reminders that were entered on an earlier day and not
    dropped since as no longer true."""
    sent = Message.objects.filter(kind="permit_ends", permit__in=rows.values("pk"))
    sent = sent.exclude(why=NO_LONGER_SO)
    return set(sent.values_list("permit_id", "stale_on"))


def _find_last_useful_day(permit: Permit, days: int) -> date:
    """The last day of the reminder for a number of days before the end."""
    return permit.valid_until - timedelta(days=find_next_bracket(find_bracket(days)))


def _plan_permit_end(permit: Permit, on: date) -> PlannedMessage:
    until = permit.valid_until
    days = (until - on).days
    return PlannedMessage(
        event=f"permit:{permit.pk} ends {until} {find_bracket(days)}",
        kind="permit_ends",
        params={"until": str(until)}
        | describe_days_left(until, on)
        | describe_next_endorsement(permit),
        person=permit.person,
        permit=permit,
        stale_on=_find_last_useful_day(permit, days),
        spread=True,
    )


def _plan_lease_end(permit: Permit) -> Iterator[PlannedMessage]:
    lease = permit.lease_until
    if permit.dwelling != "registered_rental" or lease is None or lease >= permit.valid_until:
        return
    yield PlannedMessage(
        event=f"permit:{permit.pk} lease {lease} {permit.valid_until}",
        kind="lease_ends",
        params={"lease": str(lease), "until": str(permit.valid_until)},
        person=permit.person,
        permit=permit,
        stale_on=permit.valid_until,
        spread=True,
    )


def _plan_late_endorsement(permit: Permit, on: date) -> Iterator[PlannedMessage]:
    """Once, in the grace period; in a city without one, in the first weeks."""
    rules, until = rules_for(permit.city, on), permit.valid_until
    grace_period_days = rules.grace_period_days
    grace_until = until + timedelta(days=grace_period_days or WEEKS)
    if grace_until < on:
        return
    params = {"until": str(until), "later": to_both_languages(describe_late_endorsement(rules))}
    yield PlannedMessage(
        event=f"permit:{permit.pk} late {until}",
        kind="permit_late" if grace_period_days else "permit_over",
        params=params | ({"grace": str(grace_until)} if grace_period_days else {}),
        person=permit.person,
        permit=permit,
        stale_on=grace_until,
    )
