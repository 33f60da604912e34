"""Ways in without points: who is on one reaches the line whatever the points are."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.cities.city_files import read_city
from jifen.cli.result_text import format_result
from jifen.lab.sweeps.leaves import find_structure_faults
from jifen.policy.diff import find_difference
from jifen.policy.policy import Policy
from jifen.scoring import Assessment, assess
from jifen.scoring.device import NotRepresentable, build_device_document
from jifen.scoring.population.program import build_program
from jifen.scoring.result_status import derive_status, describe_status
from jifen.scoring.result_status.stored_results import derive_stored_status
from tests.hypothesis_profiles import each
from tests.people.population_rows import assert_equal, rows_of
from tests.policy.faults import HERE, policy

ON = date(2023, 6, 1)
WAYS = policy((HERE / "good" / "ways.yaml").read_text(encoding="utf-8"))
PLAIN = policy()
POOR: dict[str, Any] = {
    "age": 50,
    "education": "bachelor",
    "insured_months": 0,
    "insured_months_last_12": 12,
    "base_ratio": 3,
    "permit_valid": True,
    "serious_crime": False,
    "detention_count_5y": 0,
}


def _assess(measure: Policy = WAYS, **facts: Any) -> Assessment:
    return assess(measure, POOR | facts, ON)


@pytest.mark.parametrize(
    ("facts", "reached", "state"),
    [
        ({}, True, "reached"),  # 40 points of 60, and on the way of scholars
        ({"base_ratio": 2}, False, "below"),
        ({"permit_valid": False}, False, "refused"),  # scholars must meet the conditions
        ({"permit_valid": False, "age": 29, "base_ratio": 4}, True, "reached"),  # the invited not
        ({"permit_valid": False, "age": 30, "base_ratio": 4}, False, "refused"),
        ({"serious_crime": True}, False, "vetoed"),  # a veto closes every way
        ({"age": 20, "insured_months": 240, "base_ratio": 0}, True, "reached"),  # by points
    ],
)
def test_a_way_reaches_the_line_without_points(
    facts: dict[str, Any], reached: bool, state: str
) -> None:
    result = _assess(**facts)
    assert result.reached is reached
    status = derive_status(result)
    assert status.state == state
    stored = derive_stored_status(result.to_dict("zh"), ranked=False)
    assert stored.state == state


def test_a_way_that_is_not_known_leaves_the_result_open() -> None:
    facts = {**POOR, "permit_valid": False, "age": 29}
    del facts["base_ratio"]
    result = assess(WAYS, facts, ON)
    assert (result.eligible, result.reached) == (False, None)
    assert "base_ratio" in result.missing
    assert derive_status(result).state == "open"
    assert [way["met"] for way in result.to_dict("en")["ways"]] == [None, None]


def test_the_words_name_the_way() -> None:
    result = _assess()
    words = describe_status(derive_status(result))
    assert words.headline.zh == "符合不看积分的途径：高层次人才。"
    assert words.headline.en == "No points are needed: Scholars."
    printed = format_result(result, WAYS, "en")
    assert "Way without points: Scholars" in printed
    assert "Invited people" not in printed
    rich = describe_status(derive_status(_assess(age=20, insured_months=240)))
    assert "高层次人才" not in rich.headline.zh  # the points suffice


@given(data=st.data())
@each(15, 500)
def test_a_population_is_scored_as_its_people_are(data: st.DataObject) -> None:
    assert_equal(WAYS, ON, data.draw(rows_of(WAYS, ON)))


@given(data=st.data())
@each(10, 300)
def test_a_way_never_takes_the_line_away(data: st.DataObject) -> None:
    for row in data.draw(rows_of(WAYS, ON)):
        with_ways, without = assess(WAYS, row, ON), assess(PLAIN, row, ON)
        assert with_ways.bounds == without.bounds
        order = {False: 0, None: 1, True: 2}
        assert order[with_ways.reached] >= order[without.reached]


def test_what_does_not_know_ways_refuses_them() -> None:
    rules = WAYS.rules_on(ON)
    with pytest.raises(NotRepresentable):
        build_device_document(rules, ON)
    (words,) = find_structure_faults([build_program(rules)])
    assert "ways without points" in words.en


def test_a_difference_tells_a_new_way_with_what_it_asks() -> None:
    told = {i.change.id: i.change for i in find_difference(PLAIN, WAYS).items}
    assert told["scholars"].about == "way"
    assert told["invited"].after.en.endswith("(the conditions are not asked)")
    assert told["invited"].after.zh.endswith("（不要求申请条件）")


def test_japan_admits_by_pay_alone() -> None:
    folder = Path(__file__).parents[2] / "examples" / "policies" / "japan"
    rules = load(read_city(folder), "hsp").rules_on(date(2025, 6, 1))
    assert [way.id for way in rules.ways] == ["j_skip", "j_skip_managers"]
