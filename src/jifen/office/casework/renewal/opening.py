"""From when points may be renewed, and what comes first."""

from dataclasses import dataclass
from datetime import date, timedelta

from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.casework.words import say
from jifen.office.registry.actions.permits import rules_for
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar


@dataclass(frozen=True, slots=True)
class RenewalOpening:
    """When a period may be renewed: from a day on, or not (`words` say what comes first)."""

    first: date | None
    words: Text


def find_opening(period: PointsPeriod) -> RenewalOpening:
    """After the endorsement and the working days that its data need. A period whose permit is not
    on record may be renewed in its last 30 days."""
    permit = period.permit
    if permit is None:
        first = period.until - timedelta(days=30) if period.until else period.since
        return RenewalOpening(first, Text("", ""))
    if permit.cancelled_on is not None or (period.until and permit.anchor > period.until):
        return RenewalOpening(None, NO_MORE)
    if period.until is not None and permit.valid_until <= period.until:
        return RenewalOpening(None, _ENDORSE_FIRST)
    endorsed_on = [event.on for event in permit.events.all() if event.kind in MOVING]
    if not endorsed_on:
        return RenewalOpening(period.since, Text("", ""))
    first = find_data_day(permit.city, endorsed_on[-1])
    return RenewalOpening(
        first,
        say("renewal.opening.endorsement_data_arrive_on_points", first=first),
    )


def find_data_day(city: str, endorsed_on: date) -> date:
    """When the data of an endorsement are there for the points."""
    return working_calendar().add_working_days(
        endorsed_on, rules_for(city, endorsed_on).points.follow_days
    )


MOVING = ("endorsed", "restored")
_ENDORSE_FIRST = say("renewal.opening.endorse_first")


def refuse_early_renewal(period: PointsPeriod, on: date) -> None:
    """Raises CaseFault where these points cannot be renewed on a day, with what comes first."""
    if period.ended_on is not None:
        raise CaseFault("JF-K090", NO_MORE)
    if period.renewed:
        raise CaseFault("JF-K090", _RENEWED)
    if period.permit is not None and period.permit.valid_until < on:
        raise CaseFault("JF-K091", _ENDORSE_FIRST)
    opening = find_opening(period)
    if opening.first is None or on < opening.first:
        refusal = (
            opening.words if opening.words.zh else say("renewal.opening.from", first=opening.first)
        )
        raise CaseFault("JF-K091", refusal)


def find_filing_obstacle(application: Application) -> CaseFault | None:
    """Why a renewal that was begun cannot be filed on its day any more: the permit was cancelled or
    ended meanwhile, or the points did."""
    if application.renews is None:
        return None
    rows = PointsPeriod.objects.filter(decision__application=application.renews.application_id)
    period = rows.select_related("permit").order_by("-id").first()
    try:
        if period is not None:
            refuse_early_renewal(period, application.on)
    except CaseFault as fault:
        return fault
    return None


_RENEWED = say("renewal.opening.renewed")
NO_MORE = say("renewal.opening.no_more")
