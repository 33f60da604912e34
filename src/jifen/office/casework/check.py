"""The nightly proof that what is kept for speed is what follows from the parts of each case."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F

from jifen.office.casework.actions.unit_of_work import derived_state
from jifen.office.casework.models import Application, Gate
from jifen.office.casework.waits import place_of, waits_of
from jifen.office.waiting.actions import open_of, values_of


@dataclass(frozen=True, slots=True)
class Wrong:
    """A case of which the kept state, the mirror on its gates, or what waits of it is not what its
    parts say."""

    case: str
    what: str
    kept: str
    derived: str


def check() -> Iterator[Wrong]:
    """Every case, in order."""
    for application in Application.objects.order_by("id").iterator(chunk_size=500):
        derived = derived_state(application)
        if application.state != derived:
            yield Wrong(str(application), "state", application.state, derived)
        yield from _waits(application)
    rows = Gate.objects.exclude(lane=F("application__lane")).select_related("application")
    for gate in rows:
        yield Wrong(str(gate.application), "lane", gate.lane, gate.application.lane)


def _waits(application: Application) -> Iterator[Wrong]:
    """What waits of a case that should not, should and does not, or does otherwise."""
    place = place_of(application)
    kept = {(row.kind, row.item): row for row in open_of(place.subject)}
    derived = {(w.kind.value, w.item): values_of(place, w) for w in waits_of(application)}
    for key in sorted({*kept, *derived}):
        name = f"waiting {' '.join(key)}".strip()
        if key not in kept or key not in derived:
            there = "open" if key in kept else "not there"
            yield Wrong(str(application), name, there, "open" if key in derived else "not there")
            continue
        for column, value in derived[key].items():
            if (old := getattr(kept[key], column)) != value:
                yield Wrong(str(application), f"{name} {column}", str(old), str(value))
