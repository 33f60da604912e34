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


BY_STATUS = """
sum_of:
  parts:
    - per_unit: {of: age, each: 2, every: 10 years_of_age}
    - table:
        by:
          - {of: level, answers: [none, [middle, senior]]}
          - {of: certified, answers: [false, true]}
        points: [[0, 1], [5, 9]]
  most: {by: certified, points: {false: 6, true: 12}}
"""


def test_the_joint_cap_may_hang_on_a_status_which_parts_may_read_too() -> None:
    assert points(BY_STATUS, age=50, level="middle", certified=False) == 6
    assert points(BY_STATUS, age=50, level="middle", certified=True) == 12
    assert points(BY_STATUS, age=0, level="senior", certified=None) == 5
    by_level = BY_STATUS.replace(
        "by: certified, points: {false: 6, true: 12}",
        "by: level, points: {none: 3, middle: 6, senior: 9}",
    )
    assert points(by_level, age=50, level=None, certified=True) == 3
    assert points(by_level, age=50, level="senior", certified=True) == 9


def test_the_span_takes_the_lowest_and_the_highest_cap() -> None:
    span = sound(BY_STATUS).compile_bounds(1)
    both = {"age": (50,), "level": ("senior",), "certified": (False, True)}
    assert span(both) == (6, 12)
    assert span({**both, "certified": (True,)}) == (12, 12)


def test_each_cap_is_told_with_its_answer() -> None:
    rows = [(row.when.en, row.gives.en) for row in sound(BY_STATUS).list_rows(vocabulary())]
    assert rows[-2:] == [
        ("at most in all (Certified: no)", "6 points"),
        ("at most in all (Certified: yes)", "12 points"),
    ]
    assert "合计最高（认定：否）：6 分" in sound(BY_STATUS).describe_rule(vocabulary(), "zh")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{false: 6, true: 12}", "{true: 12}", "JF-P061"),
        ("{false: 6, true: 12}", "{false: 6, true: 12, maybe: 1}", "JF-P020"),
        ("by: certified, points", "by: age, points", "JF-P028"),
    ],
)
def test_a_cap_by_status_names_every_answer(old: str, new: str, code: str) -> None:
    assert code in codes(BY_STATUS.replace(old, new, 1))
