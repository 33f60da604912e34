"""The ledger: one message for each event, recipient and channel, however often it is planned."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zlib import crc32

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.models import Application
from jifen.office.messages.editions import ConfirmedEditions, find_city
from jifen.office.messages.models import Language, Message, MessageState, OptOut
from jifen.office.messages.templates import LEGAL, get_edition, get_group
from jifen.office.registry.models import Membership, Permit, Person, Unit

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
SPREAD = timedelta(hours=10)
"""The hours after the morning over which messages that are not urgent are spread."""
NO_LONGER_SO = "no_longer_so"
PORTION = 500


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """A message to be entered, before channels are chosen. `spread`: it is not urgent within its
    day."""

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


def enter_messages(planned_messages: Iterable[PlannedMessage], now: datetime) -> int:
    """Enter the messages that are not in the ledger yet. Returns how many were looked at."""
    editions, rows = ConfirmedEditions(), list[Message]()
    for planned in planned_messages:
        built = _build_messages(planned, now)
        _choose_editions(built, planned, editions)
        rows += built
    opt_outs = list_opt_outs(rows)
    rows = [row for row in rows if not (row.channel == "inbox" and is_unwanted(row, opt_outs))]
    _set_languages(rows)
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=PORTION)
    for start in range(0, len(rows), PORTION):
        _revive_dropped(rows[start : start + PORTION])
    return len(rows)


def _choose_editions(
    rows: list[Message], planned: PlannedMessage, editions: ConfirmedEditions
) -> None:
    """The words of the city that are in force on the day on which a message is due."""
    if not editions:
        return
    of_unit = planned.unit.city if planned.unit is not None else ""
    for row in rows:
        place = (find_city(row) or of_unit, row.kind, row.channel)
        row.office_text = editions.find_in_force(place, timezone.localtime(row.due_at).date())


REVIVED_FIELDS = (
    "kind",
    "edition",
    "office_text",
    "params",
    "lang",
    "state",
    "why",
    "due_at",
    "stale_on",
    "ended_at",
)


def _revive_dropped(rows: list[Message]) -> None:
    """Make messages due again that were dropped because they were not true, and are planned again,
    with the parameters of now: for example, a renewal was filed and then withdrawn."""
    planned = {(row.event, row.recipient, row.channel): row for row in rows}
    dropped = Message.objects.filter(state=MessageState.DROPPED, why=NO_LONGER_SO)
    for old in dropped.filter(event__in={row.event for row in rows}):
        new = planned.get((old.event, old.recipient, old.channel))
        if new is not None:
            changes = {name: getattr(new, name) for name in REVIVED_FIELDS}
            dropped.filter(pk=old.pk).update(**changes)


def list_revivable(kind: str, on: date) -> "QuerySet[Message]":
    """Reminders that were dropped because they were not true, and are not stale yet."""
    rows = Message.objects.filter(state=MessageState.DROPPED, why=NO_LONGER_SO)
    return rows.filter(kind=kind, stale_on__gte=on)


def _build_messages(planned: PlannedMessage, now: datetime) -> list[Message]:
    messages = []
    if planned.person is not None:
        messages += _build_for_person(planned, now, planned.person)
    if planned.unit is not None:
        for member in _list_members(planned.unit):
            messages += _build_for_user(planned, now, member)
        for group in planned.unit.group_addresses.filter(ended_at__isnull=True):
            messages.append(
                _build_message(planned, now, "group", f"group:{group.pk}", unit=planned.unit)
            )
    if planned.user is not None:
        messages += _build_for_user(planned, now, planned.user)
    return messages


def _build_for_person(planned: PlannedMessage, now: datetime, person: Person) -> list[Message]:
    """By SMS, and in the inbox of people who sign in. For a person who cannot be reached at all a
    failed message is entered, so that somebody writes a letter."""
    messages = _build_for_user(planned, now, person.user) if person.user_id else []
    if person.phone or not messages:
        messages.append(_build_message(planned, now, "sms", f"person:{person.pk}", person=person))
    if not person.phone and messages[-1].channel == "sms":
        messages[-1].state, messages[-1].why = MessageState.FAILED, "no address"
        messages[-1].ended_at = now
    return messages


def _set_languages(rows: list[Message]) -> None:
    users = {_find_reader(row) for row in rows} - {0}
    lang_of_user = dict(Language.objects.filter(user__in=users).values_list("user", "lang"))
    for row in rows:
        row.lang = lang_of_user.get(_find_reader(row), row.lang)


def _find_reader(message: Message) -> int:
    """The id of the user who reads a message; 0: a person who does not sign in."""
    return message.user_id or (message.person.user_id if message.person else None) or 0


OptOuts = set[tuple[str, str, str]]


def list_opt_outs(rows: Iterable[Message]) -> OptOuts:
    """(recipient, group, channel) of those who opted out."""
    people = {row.person_id for row in rows if row.person_id}
    users = {row.user_id for row in rows if row.user_id}
    opt_outs = OptOut.objects.filter(Q(person__in=people) | Q(user__in=users))
    return {
        (f"person:{r.person_id}" if r.person_id else f"user:{r.user_id}", r.group, r.channel)
        for r in opt_outs
    }


def is_unwanted(message: Message, opt_outs: OptOuts) -> bool:
    """Whether its reader opted out; messages that the law requires are sent to all."""
    group = get_group(message.kind)
    return group != LEGAL and (message.recipient, group, message.channel) in opt_outs


def _list_members(unit: Unit) -> list[User]:
    rows = Membership.objects.filter(unit=unit, ended_at__isnull=True).select_related("user")
    return [row.user for row in rows]


def _build_for_user(planned: PlannedMessage, now: datetime, user: User | None) -> list[Message]:
    if user is None:
        return []
    rows = [_build_message(planned, now, "inbox", f"user:{user.pk}", user=user)]
    if user.email:
        rows.append(_build_message(planned, now, "email", f"user:{user.pk}", user=user))
    return rows


def _build_message(
    planned: PlannedMessage, now: datetime, channel: str, recipient: str, **recipient_fields: Any
) -> Message:
    is_inbox = channel == "inbox"  # delivered as soon as it is entered
    return Message(
        event=planned.event,
        kind=planned.kind,
        edition=get_edition(planned.kind),
        params=planned.params,
        channel=channel,
        recipient=recipient,
        application=planned.application,
        permit=planned.permit,
        state=MessageState.DELIVERED if is_inbox else MessageState.DUE,
        made_at=now,
        due_at=now if is_inbox else find_sending_time(now, recipient if planned.spread else ""),
        stale_on=planned.stale_on,
        ended_at=now if is_inbox else None,
        **recipient_fields,
    )


def find_sending_time(now: datetime, spread_by: str = "") -> datetime:
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
