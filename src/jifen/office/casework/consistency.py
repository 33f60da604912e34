"""The nightly proof that what is kept for speed is what follows from the parts of each case."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F

from jifen.office.casework.actions.unit_of_work import derive_case_state
from jifen.office.casework.models import Application, Gate
from jifen.office.casework.waiting_rows import list_case_waits, place_of_case
from jifen.office.waiting.actions import list_open_rows_of, make_row_values


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A case of which the kept state, the mirror on its gates, or what waits of it is not what its
    parts say."""

    case: str
    aspect: str
    stored: str
    derived: str


def check_cases() -> Iterator[Discrepancy]:
    """Every case, in order."""
    for application in Application.objects.order_by("id").iterator(chunk_size=500):
        derived = derive_case_state(application)
        if application.state != derived:
            yield Discrepancy(str(application), "state", application.state, derived)
        yield from _check_waiting_rows(application)
    mismatched_gates = Gate.objects.exclude(lane=F("application__lane")).select_related(
        "application"
    )
    for gate in mismatched_gates:
        yield Discrepancy(str(gate.application), "lane", gate.lane, gate.application.lane)


def _check_waiting_rows(application: Application) -> Iterator[Discrepancy]:
    """What waits of a case that should not, should and does not, or does otherwise."""
    place = place_of_case(application)
    stored = {(row.kind, row.item): row for row in list_open_rows_of(place.subject)}
    derived = {
        (w.kind.value, w.item): make_row_values(place, w) for w in list_case_waits(application)
    }
    for key in sorted({*stored, *derived}):
        name = f"waiting {' '.join(key)}".strip()
        if key not in stored or key not in derived:
            stored_status = "open" if key in stored else "not there"
            yield Discrepancy(
                str(application), name, stored_status, "open" if key in derived else "not there"
            )
            continue
        for column, value in derived[key].items():
            if (stored_value := getattr(stored[key], column)) != value:
                yield Discrepancy(
                    str(application), f"{name} {column}", str(stored_value), str(value)
                )
