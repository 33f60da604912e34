"""The planner where a measure only ranks: the points of the years ahead, and no line to reach."""

from datetime import date
from decimal import Decimal
from typing import Any

from jifen.planning.case import build_case
from jifen.planning.messages import describe_verdict
from jifen.planning.planner import plan
from jifen.planning.route_text import format_routes

ON = date(2026, 6, 1)
FACTS: dict[str, Any] = {
    "birth_date": date(1990, 5, 1),
    "permit_valid": True,
    "retired": False,
    "insured_run_months": 120,
    "made_up_months": 0,
    "insured_months": 120,
    "own_home_months": 60,
    "education": "bachelor",
    "study_overlap_months": 0,
    "outer_home_years": 0,
    "outer_home_and_work_years": 0,
    "innovation_points": 0,
    "tax_years": 0,
    "honour": False,
    "tax_offences": 0,
    "detentions": 0,
    "criminal_record": False,
}


def test_points_grow_by_the_months_that_come() -> None:
    """A year in an own home: 3 for insurance and 1 for the home, counted to each 31 December."""
    answer = plan(build_case("beijing", FACTS, ON, years=3))
    totals = [(step.on, step.bounds) for step in answer.forecast.steps]
    assert totals == [
        (ON, (Decimal("72.5"),) * 2),
        (date(2026, 12, 31), (Decimal("76.5"),) * 2),
        (date(2027, 12, 31), (Decimal("80.5"),) * 2),
        (date(2028, 12, 31), (Decimal("84.5"),) * 2),
    ]


def test_nobody_is_told_of_a_line_that_there_is_not() -> None:
    answer = plan(build_case("beijing", FACTS, ON, years=2))
    found = describe_verdict(answer)
    assert found.kind == "yes"
    assert found.words.en.startswith("May enter the ranking. No line is published beforehand")
    assert found.words.zh.startswith("可以参加排序；没有预先公布的分数线")
    text = format_routes([answer], "en")
    assert "At the line" not in text
    assert "reached on" not in text


def test_who_cannot_enter_yet_is_told_when() -> None:
    answer = plan(build_case("beijing", {**FACTS, "insured_run_months": 75}, ON, years=3))
    assert answer.today.reached is False
    assert answer.forecast.reached_on == date(2026, 12, 31)


def test_the_age_counts_on_the_first_of_january_before() -> None:
    """Born on 2 January 1980: 45 on 1 January 2025, which counts in 2026; 46 a year later."""
    born = {**FACTS, "birth_date": date(1980, 1, 2)}
    answer = plan(build_case("beijing", born, ON, years=2))
    ages = {step.on: step.line_items["age"] for step in answer.forecast.steps}
    assert ages[ON] == (Decimal(20), Decimal(20))
    assert ages[date(2026, 12, 31)] == (Decimal(20), Decimal(20))
    assert ages[date(2027, 12, 31)] == (Decimal(16), Decimal(16))
