"""After publicity: the formal list, the settlement notice, what lapses and what is given up."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from jifen.lists import find_settlement_deadline
from jifen.office.lists.actions.publication import is_made_today, make_list
from jifen.office.lists.actions.settlement_slips import has_stuck_printing
from jifen.office.lists.actions.state_changes import CHUNK, move_entries
from jifen.office.lists.filing import INACTIVE_STATES
from jifen.office.lists.models import Entry, Objection, State
from jifen.office.lists.queries import find_rules
from jifen.office.lists.rules import LIVE, OPEN, SYSTEM
from jifen.office.registry.models import Permit
from jifen.process.calendar import working_calendar

REVOKED, SUSPENDED = "decision_revoked", "permit_suspended"


def hold_due_entries(day: date) -> int:
    """Publicity is over and an objection is open: the entry waits for it."""
    rows = Entry.objects.filter(state=State.PUBLIC, public_until__lt=day)
    return _move_in_chunks(rows.filter(_has_open_objection()), "hold", day)


def close_due_publicity(day: date) -> int:
    """On a working day, one formal list for each city and rules with everybody whose publicity is
    over and whose objections are decided; how many people."""
    if not working_calendar().is_working_day(day):
        return 0
    groups = (
        _list_closable_entries(day)
        .order_by("city", "rules")
        .values_list("city", "rules")
        .distinct()
    )
    return sum(_close_publicity(city, rules, day) for city, rules in list(groups))


def _list_closable_entries(day: date) -> QuerySet[Entry]:
    rows = _list_effective_entries().filter(
        state__in=(State.PUBLIC, State.HELD), public_until__lt=day
    )
    return rows.filter(~_has_open_objection())


def _list_effective_entries() -> QuerySet[Entry]:
    """Entries whose decision holds: one that is being replaced (a recheck) waits where it is."""
    rows = Entry.objects.filter(decision__void_at__isnull=True)
    return rows.filter(decision__revoked_at__isnull=True)


def _has_open_objection() -> Exists:
    return Exists(Objection.objects.filter(entry=OuterRef("pk"), state__in=OPEN))


def _close_publicity(city: str, rules_id: str, day: date) -> int:
    rules = find_rules(city, rules_id)
    with transaction.atomic():
        if is_made_today(city, rules_id, "formal", day):
            return 0
        rows = _list_closable_entries(day).filter(city=city, rules=rules_id)
        entries = _lock_entries(rows.order_by(F("place").asc(nulls_last=True), "number"))
        if not entries:
            return 0
        formal_list = make_list(rules, "formal", day, entries)
        return move_entries(entries, "close", SYSTEM, day, values={"formal": formal_list})


def _lock_entries(rows: QuerySet[Entry]) -> list[Entry]:
    """Locked, and asked for again: who waited for the lock reads the row as it is by then, but not
    what hangs on it (an objection of the last day)."""
    locked = set(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    return [entry for entry in rows if entry.pk in locked]


def notify_due_entries(day: date) -> int:
    """Settlement notices for those on a formal list: from now the days to settle run."""
    notified = 0
    rows = _list_effective_entries().filter(state=State.FORMAL)
    for city, rules_id in list(rows.values_list("city", "rules").distinct().order_by()):
        last = find_settlement_deadline(find_rules(city, rules_id), day)
        city_rows = rows.filter(city=city, rules=rules_id)
        notified += _move_in_chunks(
            city_rows, "notify", day, values={"noticed_on": day, "settle_by": last}
        )
    return notified


def forfeit_due_entries(day: date) -> int:
    """Who has not settled by the last day has given up; nobody whose slip cannot be printed."""
    rows = _list_effective_entries().filter(
        ~has_stuck_printing(), state=State.NOTICED, settle_by__lt=day
    )
    return _move_in_chunks(rows, "forfeit", day, why="not_in_time")


def lapse_due_entries(day: date) -> int:
    """Whose permit is on record and not valid (its functions are suspended, or it is cancelled).
    Nobody lapses whose permit is not on record here; and nobody with a settlement notice because
    the permit was cancelled: it is for those who settled, and the window says which it was."""
    own_permits = Permit.objects.filter(
        person=OuterRef("decision__application__person"), city=OuterRef("city")
    )
    not_cancelled = Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=day)
    valid = own_permits.filter(not_cancelled, valid_until__gte=day)
    rows = Entry.objects.filter(Exists(own_permits), ~Exists(valid), state__in=LIVE)
    rows = rows.filter(
        ~Q(state=State.NOTICED) | Exists(own_permits.filter(cancelled_on__isnull=True))
    )
    return _move_in_chunks(rows, "lapse", day, why=SUSPENDED)


def remove_due_entries(day: date) -> int:
    """Whose decision holds no more: revoked, or replaced after a recheck. A new decision is entered
    anew by the line; in a ranking the place goes on or ends with it (`recheck_due`)."""
    rows = Entry.objects.filter(state__in=LIVE)
    by_line = Q(place__isnull=True) | Q(decision__application__state__in=INACTIVE_STATES)
    decision_ended = (
        Q(decision__revoked_at__isnull=False) | Q(decision__void_at__isnull=False) & by_line
    )
    return _move_in_chunks(rows.filter(decision_ended), "remove", day, why=REVOKED)


def _move_in_chunks(
    rows: QuerySet[Entry], act: str, day: date, *, why: str = "", values: Any = None
) -> int:
    """Some at a time, each lot in a transaction of its own: a killed worker goes on later."""
    moved = 0
    while chunk := _next_chunk(rows):
        with transaction.atomic():
            locked = _lock_entries(rows.filter(pk__in=chunk))
            moved += move_entries(locked, act, SYSTEM, day, why=why, values=values)
    return moved


def _next_chunk(rows: QuerySet[Entry]) -> Sequence[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
