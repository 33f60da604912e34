"""The last day and the last month that still count, and the least and most that are allowed."""

from datetime import date
from typing import Any

import pytest

from jifen.cities import load
from jifen.facts import FactsError, Situation, read_situation

ON = date(2025, 6, 15)


def shanghai(on: date = ON, **facts: Any) -> Situation:
    return read_situation(load("shanghai", "2018").rules_on(on), facts, on, lang="en")


def spell(since: str, until: str, **more: Any) -> dict[str, Any]:
    return {"from": since, "to": until, "base": 20000, "status": "paid", **more}


def codes(**facts: Any) -> list[str]:
    with pytest.raises(FactsError) as error:
        shanghai(**facts)
    return [fault.code for fault in error.value.faults]


def test_the_first_and_the_last_month_of_a_deferral_count_and_their_neighbours_do_not() -> None:
    known = shanghai(contributions=[spell("2022-03", "2024-01", status="deferred")])
    months = {m.month: m.counts for m in known.derived["insured_months"].months}
    ends = ("2022-03", "2022-04", "2023-12", "2024-01")
    assert [months[month] for month in ends] == [False, True, True, False]
    assert known.values["insured_months"] == 21


@pytest.mark.parametrize(("given", "sound"), [(9, False), (10, True), (11, True), (12, False)])
def test_a_total_may_be_what_the_records_leave_open_and_nothing_else(
    given: int, sound: bool
) -> None:
    # of the twelve months one is unpaid and one has no base: 10 or 11 at the average wage
    records = [spell("2024-07", "2025-04"), spell("2025-05", "2025-05", base=None)]
    if sound:
        known = shanghai(contributions=records, base_1x_months_last_12=given)
        assert known.values["base_1x_months_last_12"] == given
    else:
        assert codes(contributions=records, base_1x_months_last_12=given) == ["JF-F040"]


def test_six_hundred_spells_are_read_and_one_more_is_the_wrong_file() -> None:
    spells = [
        spell(
            f"{1965 + number // 12}-{number % 12 + 1:02}",
            f"{1965 + number // 12}-{number % 12 + 1:02}",
        )
        for number in range(601)
    ]
    assert shanghai(contributions=spells[:600]).values["insured_months"] == 600
    with pytest.raises(FactsError, match="601"):
        shanghai(contributions=spells)
    assert codes(contributions=spells) == ["JF-F020"]


def test_of_a_wrong_file_the_first_faults_are_enough() -> None:
    assert len(codes(contributions=[7] * 100)) == 51
    assert len(codes(**{f"unknown_{number}": 1 for number in range(100)})) == 51


def test_the_area_of_a_permit_is_read_where_the_city_asks_for_it() -> None:
    known = shanghai(permit={"issued_on": "2025-01-01", "valid_until": "2026-01-01", "area": "?"})
    assert known.values["permit_valid"] is True


@pytest.mark.parametrize(
    ("until", "valid"), [("2025-06-14", False), ("2025-06-15", True), ("2025-06-16", True)]
)
def test_a_permit_is_valid_on_its_last_day(until: str, valid: bool) -> None:
    known = shanghai(permit={"issued_on": "2025-01-01", "valid_until": until})
    assert known.values["permit_valid"] is valid


@pytest.mark.parametrize(("issued", "valid"), [("2025-06-14", True), ("2025-06-15", True)])
def test_a_permit_is_valid_from_its_first_day(issued: str, valid: bool) -> None:
    known = shanghai(permit={"issued_on": issued, "valid_until": "2026-06-14"})
    assert known.values["permit_valid"] is valid


@pytest.mark.parametrize(
    ("dates", "count"),
    [
        ([], 0),
        ([ON], 1),
        (["2020-06-16"], 1),
        (["2020-06-15"], 0),
        (["2020-06-16", "2020-06-16"], 2),
    ],
)
def test_a_record_counts_for_sixty_months_and_not_on_their_last_day(
    dates: list[Any], count: int
) -> None:
    assert shanghai(detention_dates=dates).values["detention_count_5y"] == count


@pytest.mark.parametrize(
    ("base", "full", "eight_tenths"),
    [
        ("12307", 1, 1),
        ("12306.99", 0, 1),
        ("9845.60", 0, 1),
        ("9845.59", 0, 0),
        (0, 0, 0),
        (10_000_000, 1, 1),
    ],
)
def test_a_base_is_compared_with_the_wage_to_the_fen(
    base: Any, full: int, eight_tenths: int
) -> None:
    known = shanghai(contributions=[spell("2024-09", "2024-09", base=base)])
    assert known.values["base_1x_months_last_12"] == full
    assert known.values["base_08x_months_last_48"] == eight_tenths


def test_yes_and_no_are_no_numbers_and_no_answers() -> None:
    assert codes(insured_months=True) == ["JF-F003"]
    assert codes(education=True) == ["JF-F002"]
    assert codes(average_annual_tax=False) == ["JF-F003"]
    assert codes(shortage_major=1) == ["JF-F006"]
    assert shanghai(shortage_major=True).values["shortage_major"] is True


@pytest.mark.parametrize("typed", ["true", "Yes", " 是 ", True])
def test_yes_is_read_in_both_languages(typed: Any) -> None:
    assert shanghai(shortage_major=typed).values["shortage_major"] is True


@pytest.mark.parametrize("typed", ["false", "No", " 否 ", False])
def test_no_is_read_in_both_languages(typed: Any) -> None:
    assert shanghai(shortage_major=typed).values["shortage_major"] is False


@pytest.mark.parametrize(
    ("months", "sound"), [(0, True), (720, True), (-1, False), (721, False), ("720.0", True)]
)
def test_a_number_may_be_its_least_and_its_most(months: Any, sound: bool) -> None:
    if sound:
        value = shanghai(insured_months=months).values["insured_months"]
        assert value == int(float(months))
        assert type(value) is int
    else:
        assert codes(insured_months=months) == ["JF-F004"]


def test_a_ratio_has_as_many_places_as_it_needs_and_money_two() -> None:
    rules = load("chengdu", "2020").rules_on(date(2022, 6, 15))
    known = read_situation(rules, {"pension_base_ratio": "2.00015"}, date(2022, 6, 15))
    assert str(known.values["pension_base_ratio"]) == "2.00015"
    assert str(shanghai(average_annual_tax="1.05").values["average_annual_tax"]) == "1.05"
    assert codes(average_annual_tax="1.005") == ["JF-F003"]
