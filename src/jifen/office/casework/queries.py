"""Reads that need care: queues in their order, counts by stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import find_principals, list_posts
from jifen.office.casework.models import Application, Gate, Lane, PointsPeriod, State
from jifen.office.registry.models import Membership
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.waiting.rules import rule_of


@dataclass(frozen=True, slots=True)
class Desk:
    """One queue that somebody works: a city, a district ('' for all), a department ('' for
    clerks)."""

    city: str
    district: str
    department: str


def list_desks(user: User) -> list[Desk]:
    """The queues of somebody."""
    desks = []
    for post in list_posts(user):
        if post.role == Role.REVIEWER:
            desks.append(Desk(post.city, post.district, post.department))
        elif post.role in (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR):
            desks.append(Desk(post.city, post.district, ""))
    return list(dict.fromkeys(desks))


def list_queue(
    user: User, desk: Desk, today: date, kind: WaitKind = WaitKind.GATE, most: int = 50
) -> list[Waiting]:
    """What waits of a kind in the one order: normal cases that waited too long, then expedited
    ones, then normal ones; each by due day and since when. Three index reads, none over
    everything. Without what somebody had a part in, and the cases of the own employer."""
    rows = list_waiting_at(desk, kind).exclude(barred__contains=f",{user.pk},")
    roles = rule_of(kind).roles if not desk.department else (Role.REVIEWER,)
    if principals := find_principals(user, desk.city, desk.district, *roles):
        for_nobody = Q()
        for pk in principals:
            for_nobody &= Q(barred__contains=f",{pk},")
        rows = rows.exclude(for_nobody)
    rows = rows.exclude(application__unit__in=_list_own_units(user))
    rows = rows.exclude(application__person__user=user)
    rows = rows.select_related("application__person", "application__unit")
    overdue = rows.filter(lane=Lane.NORMAL, overtakes_on__lt=today)
    expedited = rows.filter(lane=Lane.EXPEDITED)
    normal = rows.filter(lane=Lane.NORMAL, overtakes_on__gte=today)
    return list(islice(_chain_parts(overdue, expedited, normal, most=most), most))


def _chain_parts(*parts: "QuerySet[Waiting]", most: int) -> Iterator[Waiting]:
    for part in parts:
        yield from part.order_by("due_on", "since", "id")[:most]


def list_waiting_at(desk: Desk, kind: WaitKind) -> "QuerySet[Waiting]":
    """What waits of a kind on the staff of a queue."""
    place: dict[str, Any] = {"city": desk.city, "department": desk.department, "kind": kind}
    if desk.district:
        place["district"] = desk.district
    return Waiting.objects.filter(ended_at__isnull=True, **place).exclude(role="")


def _list_own_units(user: User) -> Any:
    return Membership.objects.filter(user=user, ended_at__isnull=True).values("unit")


_STAGE_OF_KIND = {
    WaitKind.GATE: State.REVIEW,
    WaitKind.CORRECTION: State.CORRECTION,
    WaitKind.DECISION: State.DECIDING,
    WaitKind.SIGNATURE: State.COUNTERSIGN,
}
"""Where a case is, by what waits of it."""


def count_by_stage(desk: Desk, today: date) -> list[dict[str, Any]]:
    """How many cases of an office wait where, and how many of them are over their day. A case with
    two open gates is counted once."""
    place: dict[str, Any] = {"city": desk.city}
    if desk.district:
        place["district"] = desk.district
    rows = Waiting.objects.filter(ended_at__isnull=True, kind__in=_STAGE_OF_KIND, **place)
    counted = rows.values("kind").annotate(
        many=_count_cases(),
        late=_count_cases(Q(due_on__lt=today)),
        expedited=_count_cases(Q(lane=Lane.EXPEDITED)),
    )
    counts_by_kind: dict[str, dict[str, Any]] = {row["kind"]: dict(row) for row in counted}
    empty = {"many": 0, "late": 0, "expedited": 0}
    return [
        {"state": state.value, **{name: counts_by_kind.get(kind, empty)[name] for name in empty}}
        for kind, state in _STAGE_OF_KIND.items()
    ]


def _count_cases(condition: Q | None = None) -> Count:
    return Count("application", distinct=True, filter=condition)


def count_by_clerk(desk: Desk) -> list[dict[str, Any]]:
    """The gates that wait, by who has them in hand."""
    gates = Gate.objects.filter(application=OuterRef("application"), gate=OuterRef("item"))
    rows = list_waiting_at(desk, WaitKind.GATE).order_by()
    rows = rows.annotate(holder=Subquery(gates.values("holder__name")[:1]))
    counted = rows.filter(holder__isnull=False).values("holder").annotate(many=Count("id"))
    return [
        {"name": row["holder"], "many": row["many"]}
        for row in counted.order_by("-many", "holder")[:50]
    ]


def is_renewal_filed(period: PointsPeriod) -> bool:
    """Whether a renewal of a period was filed and is not given up: of the decision that it has
    now, or of one that a recheck took the place of."""
    inactive_states = (State.DRAFT, State.WITHDRAWN, State.LAPSED)
    rows = Application.objects.filter(renews__application__decisions=period.decision_id)
    return rows.exclude(state__in=inactive_states).exists()
