"""The nightly proof that what is kept for speed is what follows from the parts of each case."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F

from jifen.office.casework.actions.unit_of_work import derived_state
from jifen.office.casework.models import Application, Gate


@dataclass(frozen=True, slots=True)
class Wrong:
    """A case whose kept state, or whose mirror on its gates, is not what its parts say."""

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
    rows = Gate.objects.exclude(lane=F("application__lane")).select_related("application")
    for gate in rows:
        yield Wrong(str(gate.application), "lane", gate.lane, gate.application.lane)
