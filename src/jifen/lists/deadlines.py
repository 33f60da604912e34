"""Deadlines of a list: the day by which a decision is on it, the end of the public notice period,
the last day to settle. The calendar comes in as an argument."""

from datetime import date, timedelta

from jifen.lists.model import ListRules
from jifen.process.calendar import WorkingCalendar

ONE_DAY = timedelta(days=1)


def find_entry_deadline(
    rules: ListRules, decided_on: date, calendar: WorkingCalendar
) -> date | None:
    """Return the last day by which a decision must be on a list; None where it waits for the yearly
    round."""
    return calendar.add_working_days(decided_on, rules.entry.days) if rules.entry else None


def find_publicity_end(rules: ListRules, published_on: date, calendar: WorkingCalendar) -> date:
    """Return the last day of the public notice period. 'working_days': holidays and weekends do not
    count. 'end_moves': they count, and an end on a day off moves to the next working day.
    'calendar_days': all days count and the end does not move."""
    days, counting = rules.publicity.days, rules.publicity.counting
    if counting == "working_days":
        return calendar.add_working_days(published_on, days)
    last = published_on + timedelta(days=days)
    if counting == "end_moves" and not calendar.is_working_day(last):
        return calendar.add_working_days(last, 1)
    return last


def find_settlement_deadline(rules: ListRules, noticed_on: date) -> date:
    """Return the last day to settle, counted from the day of the settlement notice. Where the rules
    name a day of the year and it has passed by then, the day of the next year applies."""
    if rules.settlement.days is not None:
        return noticed_on + timedelta(days=rules.settlement.days)
    month, day = rules.settlement.last or (12, 31)
    last = date(noticed_on.year, month, day)
    return last if noticed_on <= last else date(noticed_on.year + 1, month, day)
