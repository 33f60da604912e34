"""The years ahead say what the assessment will say on each day, if nothing changes."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.planning.case import build_case
from jifen.planning.forecast import forecast_case
from jifen.scoring import assess
from tests.hypothesis_profiles import each
from tests.measures import WITH_MOVES as VERSIONS
from tests.people.forecast_comparison import (
    agrees_with_assessment,
    build_plan_case,
    days_near_changes,
    list_doubtful_facts,
)
from tests.people.later_facts import assess_later_day
from tests.people.planner_people import (
    days_of_version,
    people_known_ahead,
    people_with_records,
    readings_of,
    replace_records_by_totals,
)
from tests.people.strategies import partly_known

EACH = each(6, 1_000, suppress_health_check=[HealthCheck.data_too_large])
RECORDS = ("birth_date", "permit", "contributions", "detention_dates", "bad_credit_dates")
YEARS = st.sampled_from([2, 4])
each_version = pytest.mark.parametrize(("city", "version"), VERSIONS)


@each_version
@given(data=st.data())
@EACH
def test_every_day_of_the_forecast_is_the_assessment_of_that_day(
    city: str, version: str, data: st.DataObject
) -> None:
    policy = load(city, version)
    on = data.draw(days_of_version(policy))
    person, readings = (
        data.draw(people_with_records(city, version, on)),
        data.draw(readings_of(policy)),
    )
    case = build_plan_case(policy, person, data.draw(YEARS), readings=readings)
    found = forecast_case(case)
    doubt = bool(list_doubtful_facts(person, case.rules.used))
    for day in data.draw(days_near_changes(case, [step.on for step in found.steps])):
        step, then = found.step_on(day), assess_later_day(policy, person, day, readings=readings)
        assert step.threshold == then.threshold, day
        assert agrees_with_assessment(step.bounds, step.reached, then, doubt=doubt and day > on), (
            day,
            then.bounds,
        )


@each_version
@given(data=st.data())
@EACH
def test_with_totals_for_records_the_bounds_hold_what_comes(
    city: str, version: str, data: st.DataObject
) -> None:
    policy = load(city, version)
    on = data.draw(days_of_version(policy))
    rules, person = policy.rules_on(on), data.draw(people_with_records(city, version, on))
    told = person.initial_facts(rules)
    records = [ident for ident in RECORDS if ident in told]
    to_lose = [ident for ident in records if person.totals_suffice(rules, ident)]
    lost = data.draw(st.sets(st.sampled_from(to_lose), min_size=1))
    totals = replace_records_by_totals(rules, told, on, *lost)
    case = build_plan_case(policy, person, data.draw(YEARS), given=totals)
    found = forecast_case(case)
    assert found.steps[0].bounds == assess(policy, totals, on).bounds
    for day in data.draw(days_near_changes(case, [step.on for step in found.steps])):
        step, then = found.step_on(day), assess_later_day(policy, person, day)
        assert agrees_with_assessment(step.bounds, step.reached, then, doubt=True), (
            day,
            lost,
            then.bounds,
        )


@each_version
@given(data=st.data())
@EACH
def test_hidden_facts_widen_the_forecast_and_never_turn_it(
    city: str, version: str, data: st.DataObject
) -> None:
    policy = load(city, version)
    on = data.draw(days_of_version(policy))
    person = data.draw(people_known_ahead(city, version, on))
    told, years = person.initial_facts(policy.rules_on(on)), data.draw(YEARS)
    whole = forecast_case(build_plan_case(policy, person, years))
    part = forecast_case(
        build_plan_case(policy, person, years, given=data.draw(partly_known(told)))
    )
    for step in whole.steps:
        other = part.step_on(step.on)
        assert other.bounds[0] <= step.bounds[0] <= step.bounds[1] <= other.bounds[1]
        assert other.reached in (None, step.reached)


def test_months_that_an_unknown_area_may_let_grow_lie_between() -> None:
    """No month yet, and nobody says whether the job is in the area: nought, or they accrue."""
    on, policy = date(2022, 6, 1), load("shanghai", "2018")
    given_ = {
        "birth_date": date(2000, 1, 1),
        "employed_and_insured": True,
        "outer_suburb_months": 0,
        "contributions": [{"from": "2022-06", "to": "2022-06", "base": 7236}],
    }
    part, whole = (
        forecast_case(build_case("shanghai", facts, on, policy=policy, years=4))
        .steps[-1]
        .line_items
        for facts in (given_, given_ | {"outer_suburb_area": "lingang"})
    )
    low, high = whole["outer_suburb"]
    assert low == high > 0
    assert part["outer_suburb"] == (Decimal(0), high)
