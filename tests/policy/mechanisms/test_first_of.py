"""first_of: the first rung of a ladder whose condition holds."""

import pytest

from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

LADDER = """
first_of:
  steps:
    - {when: insured_months >= 36, points: 50}
    - {when: certified, per_unit: {of: insured_months, each: 1, every: 12 months}}
    - {points: 2}
"""


@pytest.mark.parametrize(
    ("months", "certified", "expected"),
    [(36, True, 50), (36, False, 50), (24, True, 2), (12, True, 1), (24, False, 2)],
)
def test_the_first_that_holds_decides(months: int, certified: bool, expected: int) -> None:
    assert points(LADDER, insured_months=months, certified=certified) == expected


def test_without_a_last_step_nothing_is_given() -> None:
    text = "first_of: {steps: [{when: certified, points: 5}]}"
    assert points(text, certified=False) == 0
    assert points(text, certified=None) == 0


def test_the_row_that_decides_is_known() -> None:
    assert sound(LADDER).find_row({"insured_months": 24, "certified": True}) == 1
    assert len(sound(LADDER).list_rows(vocabulary())) == 3
    assert sound(LADDER).list_facts() == ("insured_months", "certified")


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("[{points: 1}, {when: certified, points: 2}]", "JF-P027"),
        ("[{when: certified}]", "JF-P027"),
        ("[{when: certified and, points: 1}]", "JF-P018"),
        ("[{when: insured_months, points: 1}]", "JF-P028"),
        ("[]", "JF-P012"),
    ],
)
def test_what_cannot_be_read_is_named(steps: str, code: str) -> None:
    assert code in codes(f"first_of: {{steps: {steps}}}")
