"""Months and days without a clock."""

from datetime import date

import pytest

from jifen.policy.model import Reference
from jifen.policy.months import (
    completed_years,
    first_day,
    format_month,
    last_day,
    parse_date,
    parse_month,
    subtract_months,
    to_month,
)


def test_a_month_is_a_number_that_can_be_counted() -> None:
    assert parse_month("2019-12") + 1 == parse_month("2020-01")
    assert format_month(parse_month("2020-02")) == "2020-02"
    assert to_month(date(2020, 2, 29)) == parse_month("2020-02")


def test_a_month_has_its_last_day() -> None:
    assert last_day(parse_month("2020-02")) == date(2020, 2, 29)
    assert first_day(parse_month("2021-12")) == date(2021, 12, 1)


@pytest.mark.parametrize("text", ["2020-2-1", "2020-02-30", "1899-12-31", "2200-01-01", "today"])
def test_only_days_of_the_calendar_are_dates(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_date(text)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("1980-06-01", "2020-05-31", 39),
        ("1980-06-01", "2020-06-01", 40),
        ("1980-02-29", "2021-02-28", 40),
        ("1980-02-29", "2021-03-01", 41),
        ("1980-02-29", "2020-02-29", 40),
    ],
)
def test_a_year_is_complete_on_the_birthday(born: str, on: str, age: int) -> None:
    assert completed_years(date.fromisoformat(born), date.fromisoformat(on)) == age


def test_months_back_end_on_the_last_day_of_a_shorter_month() -> None:
    assert subtract_months(date(2021, 3, 31), 1) == date(2021, 2, 28)
    assert subtract_months(date(2020, 1, 15), 36) == date(2017, 1, 15)


def test_the_counting_day_may_be_the_end_of_the_month_before() -> None:
    reference = Reference("end_of_month_before")
    assert reference.day_for(date(2021, 3, 1)) == date(2021, 2, 28)
    assert reference.last_month(date(2021, 3, 1)) == parse_month("2021-02")


def test_a_yearly_counting_day_is_the_last_one_that_has_passed() -> None:
    reference = Reference("yearly", 5, 31)
    assert reference.day_for(date(2019, 5, 30)) == date(2018, 5, 31)
    assert reference.day_for(date(2019, 5, 31)) == date(2019, 5, 31)
    assert reference.last_month(date(2019, 7, 1)) == parse_month("2019-05")


def test_on_the_day_the_running_month_is_not_over() -> None:
    reference = Reference("on_the_day")
    assert reference.last_month(date(2019, 7, 30)) == parse_month("2019-06")
    assert reference.last_month(date(2019, 7, 31)) == parse_month("2019-07")
