"""Somebody decided anew in a city whose points have no periods: nothing but the later decision ends
what the earlier one said."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jifen.cities import index
from jifen.office.casework.models import Decision
from jifen.office.notices.models import Kind, Notice
from jifen.process import load_processes

OF_ONE = (Kind.NOTICE, Kind.REFUSAL)
# by its name: what keeps the lists stands above papers
_LISTED = Q(decision__listing__isnull=False) & ~Q(
    decision__listing__state__in=("forfeited", "lapsed", "removed")
)


def decided_anew() -> "QuerySet[Notice]":
    """Papers that stand, of people with a later decision. A place on a list for settlement, or the
    slip that came of it, rests on the older decision, and keeps its paper."""
    rows = Notice.objects.filter(kind__in=OF_ONE, revocation__isnull=True)
    rows = rows.filter(series__city__in=_without_periods()).filter(Exists(_later()))
    return rows.exclude(_LISTED).exclude(Exists(_slips()))


def newer_than(notice: Notice) -> date | None:
    """The day of the next decision of the person, where it ends this paper."""
    found = decided_anew().filter(pk=notice.pk)
    rows = found.annotate(signed=_later().order_by("signed_at").values("signed_at")[:1])
    signed = rows.values_list("signed", flat=True).first()
    return timezone.localtime(signed).date() if signed else None


def _without_periods() -> list[str]:
    known = {city: load_processes(city) for city in index()}
    return [city for city, all_ in known.items() if all_ and all(p.renewal is None for p in all_)]


def _later() -> "QuerySet[Decision]":
    """Signed decisions of the same person in the city that stand, of other cases."""
    rows = Decision.objects.filter(void_at__isnull=True, revoked_at__isnull=True)
    rows = rows.filter(
        application__person=OuterRef("person"),
        application__city=OuterRef("series__city"),
        signed_at__gt=OuterRef("decision__signed_at"),
    )
    return rows.exclude(application=OuterRef("application"))


def _slips() -> "QuerySet[Notice]":
    rows = Notice.objects.filter(kind=Kind.SETTLEMENT, revocation__isnull=True)
    return rows.filter(decision=OuterRef("decision"))
