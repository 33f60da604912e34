"""The day of the office, and the window of a consultation in working days."""

from datetime import date

from django.utils import timezone

from jifen.process.calendar import working_calendar

LONGEST_WINDOW = 250
"""Working days: a year."""


def today() -> date:
    """The day in the time zone of the office."""
    return timezone.localdate()


def find_last_day(opens_on: date, working_days: int) -> date:
    """The last day of a window that opens on a day, which itself does not count."""
    return working_calendar().add_working_days(opens_on, working_days)
