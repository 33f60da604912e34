"""The last day and the last month that still count, and the least and most that are allowed."""

from datetime import date
from typing import Any

import pytest

from jifen.cities import load
from jifen.facts import FactsError, Situation, understand

ON = date(2025, 6, 15)


def shanghai(on: date = ON, **facts: Any) -> Situation:
    return understand(load("shanghai", "2018").at(on), facts, on, lang="en")


def spell(since: str, until: str, **more: Any) -> dict[str, Any]:
    return {"from": since, "to": until, "base": 20000, "status": "paid", **more}


def codes(**facts: Any) -> list[str]:
    with pytest.raises(FactsError) as error:
        shanghai(**facts)
    return [fault.code for fault in error.value.faults]


def test_the_first_and_the_last_month_of_a_deferral_count_and_their_neighbours_do_not() -> None:
    known = shanghai(contributions=[spell("2022-03", "2024-01", status="deferred")])
    months = {m.month: m.counts for m in known.derived["insured_months"].months}
    ends = ("2022-03", "2022-04", "2023-12", "2024-01")
    assert [months[month] for month in ends] == [False, True, True, False]
    assert known.values["insured_months"] == 21


@pytest.mark.parametrize(("given", "sound"), [(9, False), (10, True), (11, True), (12, False)])
def test_a_total_may_be_what_the_records_leave_open_and_nothing_else(
    given: int, sound: bool
) -> None:
    # of the twelve months one is unpaid and one has no base: 10 or 11 at the average wage
    records = [spell("2024-07", "2025-04"), spell("2025-05", "2025-05", base=None)]
    if sound:
        known = shanghai(contributions=records, base_1x_months_last_12=given)
        assert known.values["base_1x_months_last_12"] == given
    else:
        assert codes(contributions=records, base_1x_months_last_12=given) == ["JF-F040"]
