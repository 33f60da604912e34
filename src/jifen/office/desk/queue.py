"""The gates that wait in a queue, filtered and sorted as somebody wants them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.accounts.roles import list_posts
from jifen.office.casework.models import Application, Gate
from jifen.office.casework.queries import Desk, list_queue, list_waiting_at
from jifen.office.desk.absences import list_absent_accounts
from jifen.office.desk.models import Assignment, ThreadMessage
from jifen.office.registry.models import Membership
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.waiting.rules import list_kinds_for

PAGE_ROWS = 50
HOLDERS = ("mine", "nobody", "others")
DUE = {"late": 0, "3": 3, "7": 7}
"""Days left, at most."""
SORTS = {
    "due": ("due_on", "since", "id"),
    "age": ("since", "id"),
    "number": ("application__number", "id"),
    "newest": ("-since", "-id"),
}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of a queue is shown; '' for everything. `holder`: whose it is; `due`: how soon;
    `kind`: first or renewal; `answer`: an answer in a thread is unread."""

    gate: str = ""
    lane: str = ""
    kind: str = ""
    returned: str = ""
    holder: str = ""
    due: str = ""
    answer: str = ""
    sort: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is the queue as it is, in its own order."""
        return self == QueueFilter()

    @property
    def query(self) -> str:
        """The query of its address."""
        chosen = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in chosen.items() if value})


_KNOWN: Mapping[str, tuple[str, ...]] = {
    "lane": ("normal", "expedited"),
    "kind": ("first", "renewal"),
    "returned": ("1",),
    "holder": HOLDERS,
    "due": tuple(DUE),
    "answer": ("1",),
    "sort": tuple(SORTS),
}


def read_filter(query: Mapping[str, str]) -> QueueFilter:
    """The filter of an address; what it does not know is left out."""
    chosen = {
        name: query.get(name, "") for name, known in _KNOWN.items() if query.get(name, "") in known
    }
    gate = query.get("gate", "")[:40]
    return QueueFilter(**chosen, gate=gate if gate.replace("_", "").isalnum() else "")


def list_gate_rows(
    user: User, desk: Desk, day: date, chosen: QueueFilter, offset: int = 0
) -> list[Waiting]:
    """One page of the gates that wait, and one row more where there is another page. Without
    filters it is the one order of the queue, in which no case starves."""
    if chosen.is_plain and not offset:
        return list_queue(user, desk, day, most=PAGE_ROWS + 1)
    rows = _filter_rows(_list_rows_for(user, desk), user, day, chosen)
    ordered = rows.order_by(*SORTS[chosen.sort or "due"])
    return list(ordered[offset : offset + PAGE_ROWS + 1])


def _list_rows_for(user: User, desk: Desk) -> "QuerySet[Waiting]":
    own_units = Membership.objects.filter(user=user, ended_at__isnull=True).values("unit")
    rows = list_waiting_at(desk, WaitKind.GATE).exclude(barred__contains=f",{user.pk},")
    rows = rows.exclude(application__unit__in=own_units).exclude(application__person__user=user)
    return rows.select_related("application__person", "application__unit")


def _filter_rows(
    rows: "QuerySet[Waiting]", user: User, day: date, chosen: QueueFilter
) -> "QuerySet[Waiting]":
    if chosen.gate:
        rows = rows.filter(item=chosen.gate)
    if chosen.lane:
        rows = rows.filter(lane=chosen.lane)
    if chosen.kind:
        rows = rows.filter(application__kind=chosen.kind)
    if chosen.due:
        last_day = day + timedelta(days=DUE[chosen.due] - (chosen.due == "late"))
        rows = rows.filter(due_on__lte=last_day)
    if chosen.returned:
        rows = rows.filter(_gate_exists(returned=True))
    if chosen.answer:
        unread = ThreadMessage.objects.filter(read_at__isnull=True, from_office=False)
        rows = rows.filter(Exists(unread.filter(application=OuterRef("application"))))
    return _filter_by_holder(rows, user, chosen.holder)


def _filter_by_holder(rows: "QuerySet[Waiting]", user: User, holder: str) -> "QuerySet[Waiting]":
    """A gate is of whoever has it in hand, else of whom it is assigned to."""
    if not holder:
        return rows
    now = timezone.now()
    in_hand, assigned = _gate_exists(held_until__gt=now), _assignment_exists()
    own = _gate_exists(held_until__gt=now, holder=user) | _assignment_exists(holder=user)
    if holder == "mine":
        return rows.filter(own)
    if holder == "nobody":
        return rows.exclude(in_hand).exclude(assigned)
    return rows.filter(in_hand | assigned).exclude(own)


def _gate_exists(**condition: object) -> Q:
    gates = Gate.objects.filter(application=OuterRef("application"), gate=OuterRef("item"))
    return Q(Exists(gates.filter(**condition)))


def _assignment_exists(**condition: object) -> Q:
    assignments = Assignment.objects.filter(
        application=OuterRef("application"), gate=OuterRef("item")
    )
    return Q(Exists(assignments.filter(**condition)))


AT_RISK_DAYS = 3
"""A gate that is due within so many days is at risk."""


@dataclass(frozen=True, slots=True)
class GateCounts:
    """The gates that wait on the clerks of an office: all, late, at risk (due within three days),
    and those that nobody has."""

    every: int
    late: int
    at_risk: int
    unassigned: int


def count_gates(desk: Desk, day: date) -> GateCounts:
    """How many gates of an office wait, and how."""
    rows = list_waiting_at(desk, WaitKind.GATE)
    last_day = day + timedelta(days=AT_RISK_DAYS)
    in_hand = _gate_exists(held_until__gt=timezone.now())
    return GateCounts(
        rows.count(),
        rows.filter(due_on__lt=day).count(),
        rows.filter(due_on__gte=day, due_on__lte=last_day).count(),
        rows.exclude(in_hand).exclude(_assignment_exists()).count(),
    )


CANDIDATES = 50


def list_rows_to_take(user: User, desk: Desk, day: date) -> Iterator[Waiting]:
    """What somebody takes next, best first: assigned to them, then the queue in its order without
    what colleagues have in hand or, while they are there, what is assigned to them."""
    rows = _filter_by_holder(_list_rows_for(user, desk), user, "mine")
    yield from rows.order_by(F("due_on").asc(nulls_last=True), "since", "id")[:CANDIDATES]
    absent = list_absent_accounts(day)
    for row in list_queue(user, desk, day, most=CANDIDATES * 4):
        if _is_free(row, user, absent):
            yield row


IN_ORDER = (WaitKind.SIGNATURE, WaitKind.DECISION, WaitKind.GATE)
"""What is nearer to its end goes first."""


def find_next_case(user: User, day: date, *, without: int) -> Application | None:
    """The next case of somebody's queues, other than one: what is assigned to them first, nothing
    that a colleague has in hand or, while they are there, is assigned to them."""
    for kind in IN_ORDER:
        for post in list_posts(user):
            if kind not in list_kinds_for(post.role):
                continue
            desk = Desk(post.city, post.district, post.department)
            is_gate = kind == WaitKind.GATE
            rows: Iterable[Waiting] = list_queue(user, desk, day, kind, 2)
            if is_gate:
                rows = list_rows_to_take(user, desk, day)
            for row in rows:
                is_other = row.application is not None and row.application_id != without
                if is_other and not _is_in_hand_of_colleague(row, user):
                    return row.application
    return None


def _is_in_hand_of_colleague(row: Waiting, user: User) -> bool:
    gates = Gate.objects.filter(application=row.application_id, gate=row.item)
    return gates.filter(held_until__gt=timezone.now()).exclude(holder=user).exists()


def _is_free(row: Waiting, user: User, absent: set[int]) -> bool:
    if _is_in_hand_of_colleague(row, user):
        return False
    assigned = Assignment.objects.filter(application=row.application_id, gate=row.item)
    assigned = assigned.exclude(holder=user)
    return all(row.holder_id in absent for row in assigned)
