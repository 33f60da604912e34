"""multiplier: the total, or what a group gives, times a number where a condition holds."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jifen.policy.policy import Policy
from jifen.scoring import assess, score_population
from jifen.scoring.device.document import build_device_document
from jifen.scoring.device.numbers import NotRepresentable
from jifen.scoring.ranking import score_group
from tests.policy.faults import changed
from tests.policy.mechanisms.tools import codes, sound, vocabulary

ON = date(2020, 6, 1)
MULTIPLIER = """
multiplier: {when: certified, by: 1.3, round: {places: 0, mode: half_up}}
"""
OUTER = """  - id: outer_town
    label: {zh: 外围镇, en: Outer town}
    group: basic
    multiplier: {when: permit_valid, by: 1.3, of: OF, round: {places: 1, mode: half_up}}
    confidence: likely
conditions:
"""
PERSON: dict[str, Any] = {
    "age": 40,
    "education": "college",
    "insured_months": 12,
    "insured_months_last_12": 12,
    "base_ratio": 1,
    "detention_count_5y": 1,
    "serious_crime": False,
    "permit_valid": True,
}


def measure(of: str = "total") -> Policy:
    return changed(
        ("conditions:\n", OUTER.replace("OF", of)), ("floor: 0", "floor: -100\nprecision: 2")
    )


def test_it_says_whether_it_counts() -> None:
    score = sound(MULTIPLIER).compile_score(1)
    assert [score({"certified": value}) for value in (True, False, None)] == [1, 0, 0]
    assert sound(MULTIPLIER).compile_bounds(1)({"certified": (True, False)}) == (0, 1)


def test_it_is_told_as_a_factor() -> None:
    words = sound(MULTIPLIER).describe_rule(vocabulary(), "en")
    assert words.endswith("the total × 1.3, rounded half up to a whole number")
    assert "总分 × 1.3" in sound(MULTIPLIER).describe_rule(vocabulary(), "zh")


def test_the_total_is_multiplied() -> None:
    # 40 + 10 + 3 − 50
    inner = assess(measure(), {**PERSON, "permit_valid": False}, ON)
    outer = assess(measure(), PERSON, ON)
    assert (inner.total, outer.total) == (Decimal(3), Decimal("3.9"))


def test_only_its_own_group_is_multiplied() -> None:
    assert assess(measure("group"), PERSON, ON).total == Decimal("18.9")  # 53 × 1.3 − 50


def test_a_negative_total_is_rounded_as_its_amount() -> None:
    person = {**PERSON, "insured_months": 36, "education": "none", "detention_count_5y": 1}
    assert assess(measure(), {**person, "age": 50}, ON).total == Decimal("-53.3")  # −41 × 1.3


def test_its_line_gives_no_points_and_names_the_factor() -> None:
    lines = {line["id"]: line for line in assess(measure(), PERSON, ON).to_dict("en")["lines"]}
    assert (lines["outer_town"]["points"], lines["outer_town"]["factor"]) == (0, 1.3)
    there = assess(measure(), {**PERSON, "permit_valid": False}, ON).line("outer_town")
    assert there.points == 0
    assert "factor" not in lines["age"]


@pytest.mark.parametrize("of", ["total", "group"])
def test_bounds_are_exact_while_it_is_unknown(of: str) -> None:
    unknown = {fact: value for fact, value in PERSON.items() if fact != "permit_valid"}
    result = assess(measure(of), unknown, ON)
    each = [assess(measure(of), {**PERSON, "permit_valid": v}, ON).total for v in (True, False)]
    assert result.bounds == (min(each), max(each))  # type: ignore[type-var]
    assert result.exact
    assert result.missing == ("permit_valid",)


@pytest.mark.parametrize("of", ["total", "group"])
def test_the_kernel_multiplies_as_the_plain_evaluator(of: str) -> None:
    policy, random = measure(of), np.random.default_rng(7)
    people = 600
    columns: dict[str, list[Any]] = {
        "age": random.integers(0, 121, people).tolist(),
        "education": random.choice(["none", "college", "bachelor"], people).tolist(),
        "insured_months": random.integers(0, 300, people).tolist(),
        "insured_months_last_12": random.integers(0, 13, people).tolist(),
        "base_ratio": random.integers(0, 5, people).tolist(),
        "detention_count_5y": random.integers(0, 5, people).tolist(),
        "serious_crime": [False] * people,
        "permit_valid": (random.integers(0, 2, people) == 1).tolist(),
    }
    for fact, values in columns.items():  # some facts of some people are unknown
        for row in random.choice(people, 40, replace=False):
            values[row] = None
        assert fact in PERSON
    scored = score_population(policy, pa.table(columns), on=ON, lines=True)
    for row, found in enumerate(scored.to_pylist()):
        facts = {fact: values[row] for fact, values in columns.items() if values[row] is not None}
        result = assess(policy, facts, ON)
        assert (found["total_least"], found["total_most"]) == result.bounds
        assert found["total"] == result.total
        assert found["points_outer_town"] == 0
        assert found["reached"] is result.reached


def test_a_device_leaves_a_multiplier_to_the_site() -> None:
    with pytest.raises(NotRepresentable):
        build_device_document(measure().rules_on(ON), ON)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("by: 1.3", "by: 0", "JF-P071"),
        ("by: 1.3", "by: 101", "JF-P071"),
        ("places: 0", "places: 3", "JF-P021"),
        ("when: certified", "when: certificate", "JF-P019"),
        ("by: 1.3", "of: groups", "JF-P011"),
    ],
)
def test_what_cannot_be_read_is_named(old: str, new: str, code: str) -> None:
    assert old in MULTIPLIER
    assert code in codes(MULTIPLIER.replace(old, new, 1))


def test_a_score_to_rank_by_is_multiplied_with_its_group() -> None:
    assert score_group(assess(measure("group"), PERSON, ON), "basic") == Decimal("68.9")
    assert score_group(assess(measure("total"), PERSON, ON), "basic") == Decimal(53)
