"""per_unit: full units, first steps, halves, late starts and caps."""

from decimal import Decimal

import pytest

from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

YEARS = "per_unit: {of: insured_months, each: 3, every: 12 months}"
LATE = "per_unit: {of: insured_months, each: 2, every: 12 months, starts_at: 60 months, most: 20}"
HALF = """
per_unit: {of: insured_months, each: 10, every: 12 months, half: {amount: 6 months, points: 5}}
"""
TAX = """
per_unit: {of: tax, first: {amount: 10000 yuan, points: 2}, each: 0.2, every: 1000 yuan, most: 10}
"""


@pytest.mark.parametrize(("months", "expected"), [(0, 0), (11, 0), (12, 3), (23, 3), (24, 6)])
def test_only_full_units_count(months: int, expected: int) -> None:
    assert points(YEARS, insured_months=months) == expected


@pytest.mark.parametrize(
    ("months", "expected"), [(59, 0), (60, 10), (71, 10), (72, 12), (120, 20), (240, 20)]
)
def test_a_late_start_brings_all_units_at_once_up_to_the_cap(months: int, expected: int) -> None:
    assert points(LATE, insured_months=months) == expected


@pytest.mark.parametrize(
    ("months", "expected"), [(5, 0), (6, 5), (11, 5), (12, 10), (17, 10), (18, 15), (60, 50)]
)
def test_a_rest_of_half_a_unit_counts_half(months: int, expected: int) -> None:
    assert points(HALF, insured_months=months) == expected


@pytest.mark.parametrize(
    ("tax", "tenths"),
    [
        ("9999.99", 0),
        ("10000", 20),
        ("10999.99", 20),
        ("11000", 22),
        ("35000", 70),
        ("50000", 100),
        ("90000", 100),
    ],
)
def test_a_first_step_comes_before_the_units(tax: str, tenths: int) -> None:
    assert points(TAX, precision=1, tax=Decimal(tax)) == tenths


def test_what_does_not_apply_gives_nothing() -> None:
    assert points(YEARS, insured_months=None) == 0
    assert points(HALF, insured_months=None) == 0


def test_the_words_name_unit_start_and_cap() -> None:
    words = sound(LATE).describe_rule(vocabulary(), "en")
    for part in ("every full 12 months", "from 60 months", "at most"):
        assert part in words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("per_unit: {of: insured_months, each: 3, every: 12 yuan}", "JF-P031"),
        ("per_unit: {of: insured_months, each: 3, every: 12}", "JF-P012"),
        ("per_unit: {of: insured_months, each: 3, every: 12 mouths}", "JF-P012"),
        ("per_unit: {of: insured_months, each: 3, every: 0 months}", "JF-P014"),
        ("per_unit: {of: level, each: 3, every: 12 months}", "JF-P028"),
        ("per_unit: {of: insured_month, each: 3, every: 12 months}", "JF-P019"),
        ("per_unit: {of: insured_months, every: 12 months}", "JF-P011"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, code: str) -> None:
    assert codes(text) == [code]
