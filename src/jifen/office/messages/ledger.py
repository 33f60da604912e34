"""Entering messages: one for each event, recipient and channel, however often it is planned."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zlib import crc32

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.models import Application
from jifen.office.messages.models import Language, Message, MessageState, OptOut
from jifen.office.messages.words import LEGAL, edition_of, group_of
from jifen.office.registry.models import Membership, Permit, Person, Unit

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
SPREAD = timedelta(hours=10)
"""What nobody waits for goes out over the hours of the day."""
NO_LONGER_SO = "no_longer_so"
PORTION = 500


@dataclass(frozen=True, slots=True)
class Telling:
    """Something to be told. `spread`: it has time within its day."""

    event: str
    kind: str
    params: dict[str, Any] = field(default_factory=dict)
    person: Person | None = None
    unit: Unit | None = None
    user: User | None = None
    application: Application | None = None
    permit: Permit | None = None
    stale_on: date | None = None
    spread: bool = False


def enter(tellings: Iterable[Telling], now: datetime) -> int:
    """Enter what is not there yet; how many messages were looked at."""
    rows = [row for one in tellings for row in _rows(one, now)]
    off = opted_out(rows)
    rows = [row for row in rows if not (row.channel == "inbox" and unwanted(row, off))]
    _in_their_language(rows)
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=PORTION)
    for start in range(0, len(rows), PORTION):
        _revive(rows[start : start + PORTION])
    return len(rows)


AGAIN = ("kind", "edition", "params", "lang", "state", "why", "due_at", "stale_on", "ended_at")


def _revive(rows: list[Message]) -> None:
    """What was dropped because it did not hold, and is planned again, is due again with what holds
    now: a renewal was filed and withdrawn, an address told and taken back."""
    planned = {(row.event, row.recipient, row.channel): row for row in rows}
    gone = Message.objects.filter(state=MessageState.DROPPED, why=NO_LONGER_SO)
    for old in gone.filter(event__in={row.event for row in rows}):
        new = planned.get((old.event, old.recipient, old.channel))
        if new is not None:
            told = {name: getattr(new, name) for name in AGAIN}
            gone.filter(pk=old.pk).update(**told)


def perhaps_again(kind: str, on: date) -> "QuerySet[Message]":
    """Reminders that were dropped because they did not hold, and whose time is not over."""
    rows = Message.objects.filter(state=MessageState.DROPPED, why=NO_LONGER_SO)
    return rows.filter(kind=kind, stale_on__gte=on)


def _rows(one: Telling, now: datetime) -> list[Message]:
    found = []
    if one.person is not None:
        found += _to_person(one, now, one.person)
    if one.unit is not None:
        for member in _members(one.unit):
            found += _to_user(one, now, member)
        for group in one.unit.group_addresses.filter(ended_at__isnull=True):
            found.append(_row(one, now, "group", f"group:{group.pk}", unit=one.unit))
    if one.user is not None:
        found += _to_user(one, now, one.user)
    return found


def _to_person(one: Telling, now: datetime, person: Person) -> list[Message]:
    """By SMS, and where the person signs in there too. Whoever can be told in no way stands in the
    ledger as such: somebody has to write a letter."""
    found = _to_user(one, now, person.user) if person.user_id else []
    if person.phone or not found:
        found.append(_row(one, now, "sms", f"person:{person.pk}", person=person))
    if not person.phone and found[-1].channel == "sms":
        found[-1].state, found[-1].why = MessageState.FAILED, "no address"
        found[-1].ended_at = now
    return found


def _in_their_language(rows: list[Message]) -> None:
    users = {_reader(row) for row in rows} - {0}
    told = dict(Language.objects.filter(user__in=users).values_list("user", "lang"))
    for row in rows:
        row.lang = told.get(_reader(row), row.lang)


def _reader(row: Message) -> int:
    """The user who reads it; 0: somebody who does not sign in."""
    return row.user_id or (row.person.user_id if row.person else None) or 0


Off = set[tuple[str, str, str]]


def opted_out(rows: Iterable[Message]) -> Off:
    """(recipient, group, channel) of whoever does not want to be told so."""
    people = {row.person_id for row in rows if row.person_id}
    users = {row.user_id for row in rows if row.user_id}
    found = OptOut.objects.filter(Q(person__in=people) | Q(user__in=users))
    return {
        (f"person:{r.person_id}" if r.person_id else f"user:{r.user_id}", r.group, r.channel)
        for r in found
    }


def unwanted(row: Message, off: Off) -> bool:
    """Whether its reader does not want it; what the law requires to be told is told to all."""
    group = group_of(row.kind)
    return group != LEGAL and (row.recipient, group, row.channel) in off


def _members(unit: Unit) -> list[User]:
    rows = Membership.objects.filter(unit=unit, ended_at__isnull=True).select_related("user")
    return [row.user for row in rows]


def _to_user(one: Telling, now: datetime, user: User | None) -> list[Message]:
    if user is None:
        return []
    rows = [_row(one, now, "inbox", f"user:{user.pk}", user=user)]
    if user.email:
        rows.append(_row(one, now, "email", f"user:{user.pk}", user=user))
    return rows


def _row(one: Telling, now: datetime, channel: str, recipient: str, **whom: Any) -> Message:
    here = channel == "inbox"  # it is there as soon as it is entered
    return Message(
        event=one.event,
        kind=one.kind,
        edition=edition_of(one.kind),
        params=one.params,
        channel=channel,
        recipient=recipient,
        application=one.application,
        permit=one.permit,
        state=MessageState.DELIVERED if here else MessageState.DUE,
        made_at=now,
        due_at=now if here else due_at(now, recipient if one.spread else ""),
        stale_on=one.stale_on,
        ended_at=now if here else None,
        **whom,
    )


def due_at(now: datetime, spread_by: str = "") -> datetime:
    """When a message goes out: never at night; spread over the day by the recipient where it has
    time."""
    local = timezone.localtime(now)
    morning = local.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)
    if local.time() >= QUIET_FROM:
        local = morning = morning + timedelta(days=1)
    elif local.time() < QUIET_UNTIL:
        local = morning
    if not spread_by:
        return local
    share = crc32(spread_by.encode()) % 3600 / 3600
    return max(local, morning + SPREAD * share)
