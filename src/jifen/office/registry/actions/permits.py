"""What people do to a residence permit; the rules are in `jifen.permits`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import has_post, list_posts, select_principals
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.registry.faults import NoSuchUnit, RegistryFault
from jifen.office.registry.models import Permit, PermitEvent, Person
from jifen.office.registry.permit_cancellations import announce_cancellation
from jifen.office.registry.words import say
from jifen.permits import (
    PermitActRefused,
    PermitCard,
    PermitRules,
    PermitState,
    PermitStatus,
    check_automatic_endorsement,
    endorse_card,
    find_early_endorsement,
    issue_card,
    permit_rules_on,
    restore_card,
)
from jifen.permits.card import cancel_card, find_permit_status
from jifen.permits.permit_schema import LATE_READINGS
from jifen.policy.text import Text

WINDOW_ROLES = (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR)
"""Who serves people at the windows; a permit is served at any window of its city."""


@dataclass(frozen=True, slots=True)
class RegisteredHome:
    """Where somebody lives, as registered."""

    district: str
    dwelling: str
    lease_until: date | None = None


def rules_for(city: str, on: date) -> PermitRules:
    """The rules in force, by the reading that the installation follows (JIFEN_PERMIT_READINGS).
    Raises ValueError for one that no city's rules know."""
    rules = permit_rules_on(city, on)
    reading = settings.JIFEN_PERMIT_READINGS.get(city)
    if reading is None or (
        reading in LATE_READINGS and reading not in rules.late_endorsement.readings
    ):
        return rules
    return rules.with_reading(reading)


def list_visible_permits(user: User) -> "QuerySet[Permit]":
    """The permits that somebody may know of: the own, and all of a city at its windows."""
    cities = [post.city for post in list_posts(user) if post.role in WINDOW_ROLES]
    rows = Permit.objects.select_related("person")
    return rows.filter(person__user=user) | rows.filter(city__in=cities)


def access_permit(user: User, pk: int) -> Permit:
    """One permit. Raises NoSuchUnit where it is not the asker's to know."""
    permit = list_visible_permits(user).filter(pk=pk).first()
    if permit is None:
        raise NoSuchUnit
    return permit


def can_serve(user: User, permit: Permit) -> bool:
    """Whether somebody serves this permit at a window; nobody serves the own."""
    at_window = any(
        post.city == permit.city and post.role in WINDOW_ROLES for post in list_posts(user)
    )
    return at_window and permit.person.user_id != user.pk


def issue_permit(
    by: User | None,
    person: Person,
    city: str,
    home: RegisteredHome,
    *,
    registered_on: date,
    ground: str,
    on: date,
) -> Permit:
    """A new permit (`by` None: from the city's register). Raises RegistryFault."""
    if by is not None and not _can_issue(by, person, city):
        raise NoSuchUnit
    card = _apply_rule(lambda: issue_card(rules_for(city, on), registered_on, ground, on))
    permit = Permit(person=person, city=city, registered_on=registered_on, issued_on=on)
    _set_home(permit, home)
    permit.apply_card(card)
    permit.look_on = find_next_check_day(permit, on)
    try:
        with transaction.atomic():
            permit.save()
            _record_event(permit, "issued", on, by, details={"ground": ground})
    except IntegrityError:
        raise RegistryFault("JF-G040", _HAS_PERMIT_ALREADY) from None
    return permit


def _can_issue(by: User, person: Person, city: str) -> bool:
    """At a window of the city, and never to oneself."""
    at_window = any(has_post(by, city, post.district, *WINDOW_ROLES) for post in list_posts(by))
    return at_window and person.user_id != by.pk


def endorse_permit(by: User, permit: Permit, on: date, *, anew: bool = False) -> Permit:
    """At a window, or by the holder online: the holder only where the same would be done by
    itself. In the school season early. After the days of grace only where it is said that years
    begin `anew`, as restoration is lost with it. Raises RegistryFault."""
    with _permit_act(permit) as row:
        rules = rules_for(row.city, on)
        status_now = find_permit_status(rules, row.card, on)
        if status_now.state is PermitState.LAPSED and not (anew and can_serve(by, row)):
            raise RegistryFault("JF-G047", _describe_lapse(status_now))
        if not can_serve(by, row):
            _refuse_online(rules, row, on)
        early_opening = find_early_endorsement(rules, row.card, on)
        first_day = early_opening.opens_on if early_opening else None
        old_end = row.valid_until
        row.apply_card(_apply_rule(lambda: endorse_card(rules, row.card, on, from_day=first_day)))
        row.look_on = find_next_check_day(row, on)
        details = {
            "early": bool(early_opening),
            "saves": early_opening.days_saved if early_opening else 0,
        }
        _record_event(row, "endorsed", on, by, period_end=old_end, details=details)
    return row


def _describe_lapse(status_now: PermitStatus) -> Text:
    if status_now.restore_until:
        return say("actions.permits.lapsed_and_restorable", until=status_now.restore_until)
    return say("actions.permits.lapsed")


def restore_permit(by: User, permit: Permit, on: date, ground: str) -> Permit:
    """For a reasonable cause, at a window. Raises RegistryFault."""
    with _window_act(by, permit) as row:
        old_end, rules = row.valid_until, rules_for(row.city, on)
        row.apply_card(_apply_rule(lambda: restore_card(rules, row.card, on, ground)))
        row.look_on = find_next_check_day(row, on)
        _record_event(row, "restored", on, by, period_end=old_end, reason=ground)
    return row


def report_address_change(by: User, permit: Permit, on: date) -> Permit:
    """The holder lives elsewhere now; nothing is endorsed by itself until it is registered."""
    with _permit_act(permit) as row:
        row.address_changed = True
        _record_event(row, "address_told", on, by)
    return row


def update_address(by: User, permit: Permit, home: RegisteredHome, on: date) -> Permit:
    """The residence registration is up to date again (a new home, or a lease renewed), at a
    window. Raises RegistryFault."""
    with _window_act(by, permit) as row:
        _set_home(row, home)
        row.address_changed = False
        row.look_on = find_next_check_day(row, on)
        _record_event(row, "address_updated", on, by, details={"district": home.district})
    return row


def replace_permit(by: User, permit: Permit, on: date, reason: str) -> Permit:
    """A new card for one lost or damaged; dates stay as they are."""
    with _window_act(by, permit) as row:
        _record_event(row, "replaced", on, by, reason=reason[:40])
    return row


def cancel_permit(by: User, permit: Permit, on: date, reason: str) -> Permit:
    """The permit ends: hukou obtained, left the city, died. Raises RegistryFault."""
    if not reason.strip():
        raise RegistryFault("JF-G043", say("actions.permits.say_why_the_permit_ends"), "reason")
    with _window_act(by, permit) as row:
        row.apply_card(cancel_card(row.card, on))
        row.look_on = None
        _record_event(row, "cancelled", on, by, reason=reason[:40])
        announce_cancellation(row)
    return row


def find_next_check_day(permit: Permit, on: date) -> date | None:
    """When the system looks at a permit by itself next; None where the rules know no such thing,
    and where its holder is late already."""
    if on > permit.valid_until:
        return None
    endorsement = check_automatic_endorsement(rules_for(permit.city, on), permit.card, permit.home)
    return None if endorsement is None or permit.cancelled_on else max(endorsement.first, on)


def list_history(permit: Permit) -> list[tuple[date, PermitCard]]:
    """The permit as it was from each day on."""
    return [
        (event.on, PermitCard(permit.issued_on, event.anchor, event.years, _cancelled_day(event)))
        for event in permit.events.all()
    ]


def _cancelled_day(event: PermitEvent) -> date | None:
    return event.on if event.kind == "cancelled" else None


_CANCELLED = say("actions.permits.cancelled")


@contextmanager
def _permit_act(permit: Permit) -> Iterator[Permit]:
    with transaction.atomic():
        row = Permit.objects.select_for_update(of=("self",)).get(pk=permit.pk)
        if row.cancelled_on:
            raise RegistryFault("JF-G042", _CANCELLED)
        yield row
        row.save()


@contextmanager
def _window_act(by: User, permit: Permit) -> Iterator[Permit]:
    if not can_serve(by, permit):
        raise NoSuchUnit
    with _permit_act(permit) as row:
        yield row


def _apply_rule(act: Callable[[], PermitCard]) -> PermitCard:
    try:
        return act()
    except PermitActRefused as error:
        raise RegistryFault(error.code, error.words) from None


def _refuse_online(rules: PermitRules, permit: Permit, on: date) -> None:
    """What would not be done by itself; made up late, the lease must still be registered."""
    lease = permit.lease_until if permit.dwelling == "registered_rental" else None
    if lease is not None and lease < on:
        raise RegistryFault("JF-G041", _describe_ended_lease(lease))
    endorsement = check_automatic_endorsement(rules, permit.card, permit.home)
    if endorsement is None:
        raise RegistryFault("JF-G041", _AT_A_WINDOW)
    if not endorsement.is_granted:
        raise RegistryFault("JF-G041", endorsement.words)


def _describe_ended_lease(lease: date) -> Text:
    return say("actions.permits.the_lease_registration_ended", lease=lease)


def _set_home(permit: Permit, home: RegisteredHome) -> None:
    permit.district, permit.dwelling, permit.lease_until = (
        home.district,
        home.dwelling,
        home.lease_until,
    )


def _record_event(
    permit: Permit,
    kind: str,
    on: date,
    by: User | None,
    *,
    period_end: date | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """History and log, in the transaction of the act."""
    PermitEvent.objects.create(
        permit=permit,
        kind=kind,
        on=on,
        by=by,
        anchor=permit.anchor,
        years=permit.years,
        valid_until=permit.valid_until,
        period_end=period_end,
        reason=reason,
        details=details or {},
    )
    record(
        f"permit.{kind}",
        actor=f"user:{by.pk}" if by else SYSTEM,
        subject=f"permit:{permit.pk}",
        city=permit.city,
        on_behalf_of=_name_principal(by, permit) if by else "",
        details=details,
    )


def _name_principal(by: User, permit: Permit) -> str:
    """The colleague for whom somebody serves at a window; '' for the own role."""
    posts = [p for p in list_posts(by) if p.city == permit.city and p.role in WINDOW_ROLES]
    principals = select_principals(posts)
    return f"user:{min(principals)}" if principals and can_serve(by, permit) else ""


_HAS_PERMIT_ALREADY = say("actions.permits.has_permit_already")
_AT_A_WINDOW = say("actions.permits.at_a_window")
