"""The clock of a case, in working days: it stops while the applicant acts."""

from datetime import date

from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Application, Lane
from jifen.process.calendar import working_calendar


def start(application: Application, on: date) -> None:
    """The clock runs from the day after `on`; what was used before stays used."""
    application.clock_from = on
    application.due_on = _compute_deadline(application, on)


def stop(application: Application, on: date) -> None:
    """The applicant is asked: the days until `on` are used."""
    if application.clock_from:
        application.clock_used += working_calendar().count_working_days(application.clock_from, on)
    application.clock_from = None
    application.due_on = None


def count_days_allowed(application: Application) -> int:
    """Working days that the city gives itself for the case, by its lane."""
    process = process_of(application)
    expedited = application.lane == Lane.EXPEDITED
    return process.expedited.days if expedited else process.days


def restart(application: Application) -> None:
    """The lane changed: the deadline follows, where the clock runs."""
    if application.clock_from:
        application.due_on = _compute_deadline(application, application.clock_from)


def _compute_deadline(application: Application, on: date) -> date:
    days_left = max(count_days_allowed(application) - application.clock_used, 1)
    return working_calendar().add_working_days(on, days_left)
