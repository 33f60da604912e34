"""What lists keep of a person, for that person."""

from collections.abc import Iterator
from typing import Any

from jifen.office.audit.queries import list_reads_of
from jifen.office.casework.models import Application
from jifen.office.lists.models import Entry, Objection, RunPlace
from jifen.office.registry.models import Person


def list_places_outside(person: Person) -> list[RunPlace]:
    """The published rankings in which somebody was ranked and is not inside the quota."""
    numbers = Application.objects.filter(person=person, number__isnull=False)
    rows = RunPlace.objects.filter(number__in=numbers.values("number"), admitted=False)
    # who was entered by a supplement since is inside
    rows = rows.exclude(number__in=Entry.objects.filter(place__isnull=False).values("number"))
    return list(rows.filter(run__state="published").select_related("run").order_by("-run"))


def export_own_lists(person: Person) -> dict[str, Any]:
    """Places on lists and in rankings, objections to them (not by whom), objections filed."""
    entries = Entry.objects.filter(decision__application__person=person).order_by("id")
    return {
        "lists": [_entry_to_dict(entry) for entry in entries],
        "rankings": [
            {
                "run": place.run.name,
                "place": place.place,
                "total": place.total,
                "inside": place.admitted,
            }
            for place in list_places_outside(person)
        ],
        "objections_filed": list(_list_filed_objections(person)),
    }


def _entry_to_dict(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "state": entry.state,
        "total": entry.total,
        "place": entry.place,
        "settle_by": entry.settle_by,
        "why": entry.why,
        "history": [{"on": event.on, "act": event.act} for event in entry.events.all()],
        "objections": [
            {
                "filed_on": objection.filed_on,
                "words": objection.words,
                "answer": objection.answer,
                "reasons": objection.reasons,
            }
            for objection in entry.objections.all()
        ],
        "looked_at": list_reads_of(f"list entry:{entry.pk}"),
    }


def _list_filed_objections(person: Person) -> Iterator[dict[str, Any]]:
    for objection in Objection.objects.filter(filed_by=person.user_id) if person.user_id else ():
        yield {
            "filed_on": objection.filed_on,
            "words": objection.words,
            "state": objection.state,
            "reasons": objection.reasons,
        }
