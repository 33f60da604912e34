"""sum_of: rates added up in one line, each within its own cap, all within a joint one."""

import pytest

from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

YEARS = """
sum_of:
  parts:
    - per_unit: {of: age, each: 2, every: 10 years_of_age, most: 6}
    - per_unit: {of: insured_months, each: 3, every: 12 months}
  most: 12
"""


@pytest.mark.parametrize(
    ("age", "months", "expected"),
    [(0, 0, 0), (9, 11, 0), (10, 12, 5), (50, 0, 6), (50, 12, 9), (50, 24, 12), (0, 120, 12)],
)
def test_parts_add_up_within_their_caps(age: int, months: int, expected: int) -> None:
    assert points(YEARS, age=age, insured_months=months) == expected


def test_a_part_may_be_a_choice_or_a_condition() -> None:
    text = """
sum_of:
  parts:
    - choice: {of: level, points: {none: 0, middle: 5, senior: 9}}
    - condition: {when: certified, points: 4}
"""
    assert points(text, level="senior", certified=True) == 13
    assert points(text, level="none", certified=False) == 0


def test_the_span_adds_the_ends_of_the_parts() -> None:
    span = sound(YEARS).compile_bounds(1)
    assert span({"age": (0, 50), "insured_months": (12,)}) == (3, 9)
    assert span({"age": (50,), "insured_months": (0, 720)}) == (6, 12)


def test_the_table_names_the_fact_of_each_part_and_the_joint_cap() -> None:
    rows = [(row.when.en, row.gives.en) for row in sound(YEARS).list_rows(vocabulary())]
    assert rows == [
        ("Age: every full 10 years of age", "2 points"),
        ("Age: at most", "6 points"),
        ("Insured months: every full 12 months", "3 points"),
        ("at most in all", "12 points"),
    ]
    assert "at most 12 points in all" in sound(YEARS).describe_rule(vocabulary(), "en")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            "of: age, each: 2, every: 10 years_of_age",
            "of: insured_months, each: 2, every: 12 months",
            "JF-P027",
        ),
        ("12 months}", "12 months}\n      condition: {when: certified, points: 1}", "JF-P027"),
        ("per_unit: {of: age", "steps: {of: age", "JF-P010"),
        ("most: 12\n", "most: 12.5\n", "JF-P021"),
    ],
)
def test_what_cannot_be_read_is_named(old: str, new: str, code: str) -> None:
    assert old in YEARS
    assert code in codes(YEARS.replace(old, new, 1))


def test_a_single_part_is_no_sum() -> None:
    text = "sum_of: {parts: [{per_unit: {of: age, each: 2, every: 10 years_of_age}}]}"
    assert codes(text) == ["JF-P012"]
