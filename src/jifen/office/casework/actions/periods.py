"""How long points are valid: the first period ends with the permit, whole years follow."""

from datetime import date, timedelta

from jifen.office.casework.models import Application, Decision, Outcome, PointsPeriod
from jifen.office.casework.standing import process_of
from jifen.office.registry.models import Permit, Person

ONE_DAY = timedelta(days=1)


def open_period(application: Application, decision: Decision, on: date) -> PointsPeriod | None:
    """The period of a decision from its day on; of a renewal, from the end of the one before. None
    in a city whose points are not renewed (they lead to settlement)."""
    if process_of(application).renewal is None:
        return None
    permit = permit_of(application.person, application.city)
    earlier = PointsPeriod.objects.filter(person=application.person_id, city=application.city)
    last = earlier.filter(ended_on__isnull=True).order_by("-since").first()
    since = max(on, last.until + ONE_DAY) if last and last.until else on
    until = permit.valid_until if permit else None
    if until is not None and until < since:
        since = on
    if last and (last.until is None or last.until >= since):
        last.ended_on = since
    if last:
        last.renewed = True
        last.save(update_fields=("renewed", "ended_on"))
    return PointsPeriod.objects.create(
        person=application.person,
        city=application.city,
        decision=decision,
        permit=permit,
        employer=application.unit,
        since=since,
        until=max(until, since) if until else None,
        # points that were not given need no renewal
        renewed=decision.outcome in (Outcome.REFUSED, Outcome.VETOED),
    )


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
