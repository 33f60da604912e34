"""The residence permit through the years: when it lapses, and how it is come by or made up."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen.cities import in_force
from jifen.facts.permit import read_permit
from jifen.planning.answer import Answer, plan
from jifen.planning.case import case_of
from jifen.planning.forecast import forecast
from jifen.planning.start import Habits
from jifen.scoring import assess
from tests.planning.test_worked import CHENGDU, SHANGHAI

ON = date(2025, 6, 10)
NEAR: dict[str, Any] = CHENGDU | {
    "birth_date": date(1992, 1, 1),
    "contributions": [{"from": "2021-01", "to": "2025-05"}],
}
"""At the line of Chengdu but for the conditions."""
UNTOLD = {ident: value for ident, value in SHANGHAI.items() if ident != "permit_valid"}


@given(
    issued=st.dates(date(2018, 1, 1), date(2024, 5, 1)),
    gaps=st.lists(st.integers(200, 420), min_size=1, max_size=8),
)
@settings(max_examples=25, deadline=None)
def test_a_permit_lapses_on_the_day_of_the_record_however_late_it_was_endorsed(
    issued: date, gaps: list[int]
) -> None:
    days = [issued + timedelta(days=sum(gaps[: n + 1])) for n in range(len(gaps))]
    permit: dict[str, Any] = {"issued_on": issued, "valid_until": date(2035, 1, 1)}
    permit["endorsements"] = [day for day in days if day <= ON]
    case = case_of("shanghai", UNTOLD | {"permit": permit, "education": "master"}, ON, years=3)
    found = forecast(replace(case, habits=Habits(endorses=False)))
    record = read_permit(permit, None, [])
    assert record is not None
    for number in range((case.last - ON).days + 1):
        day = ON + timedelta(days=number)
        assert found.on(day).facts["permit_valid"] == (record.valid_on(day),) * 2, day


def _chengdu(**facts: Any) -> Answer:
    return plan(case_of("chengdu", NEAR | facts, ON))


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        ({"legal_residence": False}, {"legal_residence": True}, "home"),
        ({"permit_area": "jintang"}, {"permit_area": "xindu"}, "move_in"),
    ],
)
def test_what_must_hold_on_the_day_is_asked_of_the_day(
    before: dict[str, Any], after: dict[str, Any], move: str
) -> None:
    """No month's end is waited for, though the measure counts to the end of the month before."""
    first = _chengdu(**before).found[0]
    assert [one.move.id for one in first.done] == [move]
    day = first.reached_on
    assert day == date(2025, 7, 10)
    policy = in_force("chengdu", day)
    assert policy
    paid = {"contributions": [{"from": "2021-01", "to": "2025-06"}]}
    assert assess(policy, NEAR | paid | after, day).reached
    assert not assess(policy, NEAR | paid | before, day).reached
