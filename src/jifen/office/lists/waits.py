"""What waits of lists: settlement on the person noticed, objections on those who decide them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from jifen.office.lists.models import Entry, Objection, ObjectionState, State
from jifen.office.waiting.actions import Place, Wait, keep, values_of
from jifen.office.waiting.models import Kind, Waiting

CHUNK = 500


def subject_of(entry: Entry) -> str:
    """How an entry is named in what waits."""
    return f"list entry:{entry.pk}"


def keep_settlements(entries: Sequence[Entry], to: dict[int, str], settle_by: date | None) -> None:
    """Of entries that go to these states: whoever is noticed has to settle by a day, whoever leaves
    that state has not. Before the entries are read anew, in the transaction that moves them."""
    begun = [e for e in entries if to[e.pk] == State.NOTICED and e.state != State.NOTICED]
    moved = [e for e in entries if to[e.pk] == State.NOTICED and e.state == State.NOTICED]
    ended = [e for e in entries if to[e.pk] != State.NOTICED and e.state == State.NOTICED]
    if settle_by is not None:
        _change(moved, {"due_on": settle_by})
    _change(ended, {"ended_at": timezone.now()})
    _begin(begun, settle_by)


def _change(entries: Sequence[Entry], values: dict[str, Any]) -> None:
    subjects = [subject_of(entry) for entry in entries]
    for start in range(0, len(subjects), CHUNK):
        rows = Waiting.objects.filter(subject__in=subjects[start : start + CHUNK])
        rows.filter(kind=Kind.SETTLEMENT, ended_at__isnull=True).update(**values)


def _begin(entries: Sequence[Entry], settle_by: date | None) -> None:
    now, found = timezone.now(), {e.pk: e for e in entries}
    keys = list(found)
    for start in range(0, len(keys), CHUNK):
        rows = Entry.objects.filter(pk__in=keys[start : start + CHUNK], decision__isnull=False)
        named = rows.order_by("pk").values_list(
            "pk", "decision__application", "decision__application__person"
        )
        Waiting.objects.bulk_create(
            _settlement(found[pk], case, person, settle_by, now) for pk, case, person in named
        )


def _settlement(entry: Entry, case: int, person: int, settle_by: date | None, now: Any) -> Waiting:
    place = Place(subject_of(entry), entry.city, entry.district, case)
    wait = Wait(Kind.SETTLEMENT, person=person, due_on=settle_by)
    return Waiting(
        kind=wait.kind, subject=place.subject, item="", since=now, **values_of(place, wait)
    )


def keep_objection(row: Objection) -> None:
    """Write what waits of an objection as it is now, in the transaction of the act."""
    keep(place_of(row), waits_of(row))


def place_of(row: Objection) -> Place:
    """The office that has an objection."""
    entry, decision = row.entry, row.entry.decision
    case = decision.application_id if decision else None
    return Place(f"objection:{row.pk}", entry.city, entry.district, case)


def waits_of(row: Objection) -> list[Wait]:
    """Looked into by one, decided by another who had no part in the decision that it is about."""
    if row.state == ObjectionState.FILED:
        return [Wait(Kind.OBJECTION, due_on=row.due_on, barred=(row.filed_by_id,))]
    if row.state != ObjectionState.HEARD:
        return []
    decision = row.entry.decision
    some = {row.filed_by_id, row.heard_by_id}
    if decision is not None:
        some |= {decision.proposed_by_id, decision.signed_by_id}
    barred = tuple(pk for pk in some if pk is not None)
    return [Wait(Kind.OBJECTION_DECISION, due_on=row.due_on, barred=barred)]
