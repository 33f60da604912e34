"""Whether every decision has its paper, every series its numbers, every sheet its file, and nothing
stands that fell."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils import timezone

from jifen.office.audit.portions import in_portions
from jifen.office.casework.models import Decision
from jifen.office.notices.actions.printing import is_whole, place_of, storage
from jifen.office.notices.models import Notice, Printing, Series, Sheet

PATIENCE = timedelta(hours=1)
"""What happened in the last hour may still be on its way."""


def wrong(now: datetime | None = None) -> Iterator[str]:
    """What is not as it should be, one sentence each."""
    before = (now or timezone.now()) - PATIENCE
    yield from _without_paper(before)
    yield from _gaps()
    yield from _standing(before)
    rows = Printing.objects.filter(notice__made_at__lt=before).select_related("notice")
    for row in rows:
        why = row.stuck.get("en", "")
        yield f"{row.notice.number}: not printed after {row.attempts} tries. {why}"
    yield from _files()


def _files() -> Iterator[str]:
    """Each is read whole: of one that was damaged later, the size may be right."""
    for sheet in in_portions(Sheet.objects.select_related("notice").order_by("id")):
        try:
            if is_whole(sheet.sha256):
                continue
            there = storage().exists(place_of(sheet.sha256))
        except OSError as error:
            yield f"{sheet.notice.number}: its sheet cannot be read ({type(error).__name__})"
            continue
        what = "is not the one that was sealed" if there else "is missing"
        yield f"{sheet.notice.number}: the file of its sheet {what} ({place_of(sheet.sha256)})"


def _without_paper(before: datetime) -> Iterator[str]:
    rows = Decision.objects.filter(signed_at__lt=before, void_at__isnull=True)
    rows = rows.filter(revoked_at__isnull=True)
    rows = rows.exclude(notices__kind__in=("notice", "refusal")).select_related("application")
    for decision in rows.order_by("id"):
        yield f"{decision.application}: decision {decision.number} has no notice"


def _gaps() -> Iterator[str]:
    """Papers of cases past their years are gone, and their numbers with them: only more papers
    than numbers, or a number beyond the last, is wrong then."""
    counted = Series.objects.annotate(many=Count("notices"), top=Max("notices__sequence"))
    for series in counted.filter(Q(top__gt=F("last")) | Q(many__gt=F("last"))):
        yield f"{series}: {series.many} papers up to {series.top}"
    removed = Notice.objects.filter(series__last__gt=0).values("series")
    for series in counted.filter(pk__in=removed, many__lt=F("last")):
        yield f"{series}: {series.last - series.many} numbers have no paper (removed, or lost)"


def _standing(before: datetime) -> Iterator[str]:
    newer = Decision.objects.filter(
        application=OuterRef("application"),
        number__gt=OuterRef("decision__number"),
        signed_at__lt=before,
    )
    replaced = Q(decision__void_at__lt=before) & Exists(newer)
    fell = replaced | Q(decision__revoked_at__lt=before)
    rows = Notice.objects.filter(fell, revocation__isnull=True)
    for notice in rows.filter(kind__in=("notice", "refusal")).order_by("id"):
        yield f"{notice.number}: stands, though its decision does not"
