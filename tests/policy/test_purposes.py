"""Several purposes of one measure: what counts for each, and how each decides."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.policy.book import book_page
from jifen.policy.diff import find_difference
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.scoring import assess
from jifen.scoring.comparison import compare
from tests.policy.faults import HERE, changed, policy

ON = date(2020, 6, 1)
PERSON: dict[str, Any] = {
    "age": 40,
    "education": "bachelor",
    "insured_months": 0,
    "insured_months_last_12": 12,
    "base_ratio": 1,
    "detention_count_5y": 1,
    "serious_crime": False,
    "permit_valid": True,
}


def two_purposes() -> Policy:
    return policy((HERE / "good" / "purposes.yaml").read_text(encoding="utf-8"))


def test_the_first_purpose_counts_where_none_is_chosen() -> None:
    result = assess(two_purposes(), PERSON, ON)
    assert result.rules.choices["purpose"] == "registration"
    assert result.total == 10
    assert result.threshold == 60
    assert result.reached is False


def test_another_purpose_leaves_out_its_groups_and_has_its_own_line() -> None:
    result = assess(two_purposes(), PERSON, ON, readings={"purpose": "school"})
    assert result.total == Decimal(60)
    assert result.threshold == 30
    assert result.reached is True
    assert "detention" not in [line.indicator.id for line in result.lines]
    assert "serious_crime" not in [line.indicator.id for line in result.lines]


def test_the_result_names_the_purpose() -> None:
    result = assess(two_purposes(), PERSON, ON, readings={"purpose": "school"})
    assert result.to_dict()["purpose"] == "school"
    assert result.rules.title.en == "Sample points: School"
    assert result.rules.title.zh == "示例积分办法·入学"


def test_a_measure_of_one_purpose_says_nothing_of_it() -> None:
    assert "purpose" not in assess(policy(), PERSON, ON).to_dict()
    assert policy().choices == {"insurance_cap": ("capped", "open")}


def test_a_purpose_is_chosen_beside_a_reading() -> None:
    chosen = {"purpose": "school", "insurance_cap": "open"}
    rules = two_purposes().rules_on(ON, chosen)
    assert rules.choices == {"purpose": "school", "insurance_cap": "open"}
    assert rules.readings == (("insurance_cap", "open"),)


def test_an_unknown_purpose_is_told_with_those_that_there_are() -> None:
    with pytest.raises(PolicyError) as told:
        two_purposes().rules_on(ON, {"purpose": "schools"})
    assert "JF-P025" in str(told.value)
    assert "registration, school" in str(told.value)


def test_a_comparison_takes_the_purpose_where_a_measure_has_it() -> None:
    found = compare([two_purposes(), policy()], PERSON, ON, readings={"purpose": "school"})
    assert [result.total for result in found.assessments] == [60, 10]


def test_the_book_says_what_differs_for_another_purpose() -> None:
    page = book_page(two_purposes(), (), "en")
    assert "This page counts for &#34;Registration&#34;" in page
    assert "School" in page


def test_a_difference_tells_of_an_item_that_only_another_purpose_counts() -> None:
    text = (HERE / "good" / "purposes.yaml").read_text(encoding="utf-8")
    newer = text.replace("points: 30, confidence", "points: 40, confidence")
    words = find_difference(policy(text), policy(newer)).to_text("en")
    assert "School" in words
    assert "40 points" in words


def test_a_difference_tells_of_a_purpose_that_is_new() -> None:
    words = find_difference(policy(), two_purposes()).to_text("en")
    assert "School" in words
    assert "without: Deductions" in words


def test_a_reform_reaches_the_line_of_a_purpose() -> None:
    node = parse_yaml("{points: 90}", "reform.yaml").mapping["points"]
    reform = Reform("higher", Text("x", "x"), {"purposes.school.decision.lines.0.points": node})
    reformed = two_purposes().apply_reform(reform)
    assert assess(reformed, PERSON, ON, readings={"purpose": "school"}).threshold == 90
    assert assess(reformed, PERSON, ON).threshold == 60


def test_changed_files_without_purposes_have_no_purpose() -> None:
    assert changed(("points: 60", "points: 61")).purposes == ()
