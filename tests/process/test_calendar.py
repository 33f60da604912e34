"""Working days over the years' ends and the make-up weekends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.process.calendar import working_calendar

CALENDAR = working_calendar()
DAYS = st.dates(date(2018, 1, 1), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # a Sunday that is worked after New Year
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday that is worked before the festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # nine days of Spring Festival
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 2, 28), 2, date(2024, 3, 1)),  # 29 February is a day like others
        (date(2025, 6, 2), 0, date(2025, 6, 2)),
    ],
)
def test_the_nth_working_day(day: date, count: int, expected: date) -> None:
    assert CALENDAR.add_working_days(day, count) == expected


@given(DAYS, st.integers(1, 60))
def test_counting_back_gives_the_number_counted(day: date, count: int) -> None:
    end = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.count_working_days(day, end) == count


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_a_clock_that_stops_and_goes_on_counts_the_same(day: date, one: int, two: int) -> None:
    assert CALENDAR.add_working_days(
        CALENDAR.add_working_days(day, one), two
    ) == CALENDAR.add_working_days(day, one + two)


def test_no_day_is_both_free_and_worked() -> None:
    assert not CALENDAR.free & CALENDAR.worked
    assert all(day.weekday() >= 5 for day in CALENDAR.worked)
    assert CALENDAR.known_until == date(2026, 12, 31)


def test_statutory_days_are_free_also_after_the_last_notice() -> None:
    year = CALENDAR.known_until.year + 1
    fixed = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
    assert not any(CALENDAR.is_working_day(date(year, *day)) for day in fixed)
    assert CALENDAR.add_working_days(date(2026, 12, 30), 2) == date(
        2027, 1, 4
    )  # 1 January is a Friday


def test_statutory_days_of_later_law_do_not_change_earlier_years() -> None:
    """2 May is statutory since 2025; what the notices say of a year stands."""
    assert CALENDAR.is_working_day(date(2019, 5, 5))
    assert not CALENDAR.is_working_day(date(2018, 5, 1))
    assert CALENDAR.is_working_day(date(2018, 5, 2))


def test_fewer_than_no_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected 0 or more"):
        CALENDAR.add_working_days(date(2025, 1, 1), -1)
    assert CALENDAR.count_working_days(date(2025, 1, 2), date(2025, 1, 2) - timedelta(days=9)) == 0
