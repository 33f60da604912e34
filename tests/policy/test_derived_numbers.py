"""Derived numbers: what a version reckons from facts, and how mechanisms see it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.cities import load
from jifen.facts.fault import FactsError
from jifen.policy.derived_mechanism import FromDerived, unwrap_mechanism
from jifen.policy.derived_numbers import describe_formula, find_ranges
from jifen.policy.fault import Place
from jifen.policy.formulas import (
    ByAnswer,
    Combined,
    FactTerm,
    Formula,
    PersonOperations,
    Rest,
    Whole,
)
from jifen.policy.mechanisms.accrual import Accrual
from jifen.policy.model import Rules
from jifen.policy.policy import Reform
from jifen.policy.source import Node
from jifen.policy.text import Text
from jifen.scoring import assess
from jifen.scoring.population.program import build_programs
from tests.policy.faults import vocabulary

INSURED, RECENT = FactTerm("insured_months"), FactTerm("insured_months_last_12")
TABLE = ByAnswer("education", (("none", 0), ("college", 36), ("bachelor", 48)))
ON = date(2020, 9, 1)


def rules() -> Rules:
    return load("beijing", "2020").rules_on(ON)


def worked_out(formula: Formula, **facts: Any) -> int:
    return int(formula.evaluate_with(PersonOperations(facts)))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (Combined("sum", (INSURED, RECENT, Whole(3))), 112),
        (Combined("least", (INSURED, RECENT)), 9),
        (Combined("greatest", (INSURED, RECENT)), 100),
        (Combined("product", (RECENT, Whole(4))), 36),
        (Combined("least", (INSURED, TABLE)), 48),
        (Rest(INSURED, RECENT), 91),
        (Rest(RECENT, INSURED), 0),
    ],
)
def test_each_operation(formula: Formula, expected: int) -> None:
    facts = {"insured_months": 100, "insured_months_last_12": 9, "education": "bachelor"}
    assert worked_out(formula, **facts) == expected


def test_a_fact_that_does_not_apply_counts_as_nought() -> None:
    assert worked_out(Rest(INSURED, RECENT), insured_months=None, insured_months_last_12=4) == 0
    assert worked_out(TABLE, education=None) == 0


def test_the_range_follows_from_those_of_the_facts() -> None:
    ranges = find_ranges(Rest(INSURED, RECENT), vocabulary())
    assert ranges == {"insured_months": (0, 720), "insured_months_last_12": (0, 12)}
    assert Rest(INSURED, RECENT).find_range(ranges) == (0, 720)
    assert Combined("product", (RECENT, TABLE)).find_range(ranges) == (0, 576)


def test_what_is_taken_away_lowers_a_number() -> None:
    assert Rest(INSURED, RECENT).find_directions() == {
        "insured_months": 1,
        "insured_months_last_12": -1,
    }
    assert (
        Rest(INSURED, Combined("least", (INSURED, RECENT))).find_directions()["insured_months"] == 0
    )


def test_a_formula_in_words() -> None:
    said = describe_formula(Rest(INSURED, Combined("least", (RECENT, TABLE))), vocabulary())
    assert said.en == (
        "Insured months less (the least of Insured months in the last 12, "
        "a number by Education (None: 0; College: 36; Bachelor: 48)) (not below 0)"
    )
    assert said.zh.startswith("参保月数减去（最近 12 个月参保月数、按学历定的数")


def test_nobody_is_asked_for_a_derived_number() -> None:
    found = rules()
    assert [number.fact.id for number in found.derived] == [
        "counted_home_months",
        "rented_months",
        "counted_overlap",
    ]
    assert "rented_months" not in found.vocabulary
    assert "rented_months" not in found.vocabulary.ids
    assert "rented_months" not in found.used
    assert found.vocabulary["rented_months"].label.en == "Months in a rented home"


def test_a_mechanism_is_seen_from_the_facts_behind_its_numbers() -> None:
    mechanism = rules().find_indicator("rented_home").mechanism
    assert isinstance(mechanism, FromDerived)
    assert isinstance(unwrap_mechanism(mechanism), Accrual)
    assert mechanism.list_facts() == ("insured_months", "own_home_months")
    assert mechanism.find_direction("insured_months") == 1
    assert mechanism.find_direction("own_home_months") == -1
    overlap = rules().find_indicator("study_overlap").mechanism
    assert isinstance(overlap, FromDerived)
    assert overlap.find_direction("study_overlap_months") == -1
    assert overlap.find_direction("education") == 0


def test_the_span_of_a_derived_number_holds_every_outcome() -> None:
    mechanism = rules().find_indicator("rented_home").mechanism
    span = mechanism.compile_bounds(100)
    assert span({"insured_months": (100, 120), "own_home_months": (40, 60)}) == (167, 333)


def test_the_reason_names_what_was_reckoned() -> None:
    facts = {"insured_months": 243, "own_home_months": 196}
    line = assess(load("beijing", "2020"), facts, ON).to_dict("en")["lines"][2]
    assert (line["id"], line["points"]) == ("rented_home", 1.96)
    assert "Months in a rented home 47 months" in line["rule"]
    assert line["facts"] == {"insured_months": 243, "own_home_months": 196}


def test_a_derived_number_cannot_be_given() -> None:
    with pytest.raises(FactsError, match="rented_months"):
        assess(load("beijing", "2020"), {"rented_months": 47}, ON)


ELSE = {
    "education": "none",
    "study_overlap_months": 0,
    "outer_home_years": 0,
    "outer_home_and_work_years": 0,
    "innovation_points": 0,
    "tax_years": 0,
    "age": 60,
    "honour": False,
    "tax_offences": 0,
    "detentions": 0,
}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"insured_months": 100}, ("29.17", "33.33")),  # all rented; all owned, never both
        ({"own_home_months": 40}, ("0.00", "211.66")),
        ({}, ("0.00", "240.00")),
    ],
)
def test_bounds_of_insurance_and_home_are_exact(
    known: dict[str, int], expected: tuple[str, str]
) -> None:
    result = assess(load("beijing", "2020"), {**ELSE, **known}, ON)
    assert result.exact
    assert result.bounds == tuple(Decimal(end) for end in expected)


def test_a_reform_may_change_a_formula() -> None:
    """Two formulas under one id are two numbers in a population's loop."""
    base = load("beijing", "2020")
    change = {"derived.counted_overlap.least.1.numbers.master": Node("12", Place())}
    less = base.apply_reform(Reform("less-overlap", Text("少扣", "Less"), change))
    programs = build_programs((base.rules_on(ON), less.rules_on(ON)))
    keys = [key for program in programs for key in program.derived if "counted_overlap" in key]
    assert len(set(keys)) == 2
    facts = {"education": "master", "study_overlap_months": 24}
    points = [assess(one, facts, ON).line("study_overlap").points for one in (base, less)]
    assert points == [Decimal("-7.00"), Decimal("-3.50")]
