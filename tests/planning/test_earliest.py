"""An earliest day is said only if it holds whatever the facts that are not known turn out to be."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.planning.case import Wishes, build_case
from jifen.planning.earliest_day import EarliestDay
from jifen.planning.messages import describe_verdict
from jifen.planning.moves_file import moves_for_city
from jifen.planning.planner import PlanResult, plan
from tests.hypothesis_profiles import each
from tests.measures import WITH_MOVES as VERSIONS
from tests.people.forecast_comparison import build_plan_case
from tests.people.people_with_plans import NO_TITLE
from tests.people.planner_people import days_of_version, people_known_ahead, people_with_records

TODAY = date(2026, 11, 29)
BY_TITLE = date(2027, 11, 29)
"""The day on which an intermediate title begun today is there."""


def _day(day: date | None) -> date:
    """A day that never comes is later than any."""
    return day or date.max


def _ends(answer: PlanResult) -> tuple[date, date]:
    """The best and the worst day of an answer."""
    if answer.today.reached:
        return answer.case.on, answer.case.on
    assert answer.earliest_day is not None
    return _day(answer.earliest_day.best), _day(answer.earliest_day.worst)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
@given(data=st.data())
@each(6, 1_000, suppress_health_check=[HealthCheck.data_too_large])
def test_whatever_is_dropped_the_true_day_lies_in_the_range(
    city: str, version: str, data: st.DataObject
) -> None:
    policy = load(city, version)
    on = data.draw(days_of_version(policy))
    person = data.draw(
        st.one_of(people_known_ahead(city, version, on), people_with_records(city, version, on))
    )
    ids = {move.id for move in moves_for_city(city).moves}
    kept = data.draw(st.sets(st.sampled_from(sorted(ids)), min_size=1, max_size=4))
    wishes, told = Wishes(frozenset(ids - kept)), person.initial_facts(policy.rules_on(on))
    dropped = data.draw(st.sets(st.sampled_from(sorted(told)), min_size=1, max_size=4))
    rest = {ident: value for ident, value in told.items() if ident not in dropped}
    whole = plan(build_plan_case(policy, person, 3, wishes=wishes))
    part = plan(build_plan_case(policy, person, 3, wishes=wishes, given=rest))
    best, worst = _ends(part)
    true = _ends(whole)
    assert best <= true[0] <= true[1] <= worst, (dropped, kept, on, (best, worst), true)
    if part.route_search and part.route_search.bound:
        assert true == (date.max, date.max)


def _without(*idents: str, **more: Any) -> PlanResult:
    facts = {ident: value for ident, value in NO_TITLE.items() if ident not in idents}
    return plan(build_case("shanghai", facts | more, TODAY))


@pytest.mark.parametrize("months", [..., 0, 6, 12, None])
def test_months_that_are_not_asked_without_a_title_do_not_hide_the_route_by_a_title(
    months: Any,
) -> None:
    """Whatever the last twelve were, six of them are at the raised base when the title is there."""
    answer = _without() if months is ... else _without(base_1x_months_last_12=months)
    assert answer.earliest_day == EarliestDay(BY_TITLE, BY_TITLE)
    assert describe_verdict(answer).words.en.startswith("2027-11-29 at the earliest")
    assert "intermediate" in answer.routes[0].move_ids


@pytest.mark.parametrize(
    ("fact", "best", "worst", "values"),
    [
        ("shortage_major", date(2027, 5, 1), BY_TITLE, [True, False]),
        ("award", TODAY, BY_TITLE, ["comprehensive", "none"]),
        ("serious_crime", BY_TITLE, None, [True, False]),
        ("insured_months", TODAY, BY_TITLE, [720, 30]),
    ],
)
def test_a_fact_that_decides_is_named_with_the_day_at_best_and_at_worst(
    fact: str, best: date, worst: date | None, values: list[Any]
) -> None:
    answer = _without(fact)
    assert answer.earliest_day is not None
    assert (answer.earliest_day.best, answer.earliest_day.worst) == (best, worst)
    assert fact in answer.earliest_day.decided_by
    assert fact in answer.missing_facts
    days = [_ends(_without(fact, **{fact: value})) for value in values]
    assert min(sooner for sooner, _ in days) == best
    assert max(later for _, later in days) == _day(worst)


@pytest.mark.parametrize(("fact", "move"), [("permit_valid", "permit"), ("title", "level_4")])
def test_a_move_of_which_it_is_not_known_whether_it_can_be_made_makes_nothing_later(
    fact: str, move: str
) -> None:
    answer = _without(fact)
    (standing,) = [one for one in answer.move_statuses if one.move.id == move]
    assert (standing.status, standing.missing) == ("unknown", (fact,))
    assert answer.earliest_day is not None
    assert answer.earliest_day.decided_by[0] == fact


def test_a_no_that_a_move_makes_up_for_leaves_the_day_as_it_is() -> None:
    """With a permit, or without one and by getting it meanwhile: the same day, by other moves."""
    answer = _without("permit_valid")
    assert answer.earliest_day == EarliestDay(
        BY_TITLE, BY_TITLE, ("permit_valid", "base_1x_months_last_12")
    )
    assert answer.routes == ()
    assert describe_verdict(answer).on == BY_TITLE


def test_a_range_is_told_in_both_languages() -> None:
    words = describe_verdict(_without("award")).words
    assert "最好 2026-11-29、最迟 2027-11-29（取决于：表彰奖励）可以达到" in words.zh
    assert "Between 2026-11-29 at best and 2027-11-29 at worst (depends on: Award)" in words.en
