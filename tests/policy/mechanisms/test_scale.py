"""scale: bands with both ends said, and straight rises inside them."""

from decimal import Decimal

import pytest

from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

AGE = """
scale:
  of: age
  bands:
    - {from: 0, to: 55, points: 5, rises: {each: 2, side: below, pivot: 56, most: 30}}
    - {from: 56, to: 60, points: 5}
    - {from: 61, points: 0}
"""
RATIO = """
scale:
  of: ratio
  bands:
    - {from: 0, under: 2, points: 0}
    - {from: 2, to: 2.5, points: 10}
    - {over: 2.5, to: 3, points: 20}
    - {over: 3, points: 0}
"""


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, 30), (43, 30), (44, 29), (45, 27), (55, 7), (56, 5), (60, 5), (61, 0), (120, 0)],
)
def test_each_year_below_the_pivot_adds_up_to_the_cap(age: int, expected: int) -> None:
    assert points(AGE, age=age) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [("1.9999", 0), ("2", 10), ("2.5", 10), ("2.5001", 20), ("3", 20), ("3.0001", 0)],
)
def test_both_ends_of_a_band_are_said(ratio: str, expected: int) -> None:
    assert points(RATIO, ratio=Decimal(ratio)) == expected


def test_what_does_not_apply_gives_nothing() -> None:
    assert points(RATIO, ratio=None) == 0


def test_the_break_points_are_the_ends_of_the_bands() -> None:
    assert {value for _, value in sound(RATIO).list_breaks()} == {0, 2, Decimal("2.5"), 3}


def test_the_row_that_decides_is_known() -> None:
    scale = sound(RATIO)
    assert scale.find_row({"ratio": Decimal("2.2")}) == 1
    assert scale.find_row({"ratio": None}) is None
    assert len(scale.list_rows(vocabulary())) == 4


@pytest.mark.parametrize(
    ("band", "code"),
    [
        ("{from: 3, over: 2, points: 1}", "JF-P026"),
        ("{points: 1}", "JF-P026"),
        ("{from: 5, to: 4, points: 1}", "JF-P026"),
        ("{from: 0.5, to: 4, points: 1}", "JF-P026"),
        ("{from: 1, to: 4, points: 1.5}", "JF-P021"),
        ("{from: one, points: 1}", "JF-P014"),
    ],
)
def test_a_band_that_cannot_be_read_is_named(band: str, code: str) -> None:
    assert code in codes(f"scale: {{of: age, bands: [{band}]}}")


def test_a_choice_has_no_bands() -> None:
    assert codes("scale: {of: level, bands: [{from: 1, points: 1}]}") == ["JF-P028"]
