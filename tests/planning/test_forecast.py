"""The years ahead say what the assessment will say on each day, if nothing changes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts.situation import understand
from jifen.planning.case import case_of
from jifen.planning.forecast import forecast
from jifen.policy.months import month_of
from tests.people.futures import judged, somebody
from tests.people.strategies import hidden

EACH = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MEASURES = [
    ("shanghai", "2018", date(2022, 6, 1), 4),
    ("shanghai", "2018", date(2022, 1, 31), 4),
    ("chengdu", "2024", date(2025, 6, 17), 10),
]


@pytest.mark.parametrize(("city", "version", "on", "years"), MEASURES)
@given(data=st.data())
@EACH
def test_every_day_of_the_forecast_is_the_assessment_of_that_day(
    city: str, version: str, on: date, years: int, data: st.DataObject
) -> None:
    policy = load(city, version)
    person = data.draw(somebody(city, version, on))
    case = case_of(city, person.given(policy.at(on)), on, policy=policy, years=years)
    found = forecast(case)
    days = {step.on for step in found.steps}
    days |= {step.on - timedelta(days=1) for step in found.steps[1:]}
    span = (case.last - on).days
    days |= {on + timedelta(days=n) for n in data.draw(st.sets(st.integers(0, span), max_size=8))}
    for day in sorted(days):
        step, then = found.on(day), judged(policy, person, day)
        assert (step.bounds, step.reached, step.threshold) == (
            then.bounds,
            then.reached,
            then.threshold,
        ), day


@pytest.mark.parametrize(("city", "version", "on", "years"), MEASURES)
@given(data=st.data())
@EACH
def test_with_totals_for_records_the_bounds_hold_what_comes(
    city: str, version: str, on: date, years: int, data: st.DataObject
) -> None:
    policy = load(city, version)
    rules = policy.at(on)
    person = data.draw(somebody(city, version, on, lag=0))
    known = understand(rules, person.given(rules), on).values
    derived = {f.id for f in rules.vocabulary if f.derive and f.derive.source == "contributions"}
    totals = {ident: value for ident, value in known.items() if ident in derived}
    went_on = month_of(on) - 1 in person.months  # a first month of late shows in no total
    assume(went_on or rules.contributions.includes_filing_month)
    case = case_of(city, person.facts | totals, on, policy=policy, years=years)
    found = forecast(case)
    for step in found.steps:
        then = judged(policy, person, step.on)
        assert step.bounds[0] <= then.bounds[0] <= step.bounds[1], step.on
        assert step.reached in (None, then.reached), step.on


@pytest.mark.parametrize(("city", "version", "on", "years"), MEASURES)
@given(data=st.data())
@EACH
def test_hidden_facts_widen_the_forecast_and_never_turn_it(
    city: str, version: str, on: date, years: int, data: st.DataObject
) -> None:
    policy = load(city, version)
    person = data.draw(somebody(city, version, on))
    given_ = person.given(policy.at(on))
    whole = forecast(case_of(city, given_, on, policy=policy, years=years))
    part = forecast(case_of(city, data.draw(hidden(given_)), on, policy=policy, years=years))
    for step in whole.steps:
        other = part.on(step.on)
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
        forecast(case_of("shanghai", facts, on, policy=policy, years=4)).steps[-1].lines
        for facts in (given_, given_ | {"outer_suburb_area": "lingang"})
    )
    low, high = whole["outer_suburb"]
    assert low == high > 0
    assert part["outer_suburb"] == (Decimal(0), high)
