"""One value of each type: what is taken, what is refused, and in which words."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.cities import load
from jifen.facts import FactsError, examine_facts, read_situation
from jifen.policy.model import Rules

ON = date(2025, 6, 1)


@pytest.fixture
def rules() -> Rules:
    return load("shanghai", "2018").rules_on(ON)


@pytest.mark.parametrize(
    ("fact", "given", "value"),
    [
        ("insured_months", 0, 0),
        ("insured_months", "36", 36),
        ("insured_months", 36.0, 36),
        ("insured_months", None, None),
        ("insured_months", "不适用", None),
        ("insured_months", "60个月", 60),
        ("insured_months", "5年", 60),
        ("insured_months", "5年3个月", 63),
        ("insured_months", "５ 年半", 66),
        ("insured_months", "半年", 6),
        ("insured_months", "5 years 3 months", 63),
        ("average_annual_tax", "10万", Decimal(100_000)),
        ("average_annual_tax", "1.25 万元", Decimal(12500)),
        ("average_annual_tax", "￥100,000.50", Decimal("100000.50")),
        ("average_local_staff", "10.5人", Decimal("10.5")),
        ("entrepreneur", " 有 ", True),
        ("award", "没有", "none"),
        ("average_annual_tax", "99999.99", Decimal("99999.99")),
        ("average_local_staff", 10.5, Decimal("10.5")),
        ("entrepreneur", "true", True),
        ("entrepreneur", "否", False),
        ("award", "special", "special"),
        ("false_material_count_3y", 2, 2),
    ],
)
def test_a_sound_value_is_taken_exactly(rules: Rules, fact: str, given: Any, value: Any) -> None:
    found = read_situation(rules, {fact: given}, ON).values[fact]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("fact", "given", "words"),
    [
        ("insured_months", -1, "a number from 0 to 720"),
        ("insured_months", 12.5, "a whole number"),
        ("insured_months", "3 weeks", "is not the unit of this fact"),
        ("insured_months", "1e3", "digits only"),
        ("insured_months", "٣", "digits only"),
        ("insured_months", True, "digits only"),
        ("insured_months", [12], "digits only"),
        ("insured_months", 10**40, "digits only"),
        ("insured_months", "约60个月", "approximate number or a range"),
        ("insured_months", "50-60", "approximate number or a range"),
        ("insured_months", "5年多", "approximate number or a range"),
        ("insured_months", "10元", "is not the unit of this fact"),
        ("insured_months", "3个月2年", "is not the unit of this fact"),
        ("insured_months", "5.05年", "a whole number"),
        ("average_annual_tax", "1,5", "thousands apart or be a decimal point"),
        ("average_annual_tax", "10w", "digits only"),
        ("birth_date", "1990-05", "the day of the month is missing"),
        ("insured_months_last_12", 13, "a number from 0 to 12"),
        ("average_annual_tax", "1.234", "two decimals"),
        ("average_annual_tax", "nan", "digits only"),
        ("education", "masters", "Did you mean master?"),
        ("education", 3, "one of: none, college"),
        ("entrepreneur", 1, "true or false"),
        ("birth_date", "1990-02-30", "YYYY-MM-DD"),
        ("birth_date", "03/02/1990", "YYYY-MM-DD"),
        ("birth_date", "2025-06-02", "a date up to 2025-06-01"),
        ("birth_date", None, "always applies"),
        ("detention_dates", "soon", "a list of dates"),
        ("detention_dates", ["2026-01-01"], "a date up to 2025-06-01"),
        ("detention_dates", ["2024-01-01"] * 21, "at most 20"),
        ("insured_month", 3, "Did you mean insured_months?"),
    ],
)
def test_a_bad_value_is_refused_in_words(rules: Rules, fact: str, given: Any, words: str) -> None:
    with pytest.raises(FactsError) as error:
        read_situation(rules, {fact: given}, ON, lang="en")
    assert words in str(error.value)
    assert f"'{fact}'" in str(error.value)


def test_all_faults_are_told_at_once_and_what_is_sound_is_kept(rules: Rules) -> None:
    given = {"insured_months": -1, "education": "x", "title": "senior", "nonsense": 1}
    situation, faults = examine_facts(rules, given, ON)
    assert {fault.fact for fault in faults} == {"insured_months", "education", "nonsense"}
    assert situation.values["title"] == "senior"
    for fault in faults:
        assert fault.to_sentence("zh")
        assert fault.to_sentence("en")


def test_a_long_value_is_shortened_in_the_message(rules: Rules) -> None:
    with pytest.raises(FactsError) as error:
        read_situation(rules, {"education": "x" * 100_000}, ON)
    assert len(str(error.value)) < 1_000


@pytest.mark.parametrize(
    ("record", "count"),
    [
        ("2020-06-02", 1),
        ("2020-06-01", 0),
        ("2020-05-31", 0),
        ("2025-06-01", 1),
    ],
)
def test_a_window_ends_on_the_anniversary_of_the_record(
    rules: Rules, record: str, count: int
) -> None:
    known = read_situation(rules, {"detention_dates": [record]}, ON)
    assert known.values["detention_count_5y"] == count


@pytest.mark.parametrize(("record", "count"), [("2022-06-01", 1), ("2022-05-31", 0)])
def test_a_chengdu_window_is_36_months_to_the_end_of_the_month_before(
    record: str, count: int
) -> None:
    on = date(2025, 6, 15)
    known = read_situation(load("chengdu", "2024").rules_on(on), {"bad_credit_dates": [record]}, on)
    assert known.values["bad_credit_count_3y"] == count


def test_age_counts_on_the_day_in_shanghai_and_at_the_end_of_last_month_in_chengdu() -> None:
    on, born = date(2025, 6, 15), {"birth_date": "1989-06-10"}
    assert read_situation(load("shanghai", "2018").rules_on(on), born, on).values["age"] == 36
    assert read_situation(load("chengdu", "2024").rules_on(on), born, on).values["age"] == 35


def test_facts_that_the_version_does_not_use_are_listed() -> None:
    on = date(2014, 6, 1)
    rules = load("shanghai", "2013").rules_on(on)
    known = read_situation(rules, {"entrepreneur": True, "birth_date": "1990-01-01"}, on)
    assert known.unused == ("entrepreneur",)


def test_a_leap_day_counts_until_its_window_is_over() -> None:
    rules = load("shanghai", "2018").rules_on(date(2025, 2, 28))
    given = {"detention_dates": ["2020-02-29"]}
    assert read_situation(rules, given, date(2025, 2, 28)).values["detention_count_5y"] == 1
    assert read_situation(rules, given, date(2025, 3, 1)).values["detention_count_5y"] == 0


def test_a_record_that_does_not_apply_is_not_an_unknown_one() -> None:
    rules = load("shanghai", "2018").rules_on(ON)
    known = read_situation(rules, {"permit": None, "contributions": None}, ON).values
    assert known["permit_valid"] is False
    assert known["insured_months"] == 0
