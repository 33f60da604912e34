"""Months and dates without a clock: a month is an integer, year × 12 + month − 1."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def parse_date(text: str) -> date:
    """YYYY-MM-DD → a date from 1900 to 2199; ValueError otherwise."""
    if not _DATE.match(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if not 1900 <= day.year < 2200:
        raise ValueError(text)
    return day


def parse_month(text: str) -> int:
    """YYYY-MM → months since the year 0; ValueError otherwise."""
    match = _MONTH.match(text)
    if not match or not 1900 <= int(match[1]) < 2200:
        raise ValueError(text)
    return int(match[1]) * 12 + int(match[2]) - 1


def format_month(month: int) -> str:
    """A month as YYYY-MM."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def to_month(day: date) -> int:
    """The month in which a day lies."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of a month."""
    return first_day(month + 1) - timedelta(days=1)


@lru_cache(maxsize=1_024)
def subtract_months(day: date, months: int) -> date:
    """The same day so many months before; the month's last day where it has no such day."""
    month = to_month(day) - months
    year, index = month // 12, month % 12 + 1
    return date(year, index, min(day.day, monthrange(year, index)[1]))


def completed_years(born: date, on: date) -> int:
    """Age in completed years (周岁): a year is complete on the birthday; 29 February counts on
    1 March in other years.
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
