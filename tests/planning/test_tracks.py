"""What becomes of each fact, by time and by moves, is what the facts file of a later day says."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.planning.schedule import Schedule
from tests.hypothesis_profiles import each
from tests.measures import WITH_MOVES as VERSIONS
from tests.people.ahead import anybody, days_of, readings_of
from tests.people.compared import case_for, differences, some_days


@pytest.mark.parametrize(("city", "version"), VERSIONS)
@given(data=st.data())
@each(8, 2_000, suppress_health_check=[HealthCheck.data_too_large])
def test_each_fact_is_on_each_day_what_the_file_of_that_day_says(
    city: str, version: str, data: st.DataObject
) -> None:
    policy = load(city, version)
    on = data.draw(days_of(policy))
    person, readings = data.draw(anybody(city, version, on)), data.draw(readings_of(policy))
    case = case_for(policy, person, data.draw(st.sampled_from([1, 3, 6])), readings=readings)
    schedule = Schedule(case, case.build_timeline())
    done = data.draw(st.sampled_from(schedule.list_sets(2, case.wishes.shortest_months)))
    timeline = case.build_timeline(done)
    for day in data.draw(some_days(case, timeline.days)):
        assert not differences(person, timeline, done, day), (day, done)
