"""Which open question tells most: measured on the shipped measures."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import jifen
from jifen import cities
from jifen.facts.situation import examine_facts
from jifen.scoring import Assessment, question_order, score_situation
from jifen.scoring.question_order import answer_effort, count_open_points, order_questions
from jifen.scoring.result_status.presumption import presume_clean_record

ON = date(2025, 6, 1)
EXAMPLES = Path(__file__).parents[2] / "examples" / "policies"
DECIDED: dict[str, Any] = {
    "birth_date": "1990-05-01",
    "permit_valid": True,
    "employed_and_insured": True,
    "education": "bachelor_with_degree",
    "study_mode": "full_time",
    "insured_months_last_12": 12,
    "false_material_dates": [],
    "detention_dates": [],
    "ordinary_crime_dates": [],
    "serious_crime": False,
}


def _assessed(city: str = "shanghai", **facts: Any) -> Assessment:
    policy = cities.in_force(city, ON)
    assert policy
    rules = policy.rules_on(ON)
    situation, faults = examine_facts(rules, facts, ON)
    assert not faults
    return score_situation(rules, situation)


def _gains(assessment: Assessment) -> dict[str, Decimal]:
    return {one.fact: one.gain for one in order_questions(assessment, assessment.missing)}


def test_only_the_facts_that_are_named_are_looked_at() -> None:
    assessment = _assessed()
    found = order_questions(assessment, ["education", "title"])
    assert {one.fact for one in found} == {"education", "title"}


def test_a_condition_that_bars_tells_more_than_a_few_points() -> None:
    gains = _gains(_assessed())
    assert gains["permit_valid"] > gains["birth_date"]
    assert gains["education"] > gains["fresh_graduate"]


def test_points_that_cannot_matter_any_more_tell_nothing() -> None:
    """A master's diploma gives 100: any title worth less changes nothing, a higher one would."""
    gains = _gains(_assessed(education="doctor", study_mode="full_time", birth_date="1990-05-01"))
    assert gains["title"] == 0
    assert gains["insured_months"] == 0
    assert gains["employed_and_insured"] > 0


def test_nothing_is_open_once_the_outcome_is_certain() -> None:
    decided = _assessed(**DECIDED)
    assert decided.reached is True
    assert decided.bounds[0] < decided.bounds[1]
    assert count_open_points(decided) == 0
    assert set(_gains(decided).values()) == {Decimal(0)}
    refused = _assessed(permit_valid=False)
    assert count_open_points(refused) == 0


def test_points_beyond_the_line_are_not_counted_and_open_conditions_are() -> None:
    assessment = _assessed()
    conditions = sum(one.met is None for one in assessment.conditions)
    vetoes = sum(met is None for _, met in assessment.vetoes)
    assert assessment.bounds[1] > 120
    assert count_open_points(assessment) == 120 + conditions + vetoes


def test_the_order_is_by_what_an_answer_gives_for_its_effort() -> None:
    assessment = _assessed(education="college", study_mode="full_time")
    vocabulary = assessment.rules.vocabulary
    found = order_questions(assessment, assessment.missing)
    rates = [one.gain / answer_effort(vocabulary[one.fact]) for one in found]
    assert rates == sorted(rates, reverse=True)
    assert answer_effort(vocabulary["education"]) == 1
    assert answer_effort(vocabulary["birth_date"]) == 1
    assert answer_effort(vocabulary["insured_months"]) == 2
    assert answer_effort(vocabulary["base_2x_months_last_48"]) == 4


IN_FORCE = [city for city in cities.index() if cities.in_force(city, ON)]
RANKED = [
    city
    for city in IN_FORCE
    if (policy := cities.in_force(city, ON)) and policy.rules_on(ON).decision.mode == "rank"
]


@pytest.mark.parametrize("city", RANKED)
def test_where_people_are_ranked_every_point_counts(city: str) -> None:
    assessment = presume_clean_record(_assessed(city))
    tests = sum(one.met is None for one in assessment.conditions)
    tests += sum(met is None for _, met in assessment.vetoes)
    low, high = assessment.bounds
    assert count_open_points(assessment) == high - low + tests


def test_an_order_that_would_cost_too_much_is_read_off_the_open_indicators(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The cheaper way agrees on what bars, and gives nothing to what no open indicator reads."""
    assessment = _assessed()
    exact = _gains(assessment)
    monkeypatch.setattr("jifen.scoring.question_order.MOST_RUNS", -1)
    quick = _gains(assessment)
    assert quick.keys() == exact.keys()
    assert quick != exact
    assert quick["permit_valid"] > quick["birth_date"] > 0


@pytest.mark.parametrize("city", IN_FORCE)
def test_every_question_of_every_city_can_be_weighed(city: str) -> None:
    assessment = _assessed(city)
    found = order_questions(assessment, assessment.missing)
    assert {one.fact for one in found} == set(assessment.missing)


@pytest.mark.parametrize("example", ["canada", "japan"])
def test_a_set_that_is_too_large_now_counts_as_it_may_cost_after_an_answer(
    example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer to a question made the bounds exact again and cost ten thousand evaluations: the
    first page of such a measure took 43 seconds."""
    empty = jifen.assess(str(EXAMPLES / example), {}, on="2025-06-01")

    def score_never(*_: object) -> Assessment:
        raise AssertionError("the order is estimated")

    monkeypatch.setattr(question_order, "score_situation", score_never)
    ordered = question_order.order_questions(empty, empty.missing)
    assert {question.fact for question in ordered} == set(empty.missing)
    assert any(question.gain for question in ordered)
