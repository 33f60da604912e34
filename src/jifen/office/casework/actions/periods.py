"""How long points are valid: the first period ends with the permit, whole years follow."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Decision, Outcome, PointsPeriod
from jifen.office.casework.waiting_rows import store_renewal_wait
from jifen.office.casework.words import say
from jifen.office.registry.models import Permit, Person
from jifen.policy.text import Text

ONE_DAY = timedelta(days=1)


def list_running_periods() -> "QuerySet[PointsPeriod]":
    """Points that are to be renewed: not renewed, not ended, and their permit is not cancelled."""
    rows = PointsPeriod.objects.filter(renewed=False, ended_on__isnull=True)
    return rows.filter(Q(permit__isnull=True) | Q(permit__cancelled_on__isnull=True))


def open_period(application: Application, decision: Decision, on: date) -> PointsPeriod | None:
    """The period of a decision. Of a recheck it takes the place of the one before; of a renewal it
    follows the one before; else it begins on its day. None in a city whose points are not renewed
    (they lead to settlement). Raises CaseFault where the permit on record is over."""
    if process_of(application).renewal is None:
        return None
    own_periods = PointsPeriod.objects.filter(decision__application=application)
    if replaced_period := own_periods.order_by("-id").first():
        return _replace_period(replaced_period, decision, on)
    refuse_without_permit(application, decision, on)
    permit = _find_newest_permit(application)
    last_period = _find_last_period(application)
    since = _find_start_day(application, last_period, on)
    until = permit.valid_until if permit else None
    if last_period:
        _end_previous_period(last_period, since)
    new_period = PointsPeriod.objects.create(
        person=application.person,
        city=application.city,
        decision=decision,
        permit=permit,
        employer=application.unit,
        since=since,
        until=max(until, since) if until else None,  # over already: nothing was given
        renewed=_gives_no_points(decision),
    )
    store_renewal_wait(new_period)
    return new_period


def refuse_without_permit(application: Application, decision: Decision, on: date) -> None:
    """Points are valid exactly as long as the permit: nobody gets them by one that was cancelled or
    is over before they begin. Raises CaseFault. Where no permit is on record nothing is known."""
    if process_of(application).renewal is None or _gives_no_points(decision):
        return
    permit = _find_newest_permit(application)
    if permit is None or PointsPeriod.objects.filter(decision__application=application).exists():
        return
    begins = _find_start_day(application, _find_last_period(application), on)
    if permit.cancelled_on is not None or permit.valid_until < begins:
        raise CaseFault("JF-K053", _describe_missing_permit(permit))


def _find_newest_permit(application: Application) -> Permit | None:
    rows = Permit.objects.filter(person=application.person_id, city=application.city)
    return rows.order_by("-id").first()


def _describe_missing_permit(permit: Permit) -> Text:
    day = permit.cancelled_on or permit.valid_until
    words = (
        say("actions.periods.was_cancelled")
        if permit.cancelled_on
        else say("actions.periods.ended")
    )
    return say("actions.periods.the_permit_on_record", day=day, words=words)


def _find_last_period(application: Application) -> PointsPeriod | None:
    rows = PointsPeriod.objects.filter(ended_on__isnull=True, person=application.person_id)
    rows = rows.filter(city=application.city).select_related("decision")
    return rows.order_by("-since").first()


def _find_start_day(application: Application, last: PointsPeriod | None, on: date) -> date:
    """A renewal of points at the line begins where they end, if it was filed by then (or by itself,
    by a permit that ran on); filed later, and everything else, at once."""
    if last is None or last.until is None or application.kind != "renewal":
        return on
    if last.decision.outcome != Outcome.REACHED:
        return on
    follows = last.until + ONE_DAY
    filed = application.received_on or on
    return (
        follows
        if filed <= last.until or _was_filed_late_by_system(application, last)
        else max(on, follows)
    )


def _was_filed_late_by_system(application: Application, last: PointsPeriod) -> bool:
    """Whether the system filed it late, of a permit that was endorsed in time: the delay is the
    system's own."""
    if not application.events.filter(act="submitted", by__isnull=True).exists():
        return False
    moved = ("endorsed", "restored")
    in_time = {"kind__in": moved, "period_end": last.until, "on__lte": last.until}
    return last.permit is not None and last.permit.events.filter(**in_time).exists()


def _end_previous_period(last_period: PointsPeriod, since: date) -> None:
    if last_period.until is None or last_period.until >= since:
        last_period.ended_on = since
    last_period.renewed = True
    last_period.save(update_fields=("renewed", "ended_on"))
    store_renewal_wait(last_period)


def _gives_no_points(decision: Decision) -> bool:
    """Points that were not given need no renewal."""
    return decision.outcome in (Outcome.REFUSED, Outcome.VETOED)


def _replace_period(old_period: PointsPeriod, decision: Decision, on: date) -> PointsPeriod:
    """A recheck: the same period under the new decision, from today on, or wholly where it is over
    already (also where a later decision ended it); what follows it is not touched."""
    is_past = old_period.until is not None and old_period.until < on
    is_over = is_past or (old_period.ended_on is not None and old_period.ended_on <= on)
    since = old_period.since if is_over else max(on, old_period.since)
    new_period = PointsPeriod.objects.create(
        person_id=old_period.person_id,
        city=old_period.city,
        decision=decision,
        permit=old_period.permit,
        employer=old_period.employer,
        since=since,
        until=old_period.until,
        ended_on=old_period.ended_on,
        renewed=(old_period.renewed and not _gives_no_points(old_period.decision))
        or _gives_no_points(decision),
    )
    old_period.ended_on, old_period.renewed = since, True
    old_period.save(update_fields=("ended_on", "renewed"))
    store_renewal_wait(old_period)
    store_renewal_wait(new_period)
    return new_period


def link_permits() -> int:
    """Points that were given before their permit was on record end with it from now on; how
    many."""
    valid_permits = Permit.objects.filter(cancelled_on__isnull=True)
    own_permits = valid_permits.filter(person=OuterRef("person"), city=OuterRef("city"))
    unlinked_periods = PointsPeriod.objects.filter(
        Exists(own_permits), permit__isnull=True, ended_on__isnull=True
    )
    rows = list(unlinked_periods.select_related("person"))
    for period in rows:
        permit = find_permit(period.person, period.city)
        if permit is not None:
            period.permit, period.until = permit, max(permit.valid_until, period.since)
            period.save(update_fields=("permit", "until"))
            store_renewal_wait(period)
    return len(rows)


def end_period(decision: Decision, on: date) -> None:
    """The decision holds no more."""
    for period in PointsPeriod.objects.filter(decision=decision, ended_on__isnull=True):
        period.ended_on = on
        period.save(update_fields=("ended_on",))
        store_renewal_wait(period)


def list_decisions_with_points(application: Application) -> "QuerySet[Decision]":
    """The signed decisions of a case whose points have not been ended: the one that stands, or one
    that a recheck has voided and whose successor is not signed yet."""
    rows = Decision.objects.filter(application=application, signed_at__isnull=False)
    has_points = Q(void_at__isnull=True) | Q(points__ended_on__isnull=True, points__isnull=False)
    return rows.filter(has_points, revoked_at__isnull=True)


def find_permit(person: Person, city: str) -> Permit | None:
    """The standing permit of somebody, where it is on record."""
    return Permit.objects.filter(person=person, city=city, cancelled_on__isnull=True).first()


def find_points_on(person: Person, city: str, on: date) -> PointsPeriod | None:
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
