"""An earliest day is said only if it holds whatever the facts that are not known turn out to be."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.planning.answer import Answer, plan
from jifen.planning.case import Wishes
from jifen.planning.read import moves_of
from tests.hypothesis_profiles import each
from tests.measures import VERSIONS
from tests.people.ahead import anybody, days_of, somebody
from tests.people.compared import case_for


def _day(day: date | None) -> date:
    """A day that never comes is later than any."""
    return day or date.max


def _ends(answer: Answer) -> tuple[date, date]:
    """The best and the worst day of an answer."""
    if answer.today.reached:
        return answer.case.on, answer.case.on
    assert answer.earliest is not None
    return _day(answer.earliest.best), _day(answer.earliest.worst)


@pytest.mark.parametrize(("city", "version"), VERSIONS)
@given(data=st.data())
@each(6, 1_000, suppress_health_check=[HealthCheck.data_too_large])
def test_whatever_is_dropped_the_true_day_lies_in_the_range(
    city: str, version: str, data: st.DataObject
) -> None:
    policy = load(city, version)
    on = data.draw(days_of(policy))
    person = data.draw(st.one_of(somebody(city, version, on), anybody(city, version, on)))
    ids = {move.id for move in moves_of(city).moves}
    kept = data.draw(st.sets(st.sampled_from(sorted(ids)), min_size=1, max_size=4))
    wishes, told = Wishes(frozenset(ids - kept)), person.given(policy.at(on))
    dropped = data.draw(st.sets(st.sampled_from(sorted(told)), min_size=1, max_size=4))
    rest = {ident: value for ident, value in told.items() if ident not in dropped}
    whole = plan(case_for(policy, person, 3, wishes=wishes))
    part = plan(case_for(policy, person, 3, wishes=wishes, given=rest))
    best, worst = _ends(part)
    true = _ends(whole)
    assert best <= true[0] <= true[1] <= worst, (dropped, kept, on, (best, worst), true)
    if part.routes and part.routes.bound:
        assert true == (date.max, date.max)
