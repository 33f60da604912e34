"""Which decisions of other years rest on one finding, because it was taken over without looking."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils import timezone

from jifen.office.casework.models import Application, PointsPeriod, State

GIVEN_UP = (State.WITHDRAWN, State.LAPSED, State.REVOKED)


def of_one_finding(application: Application, fact: str) -> Iterator[Application]:
    """The other cases of the same finding: the year in which it was made, if its points still run,
    and every renewal that took it over from there."""
    origin = _origin(application, fact)
    if origin != application and _runs(origin, timezone.localdate()):
        yield origin
    yield from (one for one in _taken_over(origin, fact) if one != application)


def _origin(application: Application, fact: str) -> Application:
    """Where it was found: the first case in the chain of what was carried."""
    item = application.items.filter(fact=fact).select_related("carried_from__application").first()
    if item is None or item.carried_from is None:
        return application
    return _origin(item.carried_from.application, fact)


def _runs(application: Application, today: date) -> bool:
    rows = PointsPeriod.objects.filter(decision__application=application, ended_on__isnull=True)
    return rows.filter(Q(until__isnull=True) | Q(until__gte=today)).exists()


def _taken_over(application: Application, fact: str) -> Iterator[Application]:
    """Renewals, of whatever year after."""
    rows = Application.objects.filter(renews__application=application)
    for renewal in rows.exclude(state__in=GIVEN_UP):
        if renewal.items.filter(fact=fact).exclude(carried_from=None).exists():
            yield renewal
            yield from _taken_over(renewal, fact)
