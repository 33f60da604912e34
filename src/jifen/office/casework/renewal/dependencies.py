"""Which decisions of other years rest on one finding, because it was taken over without looking."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils import timezone

from jifen.office.casework.models import Application, PointsPeriod, State

GIVEN_UP = (State.WITHDRAWN, State.LAPSED, State.REVOKED)


def list_cases_of_one_finding(application: Application, fact: str) -> Iterator[Application]:
    """The other cases of the same finding: the year in which it was made, if its points still run,
    and every renewal that took it over from there."""
    origin = _find_origin(application, fact)
    if origin != application and _has_running_points(origin, timezone.localdate()):
        yield origin
    yield from (
        renewal for renewal in _list_carrying_renewals(origin, fact) if renewal != application
    )


def _find_origin(application: Application, fact: str) -> Application:
    """Where it was found: the first case in the chain of what was carried."""
    item = application.items.filter(fact=fact).select_related("carried_from__application").first()
    if item is None or item.carried_from is None:
        return application
    return _find_origin(item.carried_from.application, fact)


def _has_running_points(application: Application, today: date) -> bool:
    rows = PointsPeriod.objects.filter(decision__application=application, ended_on__isnull=True)
    return rows.filter(Q(until__isnull=True) | Q(until__gte=today)).exists()


def _list_carrying_renewals(application: Application, fact: str) -> Iterator[Application]:
    """Renewals, of whatever year after."""
    rows = Application.objects.filter(renews__application=application)
    for renewal in rows.exclude(state__in=GIVEN_UP):
        if renewal.items.filter(fact=fact).exclude(carried_from=None).exists():
            yield renewal
            yield from _list_carrying_renewals(renewal, fact)
