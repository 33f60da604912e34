"""Totals instead of records: what they leave open of the days between the one to which the measure
counts and the one on which it is asked."""

from datetime import date
from typing import Any

from jifen.cities import load
from jifen.planning.case import build_case
from jifen.planning.forecast import Forecast, forecast_case
from jifen.scoring import assess
from tests.people.people_with_plans import CHENGDU

FACTS: dict[str, Any] = {k: v for k, v in CHENGDU.items() if k != "contributions"} | {
    "pension_months": 12,
    "medical_months": 14,
}


def _forecast(version: str, on: date, **facts: Any) -> Forecast:
    return forecast_case(build_case("chengdu", FACTS | facts, on, policy=load("chengdu", version)))


def test_on_the_first_day_a_total_is_what_it_says() -> None:
    """On 31 October the measure of 2018 counts to that day, and that month may come."""
    on = date(2019, 10, 31)
    facts = FACTS | {"sex": "male", "employed_six_months": True}
    step = _forecast("2018", on, sex="male").steps[0]
    assert step.facts["pension_months"] == (12, 12)
    assert step.bounds == assess(load("chengdu", "2018"), facts, on).bounds


def test_no_month_of_a_valid_permit_may_begin_today() -> None:
    """Endorsed late on 3 May, it has no month by the end of April, and eleven a year later."""
    found = _forecast("2024", date(2024, 5, 11), permit_months=0)
    assert found.step_on(date(2025, 5, 1)).facts["permit_months"] == (11, 12)


def test_months_of_a_permit_that_is_not_valid_may_be_gone_tomorrow() -> None:
    """It lapsed after the day to which the measure counts."""
    found = _forecast("2020", date(2022, 9, 30), permit_months=23, permit_valid=False)
    assert found.steps[0].facts["permit_months"] == (23, 23)
    assert found.step_on(date(2022, 10, 1)).facts["permit_months"] == (0, 23)
