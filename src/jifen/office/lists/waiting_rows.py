"""What waits of lists: settlement on the person noticed, objections on those who decide them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from jifen.office.lists.models import Entry, Objection, ObjectionState, State
from jifen.office.waiting.actions import Wait, WaitPlace, make_row_values, store_waits
from jifen.office.waiting.models import Waiting, WaitKind

CHUNK = 500


def make_subject(entry: Entry) -> str:
    """How an entry is named in what waits."""
    return f"list entry:{entry.pk}"


def store_settlement_waits(
    entries: Sequence[Entry], new_states: dict[int, str], settle_by: date | None
) -> None:
    """Of entries that go to these states: whoever is noticed has to settle by a day, whoever leaves
    that state has not. Before the entries are read anew, in the transaction that moves them."""
    newly_noticed = [
        entry
        for entry in entries
        if new_states[entry.pk] == State.NOTICED and entry.state != State.NOTICED
    ]
    still_noticed = [
        e for e in entries if new_states[e.pk] == State.NOTICED and e.state == State.NOTICED
    ]
    no_longer_noticed = [
        e for e in entries if new_states[e.pk] != State.NOTICED and e.state == State.NOTICED
    ]
    if settle_by is not None:
        _update_waits(still_noticed, {"due_on": settle_by})
    _update_waits(no_longer_noticed, {"ended_at": timezone.now()})
    _begin_waits(newly_noticed, settle_by)


def _update_waits(entries: Sequence[Entry], values: dict[str, Any]) -> None:
    subjects = [make_subject(entry) for entry in entries]
    for start in range(0, len(subjects), CHUNK):
        rows = Waiting.objects.filter(subject__in=subjects[start : start + CHUNK])
        rows.filter(kind=WaitKind.SETTLEMENT, ended_at__isnull=True).update(**values)


def _begin_waits(entries: Sequence[Entry], settle_by: date | None) -> None:
    now, entries_by_id = timezone.now(), {e.pk: e for e in entries}
    keys = list(entries_by_id)
    for start in range(0, len(keys), CHUNK):
        rows = Entry.objects.filter(pk__in=keys[start : start + CHUNK], decision__isnull=False)
        id_rows = rows.order_by("pk").values_list(
            "pk", "decision__application", "decision__application__person"
        )
        Waiting.objects.bulk_create(
            _make_settlement_row(entries_by_id[pk], case, person, settle_by, now)
            for pk, case, person in id_rows
        )


def _make_settlement_row(
    entry: Entry, case: int, person: int, settle_by: date | None, now: Any
) -> Waiting:
    place = WaitPlace(make_subject(entry), entry.city, entry.district, case)
    wait = Wait(WaitKind.SETTLEMENT, person=person, due_on=settle_by)
    return Waiting(
        kind=wait.kind, subject=place.subject, item="", since=now, **make_row_values(place, wait)
    )


def store_objection_waits(objection: Objection) -> None:
    """Write what waits of an objection as it is now, in the transaction of the act."""
    store_waits(place_of_objection(objection), list_objection_waits(objection))


def place_of_objection(objection: Objection) -> WaitPlace:
    """The office that has an objection."""
    entry, decision = objection.entry, objection.entry.decision
    case = decision.application_id if decision else None
    return WaitPlace(f"objection:{objection.pk}", entry.city, entry.district, case)


def list_objection_waits(objection: Objection) -> list[Wait]:
    """Looked into by one, decided by another who had no part in the decision that it is about."""
    if objection.state == ObjectionState.FILED:
        return [Wait(WaitKind.OBJECTION, due_on=objection.due_on, barred=(objection.filed_by_id,))]
    if objection.state != ObjectionState.HEARD:
        return []
    decision = objection.entry.decision
    participants = {objection.filed_by_id, objection.heard_by_id}
    if decision is not None:
        participants |= {decision.proposed_by_id, decision.signed_by_id}
    barred = tuple(pk for pk in participants if pk is not None)
    return [Wait(WaitKind.OBJECTION_DECISION, due_on=objection.due_on, barred=barred)]
