"""One message a day for clerks and employers, instead of one for each thing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.casework.actions.periods import running
from jifen.office.casework.models import Application, Event, Gate, GateState, State
from jifen.office.casework.queries import desks
from jifen.office.messages.ledger import Telling, enter
from jifen.office.messages.plan.daily import once_a_day
from jifen.office.registry.models import Membership, Unit
from jifen.process.calendar import working_calendar

SOURCE = "digests"
AT = 8
SOON = 3
DECIDED = ("decided", "renewed", "recheck_decided", "false_decided")
DIGESTED = 1
"""Decisions of so many days are counted in an employer's digest."""


def digests(now: datetime) -> int:
    """Those of a working day, once, from eight o'clock on; how many messages were looked at."""
    local = timezone.localtime(now)
    on = local.date()
    if local.hour < AT or not working_calendar().is_working(on):
        return 0
    return once_a_day(SOURCE, on, lambda _: enter(_all(on), now))


def _all(on: date) -> Iterator[Telling]:
    posts = StaffRole.objects.filter(until__isnull=True)
    posts = posts.filter(role__in=(Role.CLERK, Role.SENIOR_CLERK, Role.REVIEWER, Role.SUPERVISOR))
    for user in User.objects.filter(pk__in=posts.values("user"), is_active=True):
        yield from _desk(user, on)
    for unit in Unit.objects.filter(
        pk__in=Membership.objects.filter(ended_at__isnull=True).values("unit")
    ):
        yield from _unit(unit, on)


def _desk(user: User, on: date) -> Iterator[Telling]:
    rows = Gate.objects.none()
    for desk in desks(user):
        where = {"city": desk.city, "department": desk.department}
        where |= {"district": desk.district} if desk.district else {}
        rows |= Gate.objects.filter(state=GateState.OPEN, paused=False, **where)
    many = rows.count()
    if many:
        soon = working_calendar().after(on, SOON)
        params = {"open": many, "late": rows.filter(due_on__lt=on).count()}
        params["soon"] = rows.filter(due_on__gte=on, due_on__lte=soon).count()
        yield Telling(f"digest {on}", "desk_digest", params, user=user, stale_on=on)


def _unit(unit: Unit, on: date) -> Iterator[Telling]:
    cases = Application.objects.filter(unit=unit)
    month = on + timedelta(days=30)
    ending = running().filter(employer=unit, until__gte=on, until__lte=month)
    since = timezone.now() - timedelta(days=DIGESTED)
    decided = Event.objects.filter(application__unit=unit, act__in=DECIDED, at__gte=since)
    params = {
        "drafts": cases.filter(state=State.DRAFT).count(),
        "corrections": cases.filter(state=State.CORRECTION).count(),
        "ending": ending.count(),
        "decided": decided.values("application").distinct().count(),
    }
    if any(params.values()):
        yield Telling(f"digest {on} unit:{unit.pk}", "unit_digest", params, unit=unit, stale_on=on)
