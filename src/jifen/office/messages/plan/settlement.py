"""Reminders of settlement notices whose last day comes near."""

from collections.abc import Iterator
from datetime import date, timedelta

from jifen.office.lists.models import Entry
from jifen.office.messages.ledger import PlannedMessage
from jifen.office.messages.parameters import describe_days_left
from jifen.office.messages.plan.brackets import DAYS, find_bracket

MONTH = DAYS[1]


def plan_settlement_reminders(on: date) -> Iterator[PlannedMessage]:
    """To the person, a month and a week before the last day to settle."""
    rows = Entry.objects.filter(state="noticed", settle_by__gte=on, decision__isnull=False)
    rows = rows.filter(settle_by__lte=on + timedelta(days=MONTH))
    for entry in rows.select_related("decision__application__person__user"):
        case = entry.decision.application if entry.decision else None
        if case is None or entry.settle_by is None:
            continue
        days = (entry.settle_by - on).days
        params = {"number": entry.number, "until": str(entry.settle_by)}
        yield PlannedMessage(
            event=f"list entry:{entry.pk} settle {entry.settle_by} {find_bracket(days)}",
            kind="settle_due",
            params=params | {"entry": entry.pk} | describe_days_left(entry.settle_by, on),
            person=case.person,
            application=case,
            stale_on=entry.settle_by,
        )
