"""The condition language, read and said."""

from decimal import Decimal

import pytest

from jifen.policy.condition import (
    Both,
    Compare,
    ConditionSyntax,
    Either,
    Flag,
    Member,
    Not,
    list_condition_facts,
    parse_condition,
)
from jifen.policy.mechanisms.phrases import format_condition
from tests.policy.faults import vocabulary


def test_and_binds_tighter_than_or() -> None:
    found = parse_condition("a or b and c")
    assert isinstance(found, Either)
    assert isinstance(found.right, Both)


def test_brackets_bind_tightest() -> None:
    found = parse_condition("(a or b) and c")
    assert isinstance(found, Both)
    assert isinstance(found.left, Either)


def test_not_binds_to_the_next_comparison() -> None:
    found = parse_condition("not a and b")
    assert isinstance(found, Both)
    assert isinstance(found.left, Not)


def test_numbers_are_exact() -> None:
    assert parse_condition("base_ratio >= 0.8") == Compare("base_ratio", ">=", Decimal("0.8"), 0)
    assert parse_condition("age >= 18") == Compare("age", ">=", 18, 0)


def test_a_choice_may_be_one_of_several() -> None:
    assert parse_condition("title in [junior, senior]") == Member("title", ("junior", "senior"), 0)


def test_a_comparison_remembers_where_it_stands() -> None:
    found = parse_condition("a and  b")
    assert isinstance(found, Both)
    assert found.right == Flag("b", 7)


def test_facts_are_listed_once_in_order() -> None:
    assert list_condition_facts(parse_condition("b or a and b")) == ("b", "a")


@pytest.mark.parametrize(
    ("text", "offset", "found"),
    [
        ("", 0, "the end of the condition"),
        ("age >=", 6, "the end of the condition"),
        ("age >= 1.2.3", 7, "'1.2.3'"),
        ("age 18", 4, "'18'"),
        ("(age >= 18", 10, "the end of the condition"),
        ("title in junior", 9, "'junior'"),
        ("title in [junior", 16, "the end of the condition"),
        ("and", 0, "'and'"),
        ("年龄 > 3", 0, "'年'"),
        ("age >= 18; import os", 9, "';'"),
    ],
)
def test_a_broken_condition_is_named_at_its_place(text: str, offset: int, found: str) -> None:
    with pytest.raises(ConditionSyntax) as caught:
        parse_condition(text)
    assert (caught.value.offset, caught.value.found.en) == (offset, found)


def test_a_comparison_with_what_does_not_apply_never_holds() -> None:
    for text in ("age >= 0", "age < 0", "age != 5"):
        assert parse_condition(text).compile_test()({"age": None}) is False
    assert parse_condition("not age >= 0").compile_test()({"age": None}) is True


def test_conditions_are_said_in_both_languages() -> None:
    when = parse_condition("permit_valid and (age < 18 or education in [college, bachelor])")
    assert (
        format_condition(when, vocabulary(), "zh")
        == "居住证有效且（年龄少于 18 周岁，或学历：大专、本科）"
    )
    assert format_condition(when, vocabulary(), "en") == (
        "Permit valid and (Age under 18 years of age, or Education: College, Bachelor)"
    )
