"""The residence permit through the years: when it lapses, and how it is come by or made up."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jifen.facts.permit import read_permit
from jifen.planning.case import case_of
from jifen.planning.forecast import forecast
from jifen.planning.start import Habits
from tests.planning.test_worked import SHANGHAI

ON = date(2025, 6, 10)
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
