"""How long points are valid: the first period ends with the permit, whole years follow."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Decision, Outcome, PointsPeriod
from jifen.office.casework.standing import process_of
from jifen.office.casework.waits import keep_renewal
from jifen.office.registry.models import Permit, Person
from jifen.policy.text import Text

ONE_DAY = timedelta(days=1)


def running() -> "QuerySet[PointsPeriod]":
    """Points that are to be renewed: not renewed, not ended, and their permit is not cancelled."""
    rows = PointsPeriod.objects.filter(renewed=False, ended_on__isnull=True)
    return rows.filter(Q(permit__isnull=True) | Q(permit__cancelled_on__isnull=True))


def open_period(application: Application, decision: Decision, on: date) -> PointsPeriod | None:
    """The period of a decision. Of a recheck it takes the place of the one before; of a renewal it
    follows the one before; else it begins on its day. None in a city whose points are not renewed
    (they lead to settlement). Raises CaseFault where the permit on record is over."""
    if process_of(application).renewal is None:
        return None
    own = PointsPeriod.objects.filter(decision__application=application)
    if replaced := own.order_by("-id").first():
        return _in_its_place(replaced, decision, on)
    refuse_without_permit(application, decision, on)
    permit = _newest(application)
    last = _last(application)
    since = _begins(application, last, on)
    until = permit.valid_until if permit else None
    if last:
        _end_by(last, since)
    new = PointsPeriod.objects.create(
        person=application.person,
        city=application.city,
        decision=decision,
        permit=permit,
        employer=application.unit,
        since=since,
        until=max(until, since) if until else None,  # over already: nothing was given
        renewed=_nothing_given(decision),
    )
    keep_renewal(new)
    return new


def refuse_without_permit(application: Application, decision: Decision, on: date) -> None:
    """Points are valid exactly as long as the permit: nobody gets them by one that was cancelled or
    is over before they begin. Raises CaseFault. Where no permit is on record nothing is known."""
    if process_of(application).renewal is None or _nothing_given(decision):
        return
    permit = _newest(application)
    if permit is None or PointsPeriod.objects.filter(decision__application=application).exists():
        return
    begins = _begins(application, _last(application), on)
    if permit.cancelled_on is not None or permit.valid_until < begins:
        raise CaseFault("JF-K053", _no_permit(permit))


def _newest(application: Application) -> Permit | None:
    rows = Permit.objects.filter(person=application.person_id, city=application.city)
    return rows.order_by("-id").first()


def _no_permit(permit: Permit) -> Text:
    day = permit.cancelled_on or permit.valid_until
    zh, en = ("已注销", "was cancelled") if permit.cancelled_on else ("已到期", "ended")
    return Text(
        f"登记的居住证 {day} {zh}，不能给予积分。请申请人先补办签注或重新申领；否则把“居住证有效”"
        "认定为否，再作决定。",
        f"The permit on record {en} on {day}: no points without it. The applicant has it endorsed "
        "or applies for a new one; else find that the permit is not valid, and decide on that.",
    )


def _last(application: Application) -> PointsPeriod | None:
    rows = PointsPeriod.objects.filter(ended_on__isnull=True, person=application.person_id)
    rows = rows.filter(city=application.city).select_related("decision")
    return rows.order_by("-since").first()


def _begins(application: Application, last: PointsPeriod | None, on: date) -> date:
    """A renewal of points at the line begins where they end, if it was filed by then (or by itself,
    by a permit that ran on); filed later, and everything else, at once."""
    if last is None or last.until is None or application.kind != "renewal":
        return on
    if last.decision.outcome != Outcome.REACHED:
        return on
    follows = last.until + ONE_DAY
    filed = application.received_on or on
    return follows if filed <= last.until or _went_on(application, last) else max(on, follows)


def _went_on(application: Application, last: PointsPeriod) -> bool:
    """Whether the system filed it late, of a permit that was endorsed in time: the delay is the
    system's own."""
    if not application.events.filter(act="submitted", by__isnull=True).exists():
        return False
    moved = ("endorsed", "restored")
    in_time = {"kind__in": moved, "period_end": last.until, "on__lte": last.until}
    return last.permit is not None and last.permit.events.filter(**in_time).exists()


def _end_by(last: PointsPeriod, since: date) -> None:
    if last.until is None or last.until >= since:
        last.ended_on = since
    last.renewed = True
    last.save(update_fields=("renewed", "ended_on"))
    keep_renewal(last)


def _nothing_given(decision: Decision) -> bool:
    """Points that were not given need no renewal."""
    return decision.outcome in (Outcome.REFUSED, Outcome.VETOED)


def _in_its_place(old: PointsPeriod, decision: Decision, on: date) -> PointsPeriod:
    """A recheck: the same period under the new decision, from today on, or wholly where it is over
    already (also where a later decision ended it); what follows it is not touched."""
    past = old.until is not None and old.until < on
    over = past or (old.ended_on is not None and old.ended_on <= on)
    since = old.since if over else max(on, old.since)
    new = PointsPeriod.objects.create(
        person_id=old.person_id,
        city=old.city,
        decision=decision,
        permit=old.permit,
        employer=old.employer,
        since=since,
        until=old.until,
        ended_on=old.ended_on,
        renewed=(old.renewed and not _nothing_given(old.decision)) or _nothing_given(decision),
    )
    old.ended_on, old.renewed = since, True
    old.save(update_fields=("ended_on", "renewed"))
    keep_renewal(old)
    keep_renewal(new)
    return new


def link_permits() -> int:
    """Points that were given before their permit was on record end with it from now on; how
    many."""
    standing = Permit.objects.filter(cancelled_on__isnull=True)
    theirs = standing.filter(person=OuterRef("person"), city=OuterRef("city"))
    loose = PointsPeriod.objects.filter(Exists(theirs), permit__isnull=True, ended_on__isnull=True)
    rows = list(loose.select_related("person"))
    for period in rows:
        permit = permit_of(period.person, period.city)
        if permit is not None:
            period.permit, period.until = permit, max(permit.valid_until, period.since)
            period.save(update_fields=("permit", "until"))
            keep_renewal(period)
    return len(rows)


def end_period(decision: Decision, on: date) -> None:
    """The decision holds no more."""
    for period in PointsPeriod.objects.filter(decision=decision, ended_on__isnull=True):
        period.ended_on = on
        period.save(update_fields=("ended_on",))
        keep_renewal(period)


def holding(application: Application) -> "QuerySet[Decision]":
    """The signed decisions of a case whose points have not been ended: the one that stands, or one
    that a recheck has voided and whose successor is not signed yet."""
    rows = Decision.objects.filter(application=application, signed_at__isnull=False)
    standing = Q(void_at__isnull=True) | Q(points__ended_on__isnull=True, points__isnull=False)
    return rows.filter(standing, revoked_at__isnull=True)


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
