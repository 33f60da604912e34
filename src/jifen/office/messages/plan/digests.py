"""One message a day for clerks and employers, instead of one for each thing."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.roles import posts
from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.casework.assignees import (
    LEADING,
    count_by_kind,
    list_open_rows,
    list_rows_for_user,
    list_rows_of_office,
    list_rows_without_people,
)
from jifen.office.casework.models import Event
from jifen.office.messages.ledger import Telling, enter
from jifen.office.messages.plan.daily import once_a_day
from jifen.office.messages.said import in_both
from jifen.office.registry.models import Membership, Unit
from jifen.office.waiting.models import Kind
from jifen.office.waiting.rules import rule_of
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar

SOURCE = "digests"
AT = 8
SOON = 3
DECIDED = ("decided", "renewed", "recheck_decided", "false_decided")
ONE_DAY = timedelta(days=1)
STAFF = (Role.CLERK, Role.SENIOR_CLERK, Role.REVIEWER, Role.SUPERVISOR, Role.CITY_ADMIN)


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
    posts = posts.filter(role__in=STAFF)
    for user in User.objects.filter(pk__in=posts.values("user"), is_active=True):
        yield from _desk(user, on)
    for unit in Unit.objects.filter(
        pk__in=Membership.objects.filter(ended_at__isnull=True).values("unit")
    ):
        yield from _unit(unit, on, since)


def _desk(user: User, on: date) -> Iterator[Telling]:
    """What waits on somebody of the staff; and, to who leads an office, what is late in it."""
    rows = list_rows_for_user(user, on).exclude(role="")
    kinds = count_by_kind(rows, on)
    if kinds:
        soon = working_calendar().after(on, SOON)
        params: dict[str, Any] = {
            "open": sum(row["many"] for row in kinds),
            "late": sum(row["late"] for row in kinds),
            "soon": rows.filter(due_on__gte=on, due_on__lte=soon).count(),
            "what": in_both(_what(kinds)),
        }
        yield Telling(f"digest {on}", "desk_digest", params, user=user, stale_on=on)
    yield from _lead(user, on)


def _what(kinds: list[dict[str, Any]]) -> Text:
    words = [(rule_of(row["kind"]).words, row["many"]) for row in kinds]
    zh = "，".join(f"{text.zh} {many} 件" for text, many in words)
    return Text(zh, ", ".join(f"{text.en}: {many}" for text, many in words))


def _lead(user: User, on: date) -> Iterator[Telling]:
    for place, post in enumerate(p for p in posts(user) if p.role in LEADING):
        rows = list_rows_of_office(post)
        late, nobody = rows.filter(due_on__lt=on).count(), len(list_rows_without_people(rows))
        if late or nobody:
            params = {"open": rows.count(), "late": late, "nobody": nobody}
            event = f"lead digest {on} {place}"
            yield Telling(event, "lead_digest", params, user=user, stale_on=on)


def _unit(unit: Unit, on: date, since: date) -> Iterator[Telling]:
    """Decisions are counted from eight o'clock to eight o'clock, whenever the worker looks: each
    stands in one digest, and none is lost over a weekend."""
    waits = list_open_rows().filter(unit=unit)
    month = on + timedelta(days=30)
    ending = list_running_periods().filter(employer=unit, until__gte=on, until__lte=month)
    decided = Event.objects.filter(application__unit=unit, act__in=DECIDED)
    decided = decided.filter(at__gte=_at_eight(since), at__lt=_at_eight(on))
    params = {
        "drafts": waits.filter(kind=Kind.DRAFT).count(),
        "corrections": waits.filter(kind=Kind.CORRECTION).count(),
        "ending": ending.count(),
        "decided": decided.values("application").distinct().count(),
    }
    if any(params.values()):
        yield Telling(f"digest {on} unit:{unit.pk}", "unit_digest", params, unit=unit, stale_on=on)
