"""Months of nought: they grow with the fact that carries them, and where nobody knows whether they
have begun they lie between."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.cities import load
from jifen.planning.case import build_case
from jifen.planning.forecast import Forecast, forecast_case
from jifen.planning.move_set_scores import score_move_sets
from jifen.planning.near_threshold import count_within_one_move
from jifen.scoring import assess
from tests.people.people_with_plans import CHENGDU, SHANGHAI, build_row

ON = date(2021, 3, 10)
UNSEEN = ("contributions", "permit_months")
ARRIVED: dict[str, Any] = {key: value for key, value in CHENGDU.items() if key not in UNSEEN} | {
    "birth_date": "1970-01-01",
    "permit_months": 0,
    "permit_area": "dongbu_xinqu",
    "settlement_area": "wuhou",
    "area_months": 0,
    "zone_group": "none",
    "zone_months": 0,
    "pension_base_ratio": Decimal("1.2"),
    "pension_months": 72,
    "medical_months": 72,
}


def _years(city: str, version: str, on: date, **facts: Any) -> Forecast:
    return forecast_case(build_case(city, facts, on, policy=load(city, version)))


def test_months_in_the_district_of_a_new_permit_grow_from_nought() -> None:
    found = _years("chengdu", "2020", ON, **ARRIVED)
    grown = {"permit_months": 24, "area_months": 24, "pension_months": 96, "medical_months": 96}
    hand = assess(load("chengdu", "2020"), ARRIVED | grown, date(2023, 3, 10))
    assert found.step_on(date(2023, 3, 10)).bounds[1] == hand.total == 182
    # a permit of the first days of March is one month younger at the end of February
    younger = grown | {"permit_months": 23}
    hand = assess(load("chengdu", "2020"), ARRIVED | younger, date(2023, 3, 10))
    assert found.step_on(date(2023, 3, 10)).bounds[0] == hand.total


@pytest.mark.parametrize("hidden", ["permit_area", "permit_valid"])
def test_without_a_permit_of_a_known_place_they_lie_between(hidden: str) -> None:
    facts = {key: value for key, value in ARRIVED.items() if key != hidden}
    if hidden == "permit_valid":
        facts[hidden] = False
    low, high = (
        _years("chengdu", "2020", ON, **facts).step_on(date(2023, 3, 10)).facts["area_months"]
    )
    assert (low, high) == (0, 24)


def test_where_there_is_no_permit_at_all_nothing_grows() -> None:
    found = _years("chengdu", "2020", ON, **ARRIVED | {"permit_area": None})
    assert {step.facts["area_months"] for step in found.steps} == {(0, 0)}


@pytest.mark.parametrize(("home", "gained"), [("own", 1), ("registered_rent", 1), ("none", 0)])
def test_years_in_a_home_grow_from_nought_while_there_is_one(home: str, gained: int) -> None:
    facts: dict[str, Any] = {"home": home, "home_years": 0}
    found = _years("chengdu", "2018", date(2018, 6, 10), **facts)
    assert found.step_on(date(2018, 6, 10)).line_items["residence_years"][1] == 0
    assert found.step_on(date(2019, 6, 1)).line_items["residence_years"][1] == gained


def test_a_marriage_of_nought_months_is_one_or_none() -> None:
    on, later = date(2025, 6, 10), date(2029, 6, 10)

    def points(months: int | None) -> tuple[Any, Any]:
        facts = SHANGHAI | {"spouse_local_months": months}
        return _years("shanghai", "2018", on, **facts).step_on(later).line_items["local_spouse"]

    assert points(None) == (0, 0)
    assert points(0) == (0, 16)
    assert points(1) == (16, 16)


@pytest.mark.parametrize(("area", "counted"), [("dongbu_xinqu", 1), ("wuhou", 0)])
def test_in_a_population_they_grow_as_for_one_person(area: str, counted: int) -> None:
    """A year on only the 6 points of a year in the new area are missing."""
    on = date(2021, 3, 1)
    facts: dict[str, Any] = {ident: ARRIVED[ident] for ident in ("settlement_area", "zone_group")}
    facts |= {"age": 51, "permit_valid": True, "legal_residence": True, "employed_six_months": True}
    facts |= {"pension_months": 60, "medical_months": 60, "volunteer_hours": 225}
    policy, table = build_row("chengdu", "2020", on, permit_area=area, **facts)
    found = count_within_one_move(policy, table, on=on)
    assert found.by_waiting["scarce_post"] == counted
    row = table.to_pylist()[0]
    waits = score_move_sets(
        build_case("chengdu", row, on, policy=policy).build_timeline(), [()]
    ).first_day(0)
    assert waits
    assert (waits <= date(2022, 5, 31)) is bool(counted)
