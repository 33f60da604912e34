"""What a result says of the line, of what is unknown, and of the facts behind each indicator."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jifen.cities import load
from jifen.cities.worked_cases import load_cases
from jifen.scoring import assess
from jifen.scoring.json_values import to_json_number, to_json_value
from jifen.scoring.result import Assessment

ON = date(2025, 6, 1)


@pytest.fixture
def complete() -> Assessment:
    """Somebody of whom everything is known, eligible and without a veto."""
    case = next(c for c in load_cases("shanghai", "2018") if c.id == "E33")
    result = assess(load("shanghai", "2018"), case.facts, case.on)
    assert (result.eligible, result.vetoed) == (True, False)
    assert result.threshold == 120
    return result


@pytest.mark.parametrize(
    ("bounds", "reached"),
    [
        ((120, 120), True),
        ((120, 121), True),
        ((119, 119), False),
        ((0, 119), False),
        ((0, 120), None),  # a most at the line may still reach it
        ((119, 121), None),
    ],
)
def test_the_line_is_reached_from_its_own_points_on(
    complete: Assessment, bounds: tuple[int, int], reached: bool | None
) -> None:
    assert replace(complete, scaled_bounds=bounds).reached is reached


def test_a_total_is_known_once_least_and_most_are_the_same(complete: Assessment) -> None:
    assert replace(complete, scaled_bounds=(7, 7)).total == 7
    assert replace(complete, scaled_bounds=(7, 8)).total is None


def test_a_condition_that_fails_or_a_veto_keeps_the_line_from_being_reached(
    complete: Assessment,
) -> None:
    condition = complete.conditions[0]
    for met, reached in ((False, False), (None, None), (True, True)):
        conditions = (*complete.conditions[1:], condition._replace(met=met))
        assert replace(complete, conditions=conditions).reached is reached
    indicator = complete.vetoes[0][0]
    for stands, reached in ((True, False), (None, None), (False, True)):
        vetoed = replace(complete, vetoes=((indicator, stands),))
        assert (vetoed.vetoed, vetoed.reached) == (stands, reached)


def test_one_failed_condition_decides_whatever_else_is_unknown(complete: Assessment) -> None:
    condition = complete.conditions[0]
    for order in ((None, False), (False, None)):
        conditions = tuple(condition._replace(met=met) for met in order)
        assert replace(complete, conditions=conditions).eligible is False
    assert replace(complete, conditions=()).eligible is True


def test_a_line_that_is_not_there_is_a_key_error(complete: Assessment) -> None:
    assert complete.line("age").indicator.id == "age"
    with pytest.raises(KeyError, match="shoe_size"):
        complete.line("shoe_size")


def test_numbers_are_written_as_json_has_them() -> None:
    assert [repr(to_json_number(Decimal(text))) for text in ("3", "3.0", "2.5")] == [
        "3",
        "3",
        "2.5",
    ]
    values = (Decimal("2.5"), date(2025, 6, 1), (date(2025, 6, 1), Decimal(2)), None, True, "x", 4)
    expected = [2.5, "2025-06-01", ["2025-06-01", 2], None, True, "x", 4]
    assert [to_json_value(value) for value in values] == expected
