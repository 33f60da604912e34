"""What is kept how long: the years stand in the process file of each city.

A case past its years goes whole: facts, edits, documents that nothing else uses. The audit log
keeps that it was there and that it was removed, without personal data.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from jifen.office.audit.actions import SYSTEM, record
from jifen.office.audit.portions import in_portions
from jifen.office.audit.triggers import without_triggers
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import (
    Application,
    Correction,
    CorrectionItem,
    Edit,
    Event,
    Material,
    MaterialVersion,
    PointsPeriod,
    State,
)
from jifen.office.casework.rules import ENDED
from jifen.office.documents.actions import remove_unused
from jifen.office.documents.models import Document

APPEND_ONLY = ("casework_edit", "casework_review", "casework_event")


_REMOVALS: list[Callable[[Application], None]] = []


def register_removal(removal: Callable[[Application], None]) -> None:
    """What stands above casework and belongs to a case is removed with it, in the same
    transaction: `part` is called with the case before its own rows go."""
    if removal not in _REMOVALS:
        _REMOVALS.append(removal)


@dataclass(frozen=True, slots=True)
class ExpiredCase:
    """A case past its years. `kind`: as in the process file."""

    application: Application
    kind: str
    until: date


def list_expired_cases(
    today: date | None = None, cities: Collection[str] | None = None
) -> Iterator[ExpiredCase]:
    """Drafts that were never filed, and cases that ended, past their years (by default, now); of
    some cities, or (None) of all."""
    today = today or timezone.localdate()
    states = [State.DRAFT, *ENDED]
    rows = Application.objects.filter(state__in=states)
    if cities is not None:
        rows = rows.filter(city__in=cities)
    # what a renewal rests on goes with or after it
    rows = rows.exclude(decisions__renewals__isnull=False).order_by("-id")
    for application in in_portions(rows):
        kind = "draft" if application.submitted_at is None else "application"
        years = next(
            (rule.years for rule in process_of(application).retention if rule.kind == kind), None
        )
        if years is None:
            continue
        until = _add_years(application.created_at.date(), years)
        if until < today:
            yield ExpiredCase(application, kind, until)


def _add_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def remove_case(expired_case: ExpiredCase) -> None:
    """Remove one case whole, in one transaction with its entry in the log. Files go last: what is
    left of a broken run is a file that nothing names, never a name without its file."""
    application = expired_case.application
    with transaction.atomic():
        documents = list(
            Document.objects.filter(used_as__material__application=application).distinct()
        )
        for removal in _REMOVALS:
            removal(application)
        with without_triggers(connection, APPEND_ONLY):
            _delete_rows(application)
        contents = {document.sha256 for document in documents if _delete_unused_document(document)}
        subject, details = f"application:{application.pk}", {"kind": expired_case.kind}
        city = application.city
        application.delete()
        record("retention.removed", actor=SYSTEM, subject=subject, city=city, details=details)
    for sha256 in contents:
        remove_unused(sha256)


def _delete_rows(application: Application) -> None:
    application.waits.all().delete()
    reviews = application.reviews.all()
    reviews.model.documents.through.objects.filter(review__application=application).delete()
    reviews.delete()
    application.rechecks.all().delete()
    application.false_records.all().delete()
    PointsPeriod.objects.filter(decision__application=application).delete()
    application.decisions.all().delete()
    CorrectionItem.objects.filter(correction__application=application).delete()
    Correction.objects.filter(application=application).delete()
    application.expedites.all().delete()
    application.checks.all().delete()
    application.gates.all().delete()
    MaterialVersion.objects.filter(material__application=application).delete()
    Material.objects.filter(application=application).delete()
    Edit.objects.filter(application=application).delete()
    application.items.all().delete()
    Event.objects.filter(application=application).delete()


def _delete_unused_document(document: Document) -> bool:
    """Delete the row if nothing else refers to it; whether its content is used by no other row."""
    if document.used_as.exists() or document.unitversion_set.exists():
        return False
    document.delete()
    return not Document.objects.filter(sha256=document.sha256).exists()
