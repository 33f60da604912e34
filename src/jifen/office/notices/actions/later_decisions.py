"""Notices that a later decision ends, in cities whose points have no periods: there nothing else
ends what the earlier decision said."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jifen.cities import index
from jifen.office.casework.models import Decision
from jifen.office.notices.models import Notice, NoticeKind
from jifen.process import load_processes

DECISION_NOTICES = (NoticeKind.NOTICE, NoticeKind.REFUSAL)
# by field names, since the package of the lists imports this one
_LISTED = Q(decision__listing__isnull=False) & ~Q(
    decision__listing__state__in=("forfeited", "lapsed", "removed")
)


def list_overtaken_notices() -> "QuerySet[Notice]":
    """Valid notices of people with a later decision. A place on a settlement list, or the
    settlement notice that came of it, depends on the older decision and keeps its notice valid."""
    rows = Notice.objects.filter(kind__in=DECISION_NOTICES, revocation__isnull=True)
    rows = rows.filter(series__city__in=_list_cities_without_periods()).filter(
        Exists(_select_later_decisions())
    )
    return rows.exclude(_LISTED).exclude(Exists(_select_settlement_notices()))


def find_later_decision_day(notice: Notice) -> date | None:
    """The day of the next decision of the person, where it ends this notice."""
    this_notice = list_overtaken_notices().filter(pk=notice.pk)
    rows = this_notice.annotate(
        signed=_select_later_decisions().order_by("signed_at").values("signed_at")[:1]
    )
    signed = rows.values_list("signed", flat=True).first()
    return timezone.localtime(signed).date() if signed else None


def _list_cities_without_periods() -> list[str]:
    processes_of_city = {city: load_processes(city) for city in index()}
    return [
        city
        for city, city_processes in processes_of_city.items()
        if city_processes and all(p.renewal is None for p in city_processes)
    ]


def _select_later_decisions() -> "QuerySet[Decision]":
    """Signed decisions of the same person in the city that stand, of other cases."""
    rows = Decision.objects.filter(void_at__isnull=True, revoked_at__isnull=True)
    rows = rows.filter(
        application__person=OuterRef("person"),
        application__city=OuterRef("series__city"),
        signed_at__gt=OuterRef("decision__signed_at"),
    )
    return rows.exclude(application=OuterRef("application"))


def _select_settlement_notices() -> "QuerySet[Notice]":
    rows = Notice.objects.filter(kind=NoticeKind.SETTLEMENT, revocation__isnull=True)
    return rows.filter(decision=OuterRef("decision"))
