"""Working days by the yearly notices of the State Council's General Office."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from jifen import cities
from jifen.policy.fault import PolicyError
from jifen.policy.shapes import (
    BILINGUAL,
    DATE,
    TEXT,
    WHOLE,
    Choice,
    Closed,
    Field,
    ListOf,
    Scalar,
    Sink,
    optional,
)

_HOLIDAY = Closed("a holiday", {"from": Field(DATE), "to": Field(DATE), "label": Field(BILINGUAL)})
_YEAR = Closed(
    "a year",
    {
        "year": Field(WHOLE),
        "notice": Field(TEXT, doc="the number of the notice"),
        "confidence": Field(Choice(("certain", "likely", "unsure"))),
        "note": optional(TEXT, ""),
        "holidays": Field(ListOf(_HOLIDAY, 1)),
        "working": Field(ListOf(DATE), doc="weekend days that are worked"),
    },
    "year",
)
MonthDay = tuple[int, int]
_LEAP_YEAR = 2000


def _parse_month_day(text: str) -> MonthDay:
    """'05-01' → (5, 1). Raises ValueError."""
    day = date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    return (day.month, day.day)


_DAY = Scalar("month_day", _parse_month_day, {"type": "string"})
_FIXED = Closed(
    "the statutory days of every year",
    {
        "since": Field(DATE),
        "basis": Field(TEXT),
        "confidence": Field(Choice(("certain", "likely", "unsure"))),
        "days": Field(ListOf(_DAY, 1)),
    },
)
_CALENDAR = Closed(
    "a calendar",
    {
        "language": Field(Choice(("1",))),
        "fixed": Field(_FIXED),
        "years": Field(ListOf(_YEAR, 1)),
    },
)
_WEEKEND = 5


@dataclass(frozen=True)
class WorkingCalendar:
    """Holidays and make-up days; after `known_until` only weekends and the `fixed` statutory days
    (month and day) are known to be free, so that what is counted beyond it is unsure."""

    free: frozenset[date]
    worked: frozenset[date]
    known_until: date
    fixed: frozenset[MonthDay] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day in self.worked:
            return True
        if day > self.known_until and (day.month, day.day) in self.fixed:
            return False
        return day.weekday() < _WEEKEND and day not in self.free

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count; 0 gives `day`.
        Raises ValueError for fewer."""
        if count < 0:
            raise ValueError(f"{count} working days; expected 0 or more")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def count_working_days(self, first: date, last: date) -> int:
        """Working days after `first`, up to and with `last`; 0 where `last` is not later."""
        days = range(1, (last - first).days + 1)
        return sum(self.is_working_day(first + timedelta(days=n)) for n in days)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """Free days and worked weekend days of one year."""

    year: int
    free: frozenset[date]
    worked: frozenset[date]


class _OfOffice:
    """Years that an office entered; each takes the place of the same year of the file."""

    years: tuple[CalendarYear, ...] = ()


def set_years_of_office(years: tuple[CalendarYear, ...]) -> None:
    """From now on count with these years too."""
    _OfOffice.years = tuple(sorted(years, key=lambda year: year.year))


def working_calendar() -> WorkingCalendar:
    """The calendar that comes with Jifen, and what the office entered. Raises PolicyError where its
    file has faults."""
    return _build_calendar(_OfOffice.years)


@cache
def _build_calendar(years_of_office: tuple[CalendarYear, ...]) -> WorkingCalendar:
    years, fixed = _read_file()
    all_years = {year.year: year for year in (*years, *years_of_office)}
    last = max(year.year for year in years)
    while last + 1 in all_years:  # a year beyond a gap is not known to be the last
        last += 1
    known = [year for year in all_years.values() if year.year <= last]
    free = frozenset[date]().union(*(year.free for year in known))
    worked = frozenset[date]().union(*(year.worked for year in known))
    return WorkingCalendar(free - worked, worked, date(last, 12, 31), fixed)


@cache
def _read_file() -> tuple[tuple[CalendarYear, ...], frozenset[MonthDay]]:
    sink = Sink()
    entry = _CALENDAR.read(cities.read_yaml_file(cities.ROOT / "holidays.yaml"), sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    years = []
    for year in entry["years"]:
        free: set[date] = set()
        for span in year["holidays"]:
            days = (span["to"] - span["from"]).days + 1
            free |= {span["from"] + timedelta(days=n) for n in range(days)}
        worked = frozenset(year["working"])
        years.append(CalendarYear(year["year"], frozenset(free) - worked, worked))
    return tuple(years), frozenset(entry["fixed"]["days"])
