"""Notices of renewal, some weeks before points end."""

from datetime import date, timedelta

from jifen.office.casework.actions.periods import list_running_periods
from jifen.office.notices.actions.issuance import issue_renewal

REMINDER_PERIOD = timedelta(days=60)
"""A rule of this system: no source says when a person is to be told."""


def announce_renewals(on: date, most: int = 500) -> int:
    """Issue the notices of periods that end within the next weeks; how many were issued."""
    rows = list_running_periods().filter(renewed=False)
    rows = rows.filter(until__gte=on, until__lte=on + REMINDER_PERIOD)
    rows = rows.exclude(decision__notices__kind="renewal").order_by("until", "id")
    rows = rows.select_related("decision__application__person", "decision__application__unit")
    return sum(issue_renewal(period, on) is not None for period in rows[:most])
