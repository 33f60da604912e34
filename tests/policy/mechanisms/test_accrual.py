"""accrual: exact fractions of a number, rounded once, as the measure says."""

from decimal import Decimal

import pytest

from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

HALF_UP = "round: {places: 2, mode: half_up}"
RENT = f"accrual: {{of: insured_months, each: 0.5, every: 12 months, {HALF_UP}}}"
OVERLAP = f"accrual: {{of: insured_months, each: -3.5, every: 12 months, {HALF_UP}}}"


@pytest.mark.parametrize(
    ("months", "hundredths"), [(0, 0), (1, 4), (2, 8), (3, 13), (6, 25), (24, 100), (47, 196)]
)
def test_a_month_gives_its_share_rounded_half_up(months: int, hundredths: int) -> None:
    assert points(RENT, precision=2, insured_months=months) == hundredths


@pytest.mark.parametrize(("months", "hundredths"), [(0, 0), (1, -29), (3, -88), (48, -1400)])
def test_a_deduction_is_rounded_as_its_amount(months: int, hundredths: int) -> None:
    assert points(OVERLAP, precision=2, insured_months=months) == hundredths


@pytest.mark.parametrize(("mode", "hundredths"), [("half_up", 13), ("down", 12), ("up", 13)])
def test_the_mode_says_what_becomes_of_half_a_hundredth(mode: str, hundredths: int) -> None:
    assert points(RENT.replace("half_up", mode), precision=2, insured_months=3) == hundredths


def test_rounding_up_leaves_an_exact_number_as_it_is() -> None:
    assert points(RENT.replace("half_up", "up"), precision=2, insured_months=6) == 25


@pytest.mark.parametrize(("places", "hundredths"), [(0, 0), (1, 10), (2, 13)])
def test_points_are_rounded_to_the_places_that_are_said(places: int, hundredths: int) -> None:
    text = RENT.replace("places: 2", f"places: {places}")
    assert points(text, precision=2, insured_months=3) == hundredths


def test_a_fraction_is_exact_before_it_is_rounded() -> None:
    text = f"accrual: {{of: tax, each: 1, every: 3 yuan, {HALF_UP}}}"
    assert points(text, precision=2, tax=Decimal("0.01")) == 0
    assert points(text, precision=2, tax=Decimal("0.02")) == 1
    assert points(text, precision=2, tax=Decimal("1000.00")) == 33_333


def test_a_start_and_a_cap() -> None:
    text = RENT.replace("round:", "starts_at: 12 months, most: 2, round:")
    found = [points(text, precision=2, insured_months=n) for n in (11, 12, 13, 48, 49)]
    assert found == [0, 50, 54, 200, 200]


def test_what_does_not_apply_gives_nothing() -> None:
    assert points(RENT, precision=2, insured_months=None) == 0


def test_the_words_name_the_rate_and_the_rounding() -> None:
    words = sound(RENT, 2).describe_rule(vocabulary(), "en")
    for part in ("every 12 months", "in proportion", "0.5 points", "half up to 2 places"):
        assert part in words
    assert "四舍五入到 2 位小数" in sound(RENT, 2).describe_rule(vocabulary(), "zh")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (RENT.replace("12 months", "12 yuan"), "JF-P031"),
        (RENT.replace("12 months", "0 months"), "JF-P014"),
        (RENT.replace("places: 2", "places: 3"), "JF-P021"),
        (RENT.replace("half_up", "half"), "JF-P013"),
        (RENT.replace("insured_months", "level"), "JF-P028"),
        (RENT.replace(f", {HALF_UP}", ""), "JF-P011"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, code: str) -> None:
    assert codes(text, 2) == [code]
