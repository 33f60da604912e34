"""Columns from which a fact follows: months of birth, identity numbers, lists of dates."""

from datetime import date

import pytest

from jifen.cities import load
from jifen.facts.values import BadValue
from jifen.scoring.population.source_columns import CountingRule, build_value_reader, read_age

FACTS = load("shanghai", "2018").vocabulary
ON = CountingRule(date(2025, 6, 10), whole_months=False)


@pytest.mark.parametrize("text", ["1990年5月", "1990-05", "199005", "１９９０年５月"])
def test_a_month_of_birth_gives_the_age_outside_of_that_month(text: str) -> None:
    assert read_age(text, date(2025, 6, 1)) == 35
    assert read_age(text, date(2025, 4, 30)) == 34
    for day in (date(2025, 5, 1), date(2025, 5, 30)):
        with pytest.raises(BadValue) as caught:
            read_age(text, day)
        assert caught.value.code == "JF-F012"
    assert read_age(text, date(2025, 5, 31)) == 35, "the last day of the month has come"


def test_an_identity_number_gives_age_and_sex() -> None:
    number = "99990319900421373X"
    assert build_value_reader(FACTS["age"], "identity_number", ON)(f" {number.lower()}\t") == 35
    chengdu = load("chengdu", "2018").vocabulary
    assert build_value_reader(chengdu["sex"], "identity_number", ON)(number) == "male"
    with pytest.raises(BadValue) as caught:
        build_value_reader(FACTS["age"], "identity_number", ON)("999903199004213731")
    assert caught.value.code == "JF-F010"


@pytest.mark.parametrize(
    ("dates", "count"),
    [
        ("无", 0),
        ("2025/5/11", 1),
        ("20250511、2025年4月1日", 2),
        ("2020-06-10", 0),
        ("2020-06-11, 2019-01-01", 1),
        ([date(2024, 1, 1)], 1),
    ],
)
def test_dates_are_counted_inside_the_window(dates: object, count: int) -> None:
    assert build_value_reader(FACTS["detention_count_5y"], "detention_dates", ON)(dates) == count


def test_a_fact_of_its_own_is_read_as_it_is() -> None:
    assert build_value_reader(FACTS["age"], "age", ON)("35岁") == 35
    assert (
        build_value_reader(FACTS["education"], "shanghai.education", ON)("博士研究生学历学位")
        == "doctor"
    )
