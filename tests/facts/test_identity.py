"""The citizen identity number: its check, what it gives, and what it contradicts."""

from collections.abc import Callable
from datetime import date
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts import FactsError, read_situation
from jifen.facts.identity import (
    compute_check_character,
    fold_key,
    fold_number,
    mask_number,
    read_identity,
)
from jifen.facts.values import BadValue
from jifen.policy.fault import hide_identity_numbers
from jifen.policy.text import Lang
from tests.people.identity_spellings import ODD_SPELLINGS

ON = date(2025, 6, 1)


def number(born: str = "19900501", order: int = 12, region: str = "310101") -> str:
    first = f"{region}{born}{order:03d}"
    return first + compute_check_character(first)


def test_the_standard_s_own_example_has_the_right_check_character() -> None:
    # GB 11643-1999 and ISO 7064: 11010519491231002X
    assert compute_check_character("11010519491231002") == "X"


def test_it_gives_birth_date_and_sex() -> None:
    assert read_identity(number(order=12)).birth_date == date(1990, 5, 1)
    assert read_identity(number(order=12)).sex == "female"
    assert read_identity(number(order=13)).sex == "male"


@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.integers(0, 999), st.integers(0, 16))
def test_one_wrong_digit_is_always_found(born: date, order: int, at: int) -> None:
    good = number(born.strftime("%Y%m%d"), order)
    other = str((int(good[at]) + 1) % 10)
    with pytest.raises(BadValue):
        read_identity(good[:at] + other + good[at + 1 :])


@pytest.mark.parametrize("bad", ["", "123", "31010119900501001Z", "310101199013010017", "a" * 18])
def test_what_is_not_a_number_is_refused(bad: str) -> None:
    with pytest.raises(BadValue):
        read_identity(bad)


def test_the_birth_date_follows_and_a_contradiction_names_both_sides() -> None:
    rules = load("shanghai", "2018").rules_on(ON)
    known = read_situation(rules, {"identity_number": number()}, ON)
    assert known.values["age"] == 35
    given = {"identity_number": number(), "birth_date": "1991-05-01"}
    with pytest.raises(FactsError) as error:
        read_situation(rules, given, ON, lang="en")
    assert "1991-05-01" in str(error.value)
    assert "1990-05-01" in str(error.value)
    assert "identity_number" in str(error.value)


def test_sex_follows_where_a_city_asks_for_it() -> None:
    on = date(2019, 6, 15)
    rules = load("chengdu", "2018").rules_on(on)
    assert read_situation(rules, {"identity_number": number(order=13)}, on).values["sex"] == "male"


@pytest.mark.parametrize("spell", ODD_SPELLINGS.values(), ids=list(ODD_SPELLINGS))
def test_any_spelling_is_the_same_number(spell: Callable[[str], str]) -> None:
    typed = spell("11010519491231002X")
    assert fold_number(typed) == fold_key(typed) == "11010519491231002X"
    assert read_identity(typed) == read_identity("11010519491231002X")
    rules = load("shanghai", "2018").rules_on(ON)
    assert read_situation(rules, {"identity_number": typed}, ON).values["age"] == 75
    assert "19491231" not in hide_identity_numbers(f"found {typed} here")


def test_the_key_of_a_register_that_is_no_identity_number_keeps_its_letters() -> None:
    assert fold_key(" ab 12\u3000") == "ab 12"
    assert fold_key("x" * 300) == "x" * 300


@pytest.mark.parametrize("cell", ["3.10101E+17", " 3,10101e17", "３.1Ｅ+17", 3.10101199001011e17])
def test_a_number_that_a_spreadsheet_has_shortened_is_refused(cell: object) -> None:
    rules = load("shanghai", "2018").rules_on(ON)
    for lang, words in (("zh", "格式设为“文本”"), ("en", "Set the format of the column to text")):
        with pytest.raises(FactsError) as error:
            read_situation(rules, {"identity_number": cell}, ON, lang=cast("Lang", lang))
        assert "JF-F011" in str(error.value)
        assert words in str(error.value)


def test_the_number_is_never_shown_whole() -> None:
    wrong = number()[:-1] + ("1" if number()[-1] != "1" else "2")
    rules = load("shanghai", "2018").rules_on(ON)
    with pytest.raises(FactsError) as error:
        read_situation(rules, {"identity_number": wrong}, ON)
    assert wrong not in str(error.value)
    assert wrong[6:14] not in str(error.value)
    assert read_situation(rules, {"identity_number": number()}, ON).identity == mask_number(
        number()
    )
