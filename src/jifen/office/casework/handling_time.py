"""How long the staff work on a case: from opening its page to what they did, not how long it lay.

The times at which somebody of the staff opened a case (log of accesses) or acted in it (history)
are its marks. Between two marks of one person less than half an hour apart they worked on it; a
longer gap is something else that they did. A visit of one mark counts a minute.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any

from jifen.office.audit.models import Access
from jifen.office.casework.models import Decision, Event
from jifen.office.casework.rules import CLERK, REVIEWER, SENIOR, SUPERVISOR

WEEKS = 4
MOST_CASES = 400
LONGEST_GAP = timedelta(minutes=30)
SHORTEST_VISIT = timedelta(minutes=1)
FEWEST_CASES = 5
"""Fewer measured cases than these say nothing about the next ones."""
_STAFF = (CLERK, REVIEWER, SENIOR, SUPERVISOR)
_Marks = dict[tuple[int, int], list[datetime]]


def measure_handling_minutes(place: dict[str, Any], today: date) -> list[float]:
    """The minutes that the staff worked on each of the cases of a place (city, district) that were
    decided in the last four weeks, the newest first."""
    rows = Decision.objects.filter(
        signed_at__date__gt=today - timedelta(weeks=WEEKS),
        proposed_by__isnull=False,
        **{f"application__{name}": value for name, value in place.items()},
    )
    newest = rows.order_by("-signed_at").values_list("application", "signed_at")[:MOST_CASES]
    ends: dict[int, datetime] = {}
    for case, signed_at in newest:
        if signed_at is not None:
            ends.setdefault(case, signed_at)
    worked: dict[int, timedelta] = defaultdict(timedelta)
    for (case, _), marks in _list_marks(ends).items():
        worked[case] += add_up_visits(marks)
    return [worked[case].total_seconds() / 60 for case in ends if case in worked]


def _list_marks(ends: dict[int, datetime]) -> _Marks:
    """When who of the staff had each case open or acted in it, until its decision."""
    marks: _Marks = defaultdict(list)
    events = Event.objects.filter(application__in=list(ends), as_role__in=_STAFF)
    events = events.filter(by__isnull=False)
    for case, by, at in events.values_list("application", "by", "at"):
        if at <= ends[case]:
            marks[case, by].append(at)
    subjects = {f"application:{case}": case for case in ends}
    looks = Access.objects.filter(subject__in=list(subjects), act="read")
    for subject, actor, at in looks.values_list("subject", "actor", "at"):
        case, account = subjects[subject], actor.removeprefix("user:")
        worker = (case, int(account) if account.isdecimal() else 0)  # 0: no account
        if worker in marks and at <= ends[case]:
            marks[worker].append(at)
    return marks


def add_up_visits(marks: Iterable[datetime]) -> timedelta:
    """The time that the marks of one person in one case stand for."""
    total, before, visit = timedelta(), None, timedelta()
    for at in sorted(marks):
        if before is not None and at - before <= LONGEST_GAP:
            visit += at - before
        elif before is not None:
            total, visit = total + max(visit, SHORTEST_VISIT), timedelta()
        before = at
    return total if before is None else total + max(visit, SHORTEST_VISIT)


def find_range(minutes: list[float]) -> tuple[float, float, float] | None:
    """Of measured times those below which a quarter, half and three quarters of the cases lie;
    None where too few were measured."""
    if len(minutes) < FEWEST_CASES:
        return None
    low, middle, high = quantiles(minutes, n=4, method="inclusive")
    return low, middle, high
