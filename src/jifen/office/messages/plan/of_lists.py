"""Reminders of settlement notices whose last day comes near."""

from collections.abc import Iterator
from datetime import date, timedelta

from jifen.office.lists.models import Entry
from jifen.office.messages.ledger import Telling
from jifen.office.messages.plan.brackets import DAYS, bracket
from jifen.office.messages.said import left

MONTH = DAYS[1]


def settling(on: date) -> Iterator[Telling]:
    """To the person, a month and a week before the last day to settle."""
    rows = Entry.objects.filter(state="noticed", settle_by__gte=on, decision__isnull=False)
    rows = rows.filter(settle_by__lte=on + timedelta(days=MONTH))
    for entry in rows.select_related("decision__application__person__user"):
        case = entry.decision.application if entry.decision else None
        if case is None or entry.settle_by is None:
            continue
        days = (entry.settle_by - on).days
        params = {"number": entry.number, "until": str(entry.settle_by)}
        yield Telling(
            event=f"list entry:{entry.pk} settle {entry.settle_by} {bracket(days)}",
            kind="settle_due",
            params=params | {"entry": entry.pk} | left(entry.settle_by, on),
            person=case.person,
            application=case,
            stale_on=entry.settle_by,
        )
