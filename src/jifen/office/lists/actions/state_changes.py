"""The one way in which entries change state: by the table, guarded, with history and log."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.accounts.roles import name_principal
from jifen.office.audit.actions import SYSTEM, record_many
from jifen.office.casework.models import Event
from jifen.office.lists.access import WINDOW_ROLES
from jifen.office.lists.faults import ListFault, make_changed_fault
from jifen.office.lists.models import Entry, EntryEvent, State
from jifen.office.lists.rules import find_next_state
from jifen.office.lists.waiting_rows import store_settlement_waits
from jifen.office.lists.words import say
from jifen.policy.text import Text

CHUNK = 500
END_STATES = (State.SETTLED, State.FORFEITED, State.LAPSED, State.REMOVED)


def move_entries(
    entries: Sequence[Entry],
    act: str,
    side: str,
    on: date,
    *,
    by: User | None = None,
    why: str = "",
    values: dict[str, Any] | None = None,
) -> int:
    """Do an act to entries, all or none; how many. Inside a transaction, and last in it: the log
    stays locked. Raises ListFault where the table does not allow it, or somebody else acted."""
    next_states = {entry.state: _require_next_state(entry, act, side) for entry in entries}
    for state, next_state in next_states.items():
        changes = {"state": next_state, "version": F("version") + 1} | dict(values or {})
        if next_state in END_STATES:
            changes |= {"ended_on": on, "why": why}
        _write_guarded([e.pk for e in entries if e.state == state], state, changes)
    store_settlement_waits(
        entries,
        {entry.pk: next_states[entry.state] for entry in entries},
        (values or {}).get("settle_by"),
    )
    record_moves(entries, {e.pk: next_states[e.state] for e in entries}, act, on, by=by, why=why)
    return len(entries)


def _require_next_state(entry: Entry, act: str, side: str) -> str:
    next_state = find_next_state(entry.state, act, side)
    if next_state is None:
        raise ListFault(
            "JF-Q011",
            say(
                "actions.state_changes.the_entry_is_now_where",
                state_display=Text(entry.get_state_display(), entry.state),
            ),
        )
    return next_state


def _write_guarded(keys: list[int], state: str, changes: dict[str, Any]) -> None:
    """Guarded by the state that was read: a lost race shows here."""
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        if Entry.objects.filter(pk__in=chunk, state=state).update(**changes) != len(chunk):
            raise make_changed_fault()


def record_moves(
    entries: Sequence[Entry],
    next_states: dict[int, str],
    act: str,
    on: date,
    *,
    by: User | None = None,
    why: str = "",
) -> None:
    """History of the entries and of their cases, and the log."""
    at = timezone.now()
    EntryEvent.objects.bulk_create(
        [
            EntryEvent(entry=e, act=act, state=next_states[e.pk], on=on, at=at, by=by, why=why)
            for e in entries
        ],
        batch_size=CHUNK,
    )
    Event.objects.bulk_create(
        [
            Event(application_id=case, act=f"list_{act}", by=by, as_role="" if by else "system")
            for case in _list_case_ids(entries)
        ],
        batch_size=CHUNK,
    )
    log_entries = [
        {
            "act": f"list.{act}",
            "subject": f"list entry:{entry.pk}",
            "city": entry.city,
            "on_behalf_of": name_principal(by, entry.city, entry.district, *WINDOW_ROLES)
            if by
            else "",
            "details": {"to": next_states[entry.pk]} | ({"why": why} if why else {}),
        }
        for entry in entries
    ]
    record_many(log_entries, actor=f"user:{by.pk}" if by else SYSTEM)


def _list_case_ids(entries: Sequence[Entry]) -> list[int]:
    keys = [entry.pk for entry in entries if entry.decision_id is not None]
    case_ids: list[int] = []
    for start in range(0, len(keys), CHUNK):
        rows = Entry.objects.filter(pk__in=keys[start : start + CHUNK])
        case_ids += rows.order_by("pk").values_list("decision__application", flat=True)
    return case_ids
