"""What becomes of each fact, by time and by moves, is what the facts file of a later day says."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.planning.schedule import Schedule
from tests.hypothesis_profiles import each
from tests.measures import WITH_MOVES as VERSIONS
from tests.people.forecast_comparison import (
    build_plan_case,
    days_near_changes,
    list_fact_differences,
)
from tests.people.planner_people import days_of_version, people_with_records, readings_of


@pytest.mark.parametrize(("city", "version"), VERSIONS)
@given(data=st.data())
@each(8, 2_000, suppress_health_check=[HealthCheck.data_too_large])
def test_each_fact_is_on_each_day_what_the_file_of_that_day_says(
    city: str, version: str, data: st.DataObject
) -> None:
    policy = load(city, version)
    on = data.draw(days_of_version(policy))
    person, readings = (
        data.draw(people_with_records(city, version, on)),
        data.draw(readings_of(policy)),
    )
    case = build_plan_case(policy, person, data.draw(st.sampled_from([1, 3, 6])), readings=readings)
    schedule = Schedule(case, case.build_timeline())
    done = data.draw(st.sampled_from(schedule.list_sets(2, case.wishes.shortest_months)))
    timeline = case.build_timeline(done)
    for day in data.draw(days_near_changes(case, timeline.days)):
        assert not list_fact_differences(person, timeline, done, day), (day, done)
