"""The days of a list: when a decision has to be on it, how long it is public, until when to settle.
The calendar comes in as an argument."""

from datetime import date, timedelta

from jifen.lists.model import ListRules
from jifen.process.calendar import WorkingCalendar

ONE_DAY = timedelta(days=1)


def enter_by(rules: ListRules, decided_on: date, calendar: WorkingCalendar) -> date | None:
    """The last day on which a decision has to be on a list; None where it waits for a round."""
    return calendar.add_working_days(decided_on, rules.enter.days) if rules.enter else None


def public_until(rules: ListRules, published_on: date, calendar: WorkingCalendar) -> date:
    """The last day of publicity. 'working_days': holidays and weekends do not count; 'end_moves':
    they count, and an end on a day off moves to the next working day; 'calendar_days': all count
    and nothing moves."""
    days, counting = rules.publicity.days, rules.publicity.counting
    if counting == "working_days":
        return calendar.add_working_days(published_on, days)
    last = published_on + timedelta(days=days)
    if counting == "end_moves" and not calendar.is_working_day(last):
        return calendar.add_working_days(last, 1)
    return last


def settle_by(rules: ListRules, noticed_on: date) -> date:
    """The last day to settle, from the day of the settlement notice. A last day of the year that
    has passed by then is that of the next year."""
    if rules.settlement.days is not None:
        return noticed_on + timedelta(days=rules.settlement.days)
    month, day = rules.settlement.last or (12, 31)
    last = date(noticed_on.year, month, day)
    return last if noticed_on <= last else date(noticed_on.year + 1, month, day)
