"""One message a day for clerks and employers, instead of one for each thing."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.roles import list_posts
from jifen.office.casework.assignees import (
    LEADING,
    count_by_kind,
    list_open_rows,
    list_rows_for_user,
    list_rows_of_office,
    list_rows_without_people,
)
from jifen.office.casework.models import Event
from jifen.office.messages.ledger import PlannedMessage, enter_messages
from jifen.office.messages.parameters import to_both_languages
from jifen.office.messages.plan.daily_runs import run_once_a_day
from jifen.office.messages.words import say
from jifen.office.registry.models import Membership, Unit
from jifen.office.waiting.models import WaitKind
from jifen.office.waiting.rules import rule_of
from jifen.policy.text import Text, join_texts
from jifen.process.calendar import working_calendar

SOURCE = "digests"
DIGEST_HOUR = 8
SOON_DAYS = 3
DECISION_ACTS = ("decided", "renewed", "recheck_decided", "false_decided")
ONE_DAY = timedelta(days=1)
STAFF = (
    *(Role.CLERK, Role.SENIOR_CLERK, Role.REVIEWER, Role.SUPERVISOR),
    *(Role.CITY_ADMIN, Role.SECURITY_ADMIN),
)


def plan_digests(now: datetime) -> int:
    """Enter the digests of a working day, once, from eight o'clock on. Returns how many messages
    were looked at."""
    local = timezone.localtime(now)
    on = local.date()
    if local.hour < DIGEST_HOUR or not working_calendar().is_working_day(on):
        return 0
    return run_once_a_day(
        SOURCE,
        on,
        lambda last: enter_messages(_plan_digests(on, _find_previous_digest_day(last, on)), now),
    )


def _find_previous_digest_day(last: int, on: date) -> date:
    """The day of the digest before. For the first digest it is the last working day, so that
    decisions of that day and of the free days after are counted."""
    if last:
        return date.fromordinal(last)
    before = on - ONE_DAY
    while not working_calendar().is_working_day(before):
        before -= ONE_DAY
    return before


def _get_start_of_digest_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(DIGEST_HOUR)))


def _plan_digests(on: date, since: date) -> Iterator[PlannedMessage]:
    posts = StaffRole.objects.filter(Q(until__isnull=True) | Q(until__gt=on))
    posts = posts.filter(role__in=STAFF)
    for user in User.objects.filter(pk__in=posts.values("user"), is_active=True):
        yield from _plan_desk_digest(user, on)
    for unit in Unit.objects.filter(
        pk__in=Membership.objects.filter(ended_at__isnull=True).values("unit")
    ):
        yield from _plan_unit_digest(unit, on, since)


def _plan_desk_digest(user: User, on: date) -> Iterator[PlannedMessage]:
    """What waits on one of the staff; and, for those who lead an office, what is late in it."""
    waiting = list_rows_for_user(user, on).exclude(role="")
    kinds = count_by_kind(waiting, on)
    if kinds:
        soon = working_calendar().add_working_days(on, SOON_DAYS)
        params: dict[str, Any] = {
            "open": sum(row["many"] for row in kinds),
            "late": sum(row["late"] for row in kinds),
            "soon": waiting.filter(due_on__gte=on, due_on__lte=soon).count(),
            "what": to_both_languages(_describe_counts(kinds)),
        }
        yield PlannedMessage(f"digest {on}", "desk_digest", params, user=user, stale_on=on)
    yield from _plan_lead_digest(user, on)


def _describe_counts(kinds: list[dict[str, Any]]) -> Text:
    counts = (
        say("plan.digests.counted", kind=rule_of(row["kind"]).words, count=row["many"])
        for row in kinds
    )
    return join_texts(counts, Text("，", ", "))


def _plan_lead_digest(user: User, on: date) -> Iterator[PlannedMessage]:
    for place, post in enumerate(p for p in list_posts(user) if p.role in LEADING):
        rows = list_rows_of_office(post)
        late, nobody = rows.filter(due_on__lt=on).count(), len(list_rows_without_people(rows))
        if late or nobody:
            params = {"open": rows.count(), "late": late, "nobody": nobody}
            event = f"lead digest {on} {place}"
            yield PlannedMessage(event, "lead_digest", params, user=user, stale_on=on)


def _plan_unit_digest(unit: Unit, on: date, since: date) -> Iterator[PlannedMessage]:
    """Decisions are counted from eight o'clock to eight o'clock, whenever the worker runs, so that
    each stands in one digest and none is lost over a weekend."""
    waiting = list_open_rows().filter(unit=unit)
    month = on + timedelta(days=30)
    ending = waiting.filter(kind=WaitKind.RENEWAL, due_on__gte=on, due_on__lte=month)
    decided = Event.objects.filter(application__unit=unit, act__in=DECISION_ACTS)
    decided = decided.filter(
        at__gte=_get_start_of_digest_day(since), at__lt=_get_start_of_digest_day(on)
    )
    params = {
        "drafts": waiting.filter(kind=WaitKind.DRAFT).count(),
        "corrections": waiting.filter(kind=WaitKind.CORRECTION).count(),
        "ending": ending.count(),
        "decided": decided.values("application").distinct().count(),
    }
    if any(params.values()):
        yield PlannedMessage(
            f"digest {on} unit:{unit.pk}", "unit_digest", params, unit=unit, stale_on=on
        )
