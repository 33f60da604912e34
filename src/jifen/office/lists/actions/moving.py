"""The one way in which entries change state: by the table, guarded, with history and log."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import SYSTEM, record_many
from jifen.office.casework.models import Event
from jifen.office.lists.faults import ListFault, changed
from jifen.office.lists.models import Entry, EntryEvent, State
from jifen.office.lists.rules import goal
from jifen.office.lists.waits import keep_settlements
from jifen.policy.text import Text

CHUNK = 500
ENDS = (State.SETTLED, State.FORFEITED, State.LAPSED, State.REMOVED)


def move(
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
    goals = {entry.state: _goal(entry, act, side) for entry in entries}
    for state, to in goals.items():
        changes = {"state": to, "version": F("version") + 1} | dict(values or {})
        if to in ENDS:
            changes |= {"ended_on": on, "why": why}
        _write([e.pk for e in entries if e.state == state], state, changes)
    keep_settlements(
        entries, {e.pk: goals[e.state] for e in entries}, (values or {}).get("settle_by")
    )
    record_moves(entries, {e.pk: goals[e.state] for e in entries}, act, on, by=by, why=why)
    return len(entries)


def _goal(entry: Entry, act: str, side: str) -> str:
    to = goal(entry.state, act, side)
    if to is None:
        raise ListFault(
            "JF-Q011",
            Text(
                f"条目目前为“{entry.get_state_display()}”，不能做这项操作。",
                f"The entry is now '{entry.state}', where this cannot be done.",
            ),
        )
    return to


def _write(keys: list[int], state: str, changes: dict[str, Any]) -> None:
    """Guarded by the state that was read: a lost race shows here."""
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        if Entry.objects.filter(pk__in=some, state=state).update(**changes) != len(some):
            raise changed()


def record_moves(
    entries: Sequence[Entry],
    goals: dict[int, str],
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
            EntryEvent(entry=e, act=act, state=goals[e.pk], on=on, at=at, by=by, why=why)
            for e in entries
        ],
        batch_size=CHUNK,
    )
    Event.objects.bulk_create(
        [
            Event(application_id=case, act=f"list_{act}", by=by, as_role="" if by else "system")
            for case in _cases(entries)
        ],
        batch_size=CHUNK,
    )
    said = [
        {
            "act": f"list.{act}",
            "subject": f"list entry:{e.pk}",
            "city": e.city,
            "details": {"to": goals[e.pk]} | ({"why": why} if why else {}),
        }
        for e in entries
    ]
    record_many(said, actor=f"user:{by.pk}" if by else SYSTEM)


def _cases(entries: Sequence[Entry]) -> list[int]:
    keys = [e.pk for e in entries if e.decision_id is not None]
    found: list[int] = []
    for start in range(0, len(keys), CHUNK):
        rows = Entry.objects.filter(pk__in=keys[start : start + CHUNK])
        found += rows.order_by("pk").values_list("decision__application", flat=True)
    return found
