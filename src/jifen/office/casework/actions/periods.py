"""How long points are valid: the first period ends with the permit, whole years follow."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from jifen.office.casework.models import Application, Decision, Outcome, PointsPeriod
from jifen.office.casework.standing import process_of
from jifen.office.registry.models import Permit, Person

ONE_DAY = timedelta(days=1)


def running() -> "QuerySet[PointsPeriod]":
    """Points that are to be renewed: not renewed, not ended, and their permit is not cancelled."""
    rows = PointsPeriod.objects.filter(renewed=False, ended_on__isnull=True)
    return rows.filter(Q(permit__isnull=True) | Q(permit__cancelled_on__isnull=True))


def open_period(application: Application, decision: Decision, on: date) -> PointsPeriod | None:
    """The period of a decision. Of a recheck it takes the place of the one before; of a renewal it
    follows the one before; else it begins on its day. None in a city whose points are not renewed
    (they lead to settlement)."""
    if process_of(application).renewal is None:
        return None
    rows = PointsPeriod.objects.filter(ended_on__isnull=True)
    if replaced := rows.filter(decision__application=application).first():
        return _in_its_place(replaced, decision, on)
    permit = permit_of(application.person, application.city)
    earlier = rows.filter(person=application.person_id, city=application.city)
    last = earlier.select_related("decision").order_by("-since").first()
    since = _begins(application, last, on)
    until = permit.valid_until if permit else None
    if until is not None and until < since:
        since = on
    if last:
        _end_by(last, since)
    return PointsPeriod.objects.create(
        person=application.person,
        city=application.city,
        decision=decision,
        permit=permit,
        employer=application.unit,
        since=since,
        until=max(until, since) if until else None,
        renewed=_nothing_given(decision),
    )


def _begins(application: Application, last: PointsPeriod | None, on: date) -> date:
    """A renewal of points at the line begins where they end; everything else at once."""
    if last is None or last.until is None or application.kind != "renewal":
        return on
    at_the_line = last.decision.outcome == Outcome.REACHED
    return max(on, last.until + ONE_DAY) if at_the_line else on


def _end_by(last: PointsPeriod, since: date) -> None:
    if last.until is None or last.until >= since:
        last.ended_on = since
    last.renewed = True
    last.save(update_fields=("renewed", "ended_on"))


def _nothing_given(decision: Decision) -> bool:
    """Points that were not given need no renewal."""
    return decision.outcome in (Outcome.REFUSED, Outcome.VETOED)


def _in_its_place(old: PointsPeriod, decision: Decision, on: date) -> PointsPeriod:
    """A recheck: the same period under the new decision, from today on, or wholly where it is over
    already; what follows it is not touched."""
    over = old.until is not None and old.until < on
    since = old.since if over else max(on, old.since)
    new = PointsPeriod.objects.create(
        person_id=old.person_id,
        city=old.city,
        decision=decision,
        permit=old.permit,
        employer=old.employer,
        since=since,
        until=old.until,
        renewed=old.renewed or _nothing_given(decision),
    )
    old.ended_on, old.renewed = since, True
    old.save(update_fields=("ended_on", "renewed"))
    return new


def end_period(decision: Decision, on: date) -> None:
    """The decision holds no more."""
    PointsPeriod.objects.filter(decision=decision, ended_on__isnull=True).update(ended_on=on)


def permit_of(person: Person, city: str) -> Permit | None:
    """The standing permit of somebody, where it is on record."""
    return Permit.objects.filter(person=person, city=city, cancelled_on__isnull=True).first()


def points_on(person: Person, city: str, on: date) -> PointsPeriod | None:
    """The points that are valid on a day: within their period, and while the permit is valid."""
    rows = PointsPeriod.objects.filter(person=person, city=city, since__lte=on)
    rows = rows.select_related("decision", "permit")
    period = rows.exclude(ended_on__lte=on).order_by("-since").first()
    if period is None or (period.until is not None and period.until < on):
        return None
    permit = period.permit
    if permit and permit.cancelled_on and permit.cancelled_on <= on:
        return None
    return period
