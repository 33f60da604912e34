"""One person under several measures side by side."""

import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from jifen.cities import load
from jifen.cli.result_text import format_comparison
from jifen.facts import FactsError
from jifen.policy.fault import PolicyError
from jifen.scoring import assess
from jifen.scoring.comparison import compare, order_by_distance

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


def _status(city: str, line: int | None, sure: int, *, barred: bool = False) -> Any:
    status = SimpleNamespace(
        is_barred=barred,
        threshold=None if line is None else Decimal(line),
        range=(Decimal(sure), Decimal(sure + 40)),
    )
    return city, status


def test_the_city_whose_own_line_is_nearest_stands_first() -> None:
    results = [
        _status("barred", 60, 90, barred=True),
        _status("no-line", None, 500),
        _status("far", 120, 60),
        _status("over", 60, 75),
        _status("near", 300, 280),
    ]
    named = [results[number][0] for number in order_by_distance(results)]
    assert named == ["over", "near", "far", "no-line", "barred"]


def test_versions_of_a_city_stay_together_and_equals_as_asked_for() -> None:
    results = [
        _status("a", 60, 0),
        _status("b", 60, 30),
        _status("a", 60, 50),
        _status("c", 60, 30),
    ]
    assert order_by_distance(results) == [0, 2, 1, 3]
    assert order_by_distance([]) == []


def test_the_text_orders_the_cities_and_names_a_fact_that_both_lack_once() -> None:
    both = compare([SHANGHAI, CHENGDU], {"birth_date": "1985-01-01"}, ON)
    turned = compare([CHENGDU, SHANGHAI], {"birth_date": "1985-01-01"}, ON)
    text = format_comparison(both, "en")
    heads = re.findall(r"^— (.*)$", text, re.MULTILINE)
    assert heads == re.findall(r"^— (.*)$", format_comparison(turned, "en"), re.MULTILINE)
    first, second = (set(a.missing) for a in both.assessments)
    assert first & second
    named = [
        fact
        for line in re.findall(r"^Missing[^:]*: (.*)$", text, re.MULTILINE)
        for fact in line.split(", ")
    ]
    assert len(named) == len(set(named))
    assert set(named) == first | second
