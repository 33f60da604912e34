"""Checks of what is stored: each decision has a notice, each series its numbers, each sheet its
file, and each notice whose decision no longer stands is revoked."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils import timezone

from jifen.office.audit.portions import in_portions
from jifen.office.casework.models import Decision
from jifen.office.notices.actions.printing import get_sheet_path, get_sheet_storage, is_sheet_intact
from jifen.office.notices.models import Notice, Printing, Series, Sheet

GRACE_PERIOD = timedelta(hours=1)
"""What happened in the last hour may still be on its way."""


def find_problems(now: datetime | None = None) -> Iterator[str]:
    """Each problem, as one sentence that begins with the number of the notice or case."""
    before = (now or timezone.now()) - GRACE_PERIOD
    yield from _find_decisions_without_notice(before)
    yield from _find_number_gaps()
    yield from _find_wrongly_valid_notices(before)
    unprinted = Printing.objects.filter(notice__made_at__lt=before).select_related("notice")
    for printing in unprinted:
        why = printing.stuck.get("en", "")
        yield f"{printing.notice.number}: not printed after {printing.attempts} tries. {why}"
    yield from _find_file_problems()


def _find_file_problems() -> Iterator[str]:
    """Each file is read whole, since a damaged file may still have the right size."""
    for sheet in in_portions(Sheet.objects.select_related("notice").order_by("id")):
        try:
            if is_sheet_intact(sheet.sha256):
                continue
            file_exists = get_sheet_storage().exists(get_sheet_path(sheet.sha256))
        except OSError as error:
            yield f"{sheet.notice.number}: its sheet cannot be read ({type(error).__name__})"
            continue
        problem = "is not the one that was sealed" if file_exists else "is missing"
        path = get_sheet_path(sheet.sha256)
        yield f"{sheet.notice.number}: the file of its sheet {problem} ({path})"


def _find_decisions_without_notice(before: datetime) -> Iterator[str]:
    rows = Decision.objects.filter(signed_at__lt=before, void_at__isnull=True)
    rows = rows.filter(revoked_at__isnull=True)
    rows = rows.exclude(notices__kind__in=("notice", "refusal")).select_related("application")
    for decision in rows.order_by("id"):
        yield f"{decision.application}: decision {decision.number} has no notice"


def _find_number_gaps() -> Iterator[str]:
    """Notices of cases past their retention are deleted, so missing numbers may be right. Always
    wrong are more notices than numbers, or a number beyond the last one given out."""
    counted = Series.objects.annotate(many=Count("notices"), top=Max("notices__sequence"))
    for series in counted.filter(Q(top__gt=F("last")) | Q(many__gt=F("last"))):
        yield f"{series}: {series.many} papers up to {series.top}"
    removed = Notice.objects.filter(series__last__gt=0).values("series")
    for series in counted.filter(pk__in=removed, many__lt=F("last")):
        yield f"{series}: {series.last - series.many} numbers have no paper (removed, or lost)"


def _find_wrongly_valid_notices(before: datetime) -> Iterator[str]:
    newer = Decision.objects.filter(
        application=OuterRef("application"),
        number__gt=OuterRef("decision__number"),
        signed_at__lt=before,
    )
    replaced = Q(decision__void_at__lt=before) & Exists(newer)
    no_longer_stands = replaced | Q(decision__revoked_at__lt=before)
    rows = Notice.objects.filter(no_longer_stands, revocation__isnull=True)
    for notice in rows.filter(kind__in=("notice", "refusal")).order_by("id"):
        yield f"{notice.number}: stands, though its decision does not"
