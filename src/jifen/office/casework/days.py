"""The calendar: what will happen on which day for a person, an employer, an office."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from jifen.cities import index
from jifen.facts.identity import fold_number
from jifen.office.casework.actions.periods import running
from jifen.office.casework.models import Application, Correction, PointsPeriod, State
from jifen.office.casework.queries import renewal_filed
from jifen.office.casework.renewal.ahead import Fact, ahead
from jifen.office.casework.renewal.opening import opens
from jifen.office.registry.actions.permits import rules_for
from jifen.office.registry.credit_code import tidy
from jifen.office.registry.models import Permit, Person, Unit
from jifen.office.vault.masks import mask_name
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

MOST = 500


@dataclass(frozen=True, slots=True)
class Day:
    """Something on a day. `id` is stable, so that a calendar programme knows it again."""

    on: date
    id: str
    words: Text
    urgent: bool = False


class NotFound(LookupError):
    """Nobody, or nothing, of that name."""


def named(*, city: str, district: str, unit: str, case: str, days: int) -> list[Day]:
    """The days of an office, of an employer by its credit code, or of the person of a case by its
    number. Raises NotFound."""
    on = timezone.localdate()
    if unit:
        found = Unit.objects.filter(credit_code=tidy(unit))
        if not found:
            raise NotFound(f"no unit has the credit code '{unit[:40]}'")
        return [day for one in found for day in of_unit(one, on, days)]
    if case:
        row = Application.objects.filter(number=fold_number(case)).select_related("person").first()
        if row is None:
            raise NotFound(f"no case has the number '{case[:40]}'")
        return of_person(row.person, on, days)
    if city not in index():
        raise NotFound(f"there is no city '{city[:40]}'; there are: {', '.join(index())}")
    return of_office(city, district, on, days)


def of_person(person: Person, on: date, days: int = 430) -> list[Day]:
    """Permits, points, and the cases of somebody, from a day on."""
    found = [day for permit in person.permits.all() for day in _permit(permit, on)]
    rows = running().filter(person=person).prefetch_related("permit__events")
    for period in rows.select_related("permit", "decision__application__person"):
        found += _points(period, on)
    found += _corrections(Correction.objects.filter(application__person=person, state="open"), "")
    return _within(found, on, days)


def of_unit(unit: Unit, on: date, days: int = 120) -> list[Day]:
    """Points of the staff that end, corrections that are due."""
    rows = running().filter(employer=unit, until__gte=on).select_related("person")
    found = [_ending(period, period.until) for period in rows[:MOST] if period.until]
    open_ = Correction.objects.filter(application__unit=unit, state="open")
    found += [day for row in open_[:MOST] for day in _corrections([row], _who(row))]
    # a member may be of the staff too: the same day of theirs is another entry of their calendar
    found = [replace(day, id=f"unit-{unit.pk}-{day.id}") for day in found]
    return _within(found, on, days)


def of_office(city: str, district: str, on: date, days: int = 30) -> list[Day]:
    """How many cases are due, permits are looked at, and points end, day by day."""
    where = {"city": city} | ({"district": district} if district else {})
    open_ = (State.REVIEW, State.DECIDING, State.COUNTERSIGN)
    last = on + timedelta(days=days)
    cases = Application.objects.filter(state__in=open_, due_on__gte=on, due_on__lte=last, **where)
    permits = Permit.objects.filter(look_on__gte=on, look_on__lte=last, **where)
    ending = running().filter(city=city, until__gte=on, until__lte=last)
    if district:
        ending = ending.filter(decision__application__district=district)
    found = []
    for rows, field, zh, en in (
        (cases, "due_on", "件到办理期限", "cases are due"),
        (permits, "look_on", "张居住证自动签注", "permits are endorsed automatically"),
        (ending, "until", "人积分到期", "people's points end"),
    ):
        for row in rows.values(field).annotate(many=Count("id")).order_by(field):
            words = Text(f"{row['many']} {zh}", f"{row['many']} {en}")
            found.append(Day(row[field], f"{city} {district} {field} {row[field]}", words))
    return _within(found, on, days)


def _within(found: list[Day], on: date, days: int) -> list[Day]:
    last = on + timedelta(days=days)
    return sorted((d for d in found if on <= d.on <= last), key=lambda d: (d.on, d.id))


def _permit(permit: Permit, on: date) -> Iterator[Day]:
    rules = rules_for(permit.city, on)
    now, name = (
        find_permit_status(rules, permit.card, on),
        f"permit-{permit.pk}-{permit.valid_until}",
    )
    if now.state is PermitState.CANCELLED:
        return
    found = check_automatic_endorsement(rules, permit.card, permit.home)
    by_itself = _by_itself(permit, found)
    if by_itself is not None:
        words = Text("居住证自动签注（不需要办理）", "The permit is endorsed automatically")
        yield Day(by_itself.first, f"{name}-automatic", words)
    else:
        why = found.words if found else Text("", "")
        zh, en = f"居住证签注开始办理。{why.zh}", f"Endorsement of the permit opens. {why.en}"
        yield Day(now.opens_on, f"{name}-opens", Text(zh, en))
    yield Day(now.valid_until, f"{name}-ends", Text("居住证到期", "The permit ends"), urgent=True)
    if rules.grace_period_days and (by_itself is None or now.state is PermitState.SUSPENDED):
        yield Day(now.grace_period_until, f"{name}-grace", _last_day(rules), urgent=True)


def _by_itself(permit: Permit, found: AutomaticEndorsement | None) -> AutomaticEndorsement | None:
    """The endorsement that the system will make; None where it will not look (again)."""
    return found if found and found.is_granted and permit.look_on else None


def _last_day(rules: PermitRules) -> Text:
    later = describe_late_endorsement(rules)
    return Text(
        f"补办签注的最后一天。{later.zh}", f"Last day for making up the endorsement. {later.en}"
    )


def _points(period: PointsPeriod, on: date) -> Iterator[Day]:
    name = f"points-{period.pk}"
    if period.until is not None:
        yield Day(period.until, f"{name}-end", Text("积分到期", "The points end"), urgent=True)
    yield from _renewal(period, name, on)
    found = ahead(period, on)
    for change in found.later if found else ():
        if change.falls:
            why = "；".join(f"{f.label} {f.before[0]}→{f.after[0]}" for f in _exact(change.facts))
            zh = f"{change.label}由 {change.before:f} 分降为 {change.after:f} 分"
            zh += f"（{why}）" if why else ""
            en = f"{change.line}: from {change.before:f} to {change.after:f} points"
            yield Day(change.on, f"{name}-{change.line}-{change.on}", Text(zh, en), urgent=True)


def _renewal(period: PointsPeriod, name: str, on: date) -> Iterator[Day]:
    """When it can be filed; nothing of what is filed already, or while the permit is over."""
    over = period.permit is not None and period.permit.valid_until < on
    first = None if over else opens(period).first
    first = first or _expected(period, on)
    if first is not None and not renewal_filed(period):
        words = Text("可以续签积分", "The points can be renewed")
        yield Day(max(first, on), f"{name}-renew", words)


def _exact(facts: tuple[Fact, ...]) -> Iterator[Any]:
    """Those that are known before and after."""
    return (f for f in facts if f.before and f.after and len({*f.before}) == len({*f.after}) == 1)


def _expected(period: PointsPeriod, on: date) -> date | None:
    """When a renewal opens if the permit is endorsed automatically; None where it is too late."""
    permit = period.permit
    if permit is None:
        return None
    rules = rules_for(permit.city, permit.valid_until)
    found = _by_itself(permit, check_automatic_endorsement(rules, permit.card, permit.home))
    late = find_permit_status(rules, permit.card, on).state not in (
        PermitState.VALID,
        PermitState.SUSPENDED,
    )
    if found is None or late:
        return None
    return working_calendar().after(found.first, rules.points.follow_days)


def _corrections(rows: Iterable[Correction], who: str) -> list[Day]:
    return [
        Day(
            row.due_on,
            f"correction-{row.pk}",
            Text(f"{who}补正期限", f"{who} correction is due".strip()),
            urgent=True,
        )
        for row in rows
    ]


def _who(row: Correction) -> str:
    return f"{mask_name(row.application.person.name)}（{row.application.number}）"


def _ending(period: PointsPeriod, until: date) -> Day:
    name = mask_name(period.person.name)
    words = Text(f"{name}的积分到期", f"The points of {name} end")
    return Day(until, f"points-{period.pk}-end", words, urgent=True)
