"""A permit's full months: one count, with the day itself, wherever they are counted."""

from datetime import date, timedelta

import numpy as np
import pytest

from jifen.cities import load
from jifen.facts import read_situation
from jifen.facts.permit import count_full_months
from jifen.facts.registers.calendar import count_full_months as of_a_column
from jifen.permits import PermitCard, endorse_card, list_month_statuses, permit_rules_on
from jifen.permits.card import count_completed_months, find_permit_status
from jifen.planning.days import DaySpan
from jifen.policy.months import format_month, subtract_months

ONE_DAY = timedelta(days=1)
SHANGHAI = permit_rules_on("shanghai", date(2025, 1, 1))
CHENGDU = load("chengdu", "2024")
ISSUES = [
    date(2024, 1, 1),
    date(2024, 1, 15),
    date(2023, 1, 29),
    date(2023, 1, 31),
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2024, 4, 30),
    date(2024, 8, 31),
    date(2024, 12, 31),
]


def _days(since: date) -> list[date]:
    return [since + timedelta(days=n) for n in range(2 * 366)]


@pytest.mark.parametrize("since", ISSUES, ids=str)
def test_a_month_is_full_with_the_day_before_the_same_day(since: date) -> None:
    months = 0
    for day in _days(since):
        while subtract_months(since, -(months + 1)) <= day + ONE_DAY:
            months += 1
        assert count_full_months(since, day) == months, day


@pytest.mark.parametrize(
    ("since", "last_but_one", "months"),
    [
        (date(2024, 1, 15), date(2025, 1, 13), 12),
        (date(2024, 1, 1), date(2024, 12, 30), 12),
        (date(2024, 2, 29), date(2025, 2, 26), 12),
        (date(2024, 2, 29), date(2028, 2, 27), 48),
        (date(2024, 1, 31), date(2024, 2, 27), 1),
        (date(2023, 1, 31), date(2023, 2, 26), 1),
        (date(2024, 8, 31), date(2024, 9, 28), 1),
        (date(2024, 8, 31), date(2024, 10, 29), 2),
    ],
)
def test_the_day_on_which_a_month_becomes_full(
    since: date, last_but_one: date, months: int
) -> None:
    assert count_full_months(since, last_but_one) == months - 1
    assert count_full_months(since, last_but_one + ONE_DAY) == months


@pytest.mark.parametrize("since", ISSUES, ids=str)
def test_card_and_column_count_as_the_facts_do(since: date) -> None:
    days = _days(since)
    expected = [count_full_months(since, day) for day in days]
    column = np.array([since], "M8[D]")
    assert [int(of_a_column(column, day)[0]) for day in days] == expected
    card = PermitCard(since, since)
    while card.valid_until < days[-1]:
        card = endorse_card(SHANGHAI, card, card.valid_until)
    assert [find_permit_status(SHANGHAI, card, day).counted_months for day in days] == expected
    over = [count_completed_months(SHANGHAI, card, day) for day in days]
    assert over == [0, *expected[:-1]]


@pytest.mark.parametrize("since", ISSUES, ids=str)
@pytest.mark.parametrize(("city", "version"), [("chengdu", "2024"), ("shanghai", "2018")])
def test_the_planner_counts_the_months_that_are_over(city: str, version: str, since: date) -> None:
    """Of the day itself, too, where the measure counts to the end of the month before."""
    days = tuple(day for day in _days(since) if day >= date(2024, 2, 20))
    rules = load(city, version).rules_on(days[0])
    over = [min(rules.reference.day_for(day), day - ONE_DAY) for day in days]
    expected = [count_full_months(since, day) if day >= since else 0 for day in over]
    assert DaySpan(rules, days[0], days).full_months(since).tolist() == expected


@pytest.mark.parametrize("since", ISSUES, ids=str)
def test_the_months_of_the_permit_page_are_those_that_give_points(since: date) -> None:
    """Chengdu counts to the end of the month before: the permit's own page shows the same."""
    card = PermitCard(since, since)
    rows = {
        row.month: row.counted_months
        for row in list_month_statuses(
            permit_rules_on("chengdu", since), [(since, card)], subtract_months(since, -11)
        )
    }
    for month in range(1, 12):
        filed = subtract_months(since.replace(day=1), -month)
        permit = {"issued_on": since, "valid_until": card.valid_until, "endorsements": []}
        known = read_situation(CHENGDU.rules_on(filed), {"permit": permit}, filed, lang="en").values
        end = filed - ONE_DAY
        assert known["permit_months"] == rows[format_month(end.year * 12 + end.month - 1)], filed
