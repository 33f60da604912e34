"""Writing what waits: always whole, in the transaction of the act that changed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.waiting.rules import rule_of


@dataclass(frozen=True, slots=True)
class Wait:
    """What should wait; on the staff where neither account, unit nor person is named. `role`: where
    it is not the first one of the rule."""

    kind: WaitKind
    item: str = ""
    role: str = ""
    department: str = ""
    account: int | None = None
    unit: int | None = None
    person: int | None = None
    due_on: date | None = None
    starts_on: date | None = None
    barred: tuple[int, ...] = ()

    @property
    def is_staff(self) -> bool:
        """Whether it waits on the staff of a place."""
        return self.account is None and self.unit is None and self.person is None


@dataclass(frozen=True, slots=True)
class WaitPlace:
    """What the rows of one subject have in common: the office that has it, and its order."""

    subject: str
    city: str
    district: str = ""
    application: int | None = None
    lane: str = "normal"
    overtakes_on: date | None = None


_ROW_COLUMNS = (
    *("application_id", "city", "district", "role", "department", "account_id", "unit_id"),
    *("person_id", "barred", "lane", "starts_on", "due_on", "overtakes_on"),
)
"""What a row says besides its name and its days."""
_PARTY_COLUMNS = ("role", "department", "account_id", "unit_id", "person_id")


def store_waits(place: WaitPlace, waits: Sequence[Wait]) -> None:
    """From now on exactly these wait of a subject: what is over is ended, what is new begins, what
    is on somebody else now begins anew. Inside the transaction of the act."""
    now = timezone.now()
    open_rows = {(row.kind, row.item): row for row in list_open_rows_of(place.subject)}
    wanted = {(wait.kind.value, wait.item): make_row_values(place, wait) for wait in waits}
    ended_keys = [
        key
        for key, row in open_rows.items()
        if key not in wanted
        or any(getattr(row, name) != wanted[key][name] for name in _PARTY_COLUMNS)
    ]
    ended_ids = [open_rows.pop(key).pk for key in ended_keys]
    if ended_ids:
        Waiting.objects.filter(pk__in=ended_ids).update(ended_at=now)
    for key, row in open_rows.items():
        changed = {
            column: value for column, value in wanted[key].items() if getattr(row, column) != value
        }
        if changed:
            Waiting.objects.filter(pk=row.pk).update(**changed)
    Waiting.objects.bulk_create(
        _make_row(place, wait, now)
        for wait in waits
        if (wait.kind.value, wait.item) not in open_rows
    )


def _make_row(place: WaitPlace, wait: Wait, now: datetime) -> Waiting:
    return Waiting(
        kind=wait.kind,
        subject=place.subject,
        item=wait.item,
        since=now,
        **make_row_values(place, wait),
    )


def list_open_rows_of(subject: str) -> list[Waiting]:
    """What waits of a subject now."""
    return list(Waiting.objects.filter(subject=subject, ended_at__isnull=True))


def make_row_values(place: WaitPlace, wait: Wait) -> dict[str, Any]:
    """The columns of a row that follow from its subject and what should wait."""
    role = (wait.role or rule_of(wait.kind).roles[0].value) if wait.is_staff else ""
    barred = ",".join(str(pk) for pk in sorted(set(wait.barred)))
    values: dict[str, Any] = {
        "application_id": place.application,
        "city": place.city,
        "district": place.district,
        "role": role,
        "department": wait.department,
        "account_id": wait.account,
        "unit_id": wait.unit,
        "person_id": wait.person,
        "barred": f",{barred}," if barred else "",
        "lane": place.lane,
        "starts_on": wait.starts_on,
        "due_on": wait.due_on,
        "overtakes_on": place.overtakes_on,
    }
    return {name: values[name] for name in _ROW_COLUMNS}
