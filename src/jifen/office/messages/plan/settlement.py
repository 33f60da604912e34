"""Reminders of settlement notices whose last day comes near."""

from collections.abc import Iterator
from datetime import date, timedelta

from jifen.office.audit.portions import PORTION, in_portions
from jifen.office.casework.assignees import list_open_rows
from jifen.office.lists.models import Entry
from jifen.office.messages.ledger import PlannedMessage
from jifen.office.messages.parameters import describe_days_left
from jifen.office.messages.plan.brackets import DAYS, find_bracket
from jifen.office.waiting.models import Waiting, WaitKind

MONTH = DAYS[1]


def plan_settlement_reminders(on: date) -> Iterator[PlannedMessage]:
    """To the person, a month and a week before the last day to settle."""
    rows = list_open_rows().filter(kind=WaitKind.SETTLEMENT, application__isnull=False)
    rows = rows.filter(due_on__gte=on, due_on__lte=on + timedelta(days=MONTH))
    numbers = _list_entry_numbers(list(rows.values_list("subject", flat=True)))
    for row in in_portions(rows.select_related("application__person__user").order_by("pk")):
        yield from _plan_settlement_reminder(row, numbers.get(row.subject, ""), on)


def _list_entry_numbers(subjects: list[str]) -> dict[str, str]:
    """The number of each entry, by its name in what waits."""
    numbers: dict[str, str] = {}
    keys = {int(subject.rpartition(":")[2]): subject for subject in subjects}
    for start in range(0, len(keys), PORTION):
        entries = Entry.objects.filter(pk__in=list(keys)[start : start + PORTION])
        numbers |= {keys[pk]: number for pk, number in entries.values_list("pk", "number")}
    return numbers


def _plan_settlement_reminder(row: Waiting, number: str, on: date) -> Iterator[PlannedMessage]:
    case, last_day = row.application, row.due_on
    if case is None or last_day is None:
        return
    params = {"number": number, "until": str(last_day), "entry": row.subject_id}
    yield PlannedMessage(
        event=f"{row.subject} settle {last_day} {find_bracket((last_day - on).days)}",
        kind="settle_due",
        params=params | describe_days_left(last_day, on),
        person=case.person,
        application=case,
        stale_on=last_day,
    )
