"""The nightly proof that what is kept for speed is what follows from the parts of each case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils import timezone

from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.actions.unit_of_work import derive_case_state
from jifen.office.casework.models import Application, Gate
from jifen.office.casework.waiting_rows import (
    RENEWAL_WINDOW,
    list_case_waits,
    list_renewal_waits,
    make_points_subject,
    place_of_case,
    place_of_points,
)
from jifen.office.waiting.actions import Wait, WaitPlace, list_open_rows_of, make_row_values
from jifen.office.waiting.models import Waiting, WaitKind


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
    yield from _check_renewal_waits(timezone.localdate() - RENEWAL_WINDOW)


def _check_renewal_waits(first_end: date) -> Iterator[Discrepancy]:
    """Of points that end on a day or later; after that their renewal waits no more."""
    rows = list_running_periods().filter(until__gte=first_end)
    rows = rows.select_related("decision__application", "permit").order_by("pk")
    for period in rows.iterator(chunk_size=500):
        yield from _compare_rows(
            str(period.decision.application), place_of_points(period), list_renewal_waits(period)
        )
    running = {
        make_points_subject(pk) for pk in list_running_periods().values_list("pk", flat=True)
    }
    waits = Waiting.objects.filter(kind=WaitKind.RENEWAL, ended_at__isnull=True)
    for subject in waits.order_by("pk").values_list("subject", flat=True).iterator():
        if subject not in running:
            yield Discrepancy(subject, "waiting renewal", "open", "not there")


def _check_waiting_rows(application: Application) -> Iterator[Discrepancy]:
    """What waits of a case that should not, should and does not, or does otherwise."""
    return _compare_rows(str(application), place_of_case(application), list_case_waits(application))


def _compare_rows(case: str, place: WaitPlace, waits: Iterable[Wait]) -> Iterator[Discrepancy]:
    stored = {(row.kind, row.item): row for row in list_open_rows_of(place.subject)}
    derived = {(w.kind.value, w.item): make_row_values(place, w) for w in waits}
    for key in sorted({*stored, *derived}):
        name = f"waiting {' '.join(key)}".strip()
        if key not in stored or key not in derived:
            stored_status = "open" if key in stored else "not there"
            yield Discrepancy(case, name, stored_status, "open" if key in derived else "not there")
            continue
        for column, value in derived[key].items():
            if (stored_value := getattr(stored[key], column)) != value:
                yield Discrepancy(case, f"{name} {column}", str(stored_value), str(value))
