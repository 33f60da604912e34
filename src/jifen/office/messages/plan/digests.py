"""One message a day for clerks and employers, instead of one for each thing."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Q
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
ONE_DAY = timedelta(days=1)


def digests(now: datetime) -> int:
    """Those of a working day, once, from eight o'clock on; how many messages were looked at."""
    local = timezone.localtime(now)
    on = local.date()
    if local.hour < AT or not working_calendar().is_working(on):
        return 0
    return once_a_day(SOURCE, on, lambda last: enter(_all(on, _since(last, on)), now))


def _since(last: int, on: date) -> date:
    """The day of the digest before; of the first one the last working day, so that what was
    decided on it and on the free days after is told."""
    if last:
        return date.fromordinal(last)
    before = on - ONE_DAY
    while not working_calendar().is_working(before):
        before -= ONE_DAY
    return before


def _at_eight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(AT)))


def _all(on: date, since: date) -> Iterator[Telling]:
    posts = StaffRole.objects.filter(Q(until__isnull=True) | Q(until__gt=on))
    posts = posts.filter(role__in=(Role.CLERK, Role.SENIOR_CLERK, Role.REVIEWER, Role.SUPERVISOR))
    for user in User.objects.filter(pk__in=posts.values("user"), is_active=True):
        yield from _desk(user, on)
    for unit in Unit.objects.filter(
        pk__in=Membership.objects.filter(ended_at__isnull=True).values("unit")
    ):
        yield from _unit(unit, on, since)


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


def _unit(unit: Unit, on: date, since: date) -> Iterator[Telling]:
    """Decisions are counted from eight o'clock to eight o'clock, whenever the worker looks: each
    stands in one digest, and none is lost over a weekend."""
    cases = Application.objects.filter(unit=unit)
    month = on + timedelta(days=30)
    ending = running().filter(employer=unit, until__gte=on, until__lte=month)
    decided = Event.objects.filter(application__unit=unit, act__in=DECIDED)
    decided = decided.filter(at__gte=_at_eight(since), at__lt=_at_eight(on))
    params = {
        "drafts": cases.filter(state=State.DRAFT).count(),
        "corrections": cases.filter(state=State.CORRECTION).count(),
        "ending": ending.count(),
        "decided": decided.values("application").distinct().count(),
    }
    if any(params.values()):
        yield Telling(f"digest {on} unit:{unit.pk}", "unit_digest", params, unit=unit, stale_on=on)
