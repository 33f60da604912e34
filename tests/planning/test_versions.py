"""From one version of a measure to the next, with the days between on which there is none."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from jifen.cities import find_city, in_force, load
from jifen.planning.case import PlanCase, build_case
from jifen.planning.forecast import forecast_case
from jifen.planning.messages import describe_verdict
from jifen.planning.planner import PlanResult, plan
from jifen.planning.serialization import serialize_plans
from jifen.policy.months import to_month
from tests.hypothesis_profiles import each
from tests.people.forecast_comparison import agrees_with_assessment, days_near_changes
from tests.people.later_facts import PersonWithRecords, assess_later_day, has_six_months
from tests.people.planner_people import days_of_version, people_known_ahead

GAP = date(2020, 1, 1), date(2020, 8, 27)
"""No measure of Chengdu is known for these days."""
CHENGDU: dict[str, Any] = {
    "sex": "male",
    "permit_valid": True,
    "permit_months": 20,
    "permit_area": "wuhou",
    "legal_residence": True,
    "area_months": 0,
    "settlement_area": "wuhou",
    "employed_six_months": True,
    "home": "none",
    "home_years": 0,
    "layout_group": "none",
    "layout_months": 0,
    "moved_home_months": 0,
    "moved_home_and_job_months": 0,
    "zone_group": "none",
    "zone_months": 0,
    "shortage_occupation": False,
    "bad_credit_dates": [],
    "banned_organisation": False,
    "criminal_record": False,
    "criminal_punishments": 0,
    "detention_dates": [],
    "detoxification_dates": [],
    "college": False,
    "talent_route": False,
    "contest_award": "none",
    "honour": "none",
    "income_tax_last_year": None,
    "incubator": False,
    "startup_with_five_staff": False,
    "family_planning_breach": False,
    "star_talent": "none",
    "qualification": "none",
    "award": "none",
    "veteran_merit": "none",
    "volunteer_hours": 0,
    "charity_yuan_last_36": 0,
    "blood_ml_last_12": 0,
}
"""What the three versions ask for."""


@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
@given(data=st.data())
@each(12, 2_000, suppress_health_check=[HealthCheck.data_too_large])
def test_every_day_is_judged_by_the_measure_of_the_day_and_none_where_there_is_none(
    city: str, data: st.DataObject
) -> None:
    policies = [load(city, one.version) for one in find_city(city).versions]
    number = data.draw(st.integers(0, len(policies) - 1))
    on = data.draw(days_of_version(policies[number]))
    later = policies[number + 1 :]
    person = data.draw(people_known_ahead(city, policies[number].version, on, later=later))
    if city == "chengdu":
        six = {has_six_months(person, policy.rules_on(on)) for policy in policies[number:]}
        assume(len(six) == 1)  # else no answer is right by each measure
    case = build_case(city, person.initial_facts(policies[number].rules_on(on)), on, years=6)
    found = forecast_case(case)
    for day in data.draw(days_near_changes(case, [step.on for step in found.steps], 12)):
        step, policy = found.step_on(day), in_force(city, day)
        if policy is None:
            assert city == "chengdu"
            assert GAP[0] <= day <= GAP[1]
            assert (step.reached, step.in_force) == (False, False)
        else:
            then = assess_later_day(policy, person, day)
            assert step.version == policy.version
            assert agrees_with_assessment(step.bounds, step.reached, then, doubt=False), (
                day,
                then.bounds,
            )


@pytest.mark.parametrize(("lag", "total"), [(0, 110), (1, 110)])
def test_on_the_day_that_the_measure_counts_to_no_run_is_broken(lag: int, total: int) -> None:
    """Paid each month since 2014. On 31 May 2019 the measure of 2018 comes to count to that day,
    and May is on record (`lag` 0) or not yet: six years and five months of each insurance, or
    five and four, at 10 a year and 5 for the half, and 10 for the age."""
    on, policy = date(2019, 3, 12), load("chengdu", "2018")
    last = to_month(on) - lag
    months = {month: Decimal("1.5") for month in range(to_month(date(2014, 1, 1)), last + 1)}
    person = PersonWithRecords(CHENGDU | {"birth_date": date(1980, 8, 5)}, months, on, lag)
    found = forecast_case(
        build_case("chengdu", person.initial_facts(policy.rules_on(on)), on, years=6)
    )
    days = [date(2019, 5, 30), date(2019, 5, 31), date(2019, 6, 1)]
    least = [float(found.step_on(day).bounds[0]) for day in days]
    assert least == [90, total, 110]
    assert least == [float(found.step_on(day).bounds[1]) for day in days]
    for day in days:
        then = assess_later_day(policy, person, day)
        assert (found.step_on(day).bounds, found.step_on(day).reached) == (
            then.bounds,
            then.reached,
        )
    assert (found.lost_on, found.reached_on) == (date(2020, 1, 1), date(2019, 5, 31))


def _answer(on: date, since: str, **facts: Any) -> PlanResult:
    spells = [{"from": since, "to": f"{on.year}-{on.month - 1:02}", "base": 8000}]
    given_ = {"birth_date": date(1980, 5, 10), "contributions": spells} | CHENGDU | facts
    return plan(build_case("chengdu", given_, on))


def test_the_line_of_the_next_measure_is_reached_after_the_gap() -> None:
    answer = _answer(date(2019, 3, 1), "2016-01")
    assert answer.forecast.reached_on == date(2021, 1, 1)
    assert answer.route_search is not None
    assert answer.route_search.bound is None


def test_who_is_at_the_line_loses_it_with_the_measure() -> None:
    answer = _answer(date(2018, 6, 10), "2012-01")
    assert answer.today.reached
    assert (
        describe_verdict(answer).words.en
        == "At the line; if nothing changes, lost from 2020-01-01 on."
    )
    told = serialize_plans([answer], "en")["cities"][0]
    gap = next(s for s in told["forecast"]["steps"] if not s["in_force"])
    assert (gap["on"], gap["bounds"], gap["threshold"]) == ("2020-01-01", [None, None], None)
    assert [u["words"] for u in gap["unmet"]] == ["not met: a measure that is in force"]


def test_what_only_the_next_measure_asks_for_is_named_as_missing() -> None:
    known = {k: v for k, v in CHENGDU.items() if k not in ("qualification", "settlement_area")}
    spells = [{"from": "2017-06", "to": "2019-02", "base": 8000}]
    facts = {"birth_date": date(1970, 5, 10), "contributions": spells} | known
    answer = plan(build_case("chengdu", facts, date(2019, 3, 1)))
    assert not {"qualification", "settlement_area"} & {*answer.today.missing}
    assert {"qualification", "settlement_area"} <= {*answer.missing_facts}


@pytest.mark.parametrize(("pension", "kind"), [(72, "yes"), (2, "no")])
def test_nothing_is_said_of_days_after_the_last_measure_that_is_known(
    pension: int, kind: str
) -> None:
    on = date(2019, 6, 10)
    facts = CHENGDU | {"pension_months": pension, "medical_months": pension}
    case = PlanCase(
        "chengdu", facts | {"birth_date": date(1970, 1, 1)}, on, (load("chengdu", "2018"),)
    )
    answer = plan(case)
    assert (case.last_day, answer.forecast.last_day) == (date(2019, 12, 31), date(2019, 12, 31))
    found = describe_verdict(answer)
    assert found.kind == kind
    assert "2019-12-31" in found.words.en
    assert "10 years" not in found.words.en
