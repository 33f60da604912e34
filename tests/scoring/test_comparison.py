"""One person under several measures side by side."""

from datetime import date
from typing import Any

import pytest

from jifen.cities import load
from jifen.facts import FactsError
from jifen.policy.fault import PolicyError
from jifen.scoring import assess
from jifen.scoring.comparison import compare

ON = date(2025, 6, 1)
SHANGHAI, CHENGDU = load("shanghai", "2018"), load("chengdu", "2024")
FACTS: dict[str, Any] = {"birth_date": "1985-01-01", "insured_months": 60, "education": "bachelor"}


def test_each_measure_scores_the_person_as_if_alone() -> None:
    both = compare([SHANGHAI, CHENGDU], {"birth_date": "1985-01-01"}, ON)
    alone = [assess(policy, {"birth_date": "1985-01-01"}, ON) for policy in (SHANGHAI, CHENGDU)]
    assert [result.bounds for result in both.assessments] == [result.bounds for result in alone]
    said = both.to_dict("en")
    assert (said["schema"], said["on"]) == ("jifen.comparison.v1", "2025-06-01")
    assert said["assessments"] == [result.to_dict("en") for result in alone]
    assert said["set_aside"] == [[], []]


def test_a_fact_of_one_city_is_no_fault_in_the_other() -> None:
    both = compare([SHANGHAI, CHENGDU], FACTS, ON)
    assert both.assessments[0].line("insurance_years").scaled_low == 15
    with pytest.raises(FactsError, match="shoe_size"):
        compare([SHANGHAI, CHENGDU], FACTS | {"shoe_size": 43}, ON)


def test_an_answer_that_only_one_city_knows_is_unknown_in_the_other() -> None:
    both = compare([SHANGHAI, CHENGDU], {"award": "comprehensive"}, ON)
    assert both.set_aside == ((), ("award",))
    assert both.assessments[0].situation.values["award"] == "comprehensive"
    assert "award" not in both.assessments[1].situation.values


def test_an_answer_that_no_city_knows_is_a_fault() -> None:
    with pytest.raises(FactsError) as error:
        compare([SHANGHAI, CHENGDU], {"education": "kindergarten"}, ON)
    assert [fault.code for fault in error.value.fact_faults] == ["JF-F002"]


def test_a_reading_counts_where_its_switch_is_and_must_be_somebody_s() -> None:
    switch = SHANGHAI.switches[0]
    other = next(reading for reading in switch.readings if reading.id != switch.default)
    both = compare([SHANGHAI, CHENGDU], {}, ON, readings={switch.id: other.id})
    alone = assess(SHANGHAI, {}, ON, readings={switch.id: other.id})
    assert both.assessments[0].bounds == alone.bounds
    assert both.assessments[0].rules == alone.rules
    with pytest.raises(PolicyError, match="unheard"):
        compare([SHANGHAI, CHENGDU], {}, ON, readings={"unheard": "of"})
