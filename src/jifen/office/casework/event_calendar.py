"""The calendar: what will happen on which day for a person, an employer, an office."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from jifen.cities import index
from jifen.facts.identity import fold_number
from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.casework.queries import is_renewal_filed
from jifen.office.casework.renewal.forecast import (
    LineItemChange,
    RenewalFactChange,
    forecast_renewal,
)
from jifen.office.casework.renewal.opening import find_opening
from jifen.office.casework.waiting_calendar import (
    POINTS_END,
    CalendarEntry,
    list_days_of_office,
    list_days_of_person,
    list_days_of_unit,
)
from jifen.office.casework.words import say
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.credit_code import normalize_code
from jifen.office.registry.models import Permit, Person, Unit
from jifen.permits import (
    AutomaticEndorsement,
    PermitRules,
    PermitState,
    check_automatic_endorsement,
    describe_late_endorsement,
)
from jifen.permits.card import find_permit_status
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar


class UnknownCalendar(LookupError):
    """Nobody, or nothing, of that name."""


def list_named_entries(
    *, city: str, district: str, unit: str, case: str, days: int
) -> list[CalendarEntry]:
    """The days of an office, of an employer by its credit code, or of the person of a case by its
    number. Raises NotFound."""
    on = timezone.localdate()
    if unit:
        units = Unit.objects.filter(credit_code=normalize_code(unit))
        if not units:
            raise UnknownCalendar(f"no unit has the credit code '{unit[:40]}'")
        return [
            day for matching_unit in units for day in list_unit_entries(matching_unit, on, days)
        ]
    if case:
        application = (
            Application.objects.filter(number=fold_number(case)).select_related("person").first()
        )
        if application is None:
            raise UnknownCalendar(f"no case has the number '{case[:40]}'")
        return list_person_entries(application.person, on, days)
    if city not in index():
        raise UnknownCalendar(f"there is no city '{city[:40]}'; there are: {', '.join(index())}")
    return list_office_entries(city, district, on, days)


def list_person_entries(person: Person, on: date, days: int = 430) -> list[CalendarEntry]:
    """Permits, points, and what waits of somebody, from a day on."""
    entries = [day for permit in person.permits.all() for day in _list_permit_entries(permit, on)]
    rows = list_running_periods().filter(person=person).prefetch_related("permit__events")
    for period in rows.select_related("permit", "decision__application__person"):
        entries += _list_points_entries(period, on)
    entries += list_days_of_person(person, on, on + timedelta(days=days))
    return _select_window(entries, on, days)


def list_unit_entries(unit: Unit, on: date, days: int = 120) -> list[CalendarEntry]:
    """What waits on an employer: points of the staff that end, drafts and corrections."""
    entries = list_days_of_unit(unit, on, on + timedelta(days=days))
    # a member may be of the staff too: the same day of theirs is another entry of their calendar
    return _select_window(
        [replace(day, id=f"unit-{unit.pk}-{day.id}") for day in entries], on, days
    )


def list_office_entries(city: str, district: str, on: date, days: int = 30) -> list[CalendarEntry]:
    """How many things are due, permits are looked at, and points end, day by day."""
    last = on + timedelta(days=days)
    entries = list(list_days_of_office(city, district, on, last))
    place = {"city": city} | ({"district": district} if district else {})
    permits = Permit.objects.filter(look_on__gte=on, look_on__lte=last, **place)
    counted = permits.values_list("look_on").annotate(many=Count("id")).order_by("look_on")
    for day, many in counted:
        words = say("event_calendar.permits_are_endorsed_automatically", many=many)
        entries.append(CalendarEntry(day, f"{city} {district} look_on {day}", words))
    return _select_window(entries, on, days)


def _select_window(entries: list[CalendarEntry], on: date, days: int) -> list[CalendarEntry]:
    last = on + timedelta(days=days)
    return sorted(
        (d for d in entries if on <= d.on <= last), key=lambda entry: (entry.on, entry.id)
    )


def _list_permit_entries(permit: Permit, on: date) -> Iterator[CalendarEntry]:
    rules = rules_for(permit.city, on)
    status_now, name = (
        find_permit_status(rules, permit.card, on),
        f"permit-{permit.pk}-{permit.valid_until}",
    )
    if status_now.state is PermitState.CANCELLED:
        return
    endorsement = check_automatic_endorsement(rules, permit.card, permit.home)
    automatic_endorsement = _find_automatic_endorsement(permit, endorsement)
    if automatic_endorsement is not None:
        words = say("event_calendar.the_permit_is_endorsed_automatically")
        yield CalendarEntry(automatic_endorsement.first, f"{name}-automatic", words)
    else:
        why = endorsement.words if endorsement else Text("", "")
        phrase = say("event_calendar.endorsement_of_the_permit_opens", why=why)
        yield CalendarEntry(status_now.opens_on, f"{name}-opens", phrase)
    yield CalendarEntry(
        status_now.valid_until, f"{name}-ends", say("event_calendar.the_permit_ends"), urgent=True
    )
    if rules.grace_period_days and (
        automatic_endorsement is None or status_now.state is PermitState.SUSPENDED
    ):
        yield CalendarEntry(
            status_now.grace_period_until, f"{name}-grace", _describe_grace_end(rules), urgent=True
        )


def _find_automatic_endorsement(
    permit: Permit, endorsement: AutomaticEndorsement | None
) -> AutomaticEndorsement | None:
    """The endorsement that the system will make; None where it will not look (again)."""
    return endorsement if endorsement and endorsement.is_granted and permit.look_on else None


def _describe_grace_end(rules: PermitRules) -> Text:
    later = describe_late_endorsement(rules)
    return say("event_calendar.last_day_for_making_up", later=later)


def _list_points_entries(period: PointsPeriod, on: date) -> Iterator[CalendarEntry]:
    name = f"points-{period.pk}"
    if period.until is not None and is_renewal_filed(period):  # else their renewal waits
        yield CalendarEntry(period.until, f"{name}-end", POINTS_END)
    yield from _list_renewal_entries(period, name, on)
    forecast = forecast_renewal(period, on)
    for change in forecast.later if forecast else ():
        if change.is_loss:
            words = _describe_loss(change)
            entry_name = f"{name}-{change.line}-{change.on}"
            yield CalendarEntry(change.on, entry_name, words, urgent=True)


def _describe_loss(change: LineItemChange) -> Text:
    """The line that falls, and the facts behind it as far as they are known exactly."""
    facts = list(_select_exact_facts(change.facts))
    before, after = f"{change.before:f}", f"{change.after:f}"
    if not facts:
        return say(
            "event_calendar.points_fall", change_label=change.label, before=before, after=after
        )
    why = Text(
        "；".join(f"{fact.label.zh} {fact.before[0]}→{fact.after[0]}" for fact in facts),
        "; ".join(f"{fact.label.en} {fact.before[0]}→{fact.after[0]}" for fact in facts),
    )
    return say(
        "event_calendar.points_fall_because",
        change_label=change.label,
        before=before,
        after=after,
        why=why,
    )


def _list_renewal_entries(period: PointsPeriod, name: str, on: date) -> Iterator[CalendarEntry]:
    """When it can be filed; nothing of what is filed already, or while the permit is over."""
    over = period.permit is not None and period.permit.valid_until < on
    first = None if over else find_opening(period).first
    first = first or _find_expected_opening(period, on)
    if first is not None and not is_renewal_filed(period):
        words = say("event_calendar.the_points_can_be_renewed")
        yield CalendarEntry(max(first, on), f"{name}-renew", words)


def _select_exact_facts(facts: tuple[RenewalFactChange, ...]) -> Iterator[Any]:
    """Those that are known before and after."""
    return (f for f in facts if f.before and f.after and len({*f.before}) == len({*f.after}) == 1)


def _find_expected_opening(period: PointsPeriod, on: date) -> date | None:
    """When a renewal opens if the permit is endorsed automatically; None where it is too late."""
    permit = period.permit
    if permit is None:
        return None
    rules = rules_for(permit.city, permit.valid_until)
    endorsement = _find_automatic_endorsement(
        permit, check_automatic_endorsement(rules, permit.card, permit.home)
    )
    is_too_late = find_permit_status(rules, permit.card, on).state not in (
        PermitState.VALID,
        PermitState.SUSPENDED,
    )
    if endorsement is None or is_too_late:
        return None
    return working_calendar().add_working_days(endorsement.first, rules.points.follow_days)
