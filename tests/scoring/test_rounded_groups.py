"""`round` on a group: after its cap, before what multiplies it, in every way of scoring."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.lab.sweeps.leaves import find_structure_faults
from jifen.policy.diff import find_difference
from jifen.policy.policy import Policy
from jifen.scoring import assess
from jifen.scoring.device import NotRepresentable, build_device_document
from jifen.scoring.population.program import build_program
from jifen.scoring.population.scorer import score_population
from tests.hypothesis_profiles import each
from tests.policy.faults import MINIMAL, policy

ON = date(2024, 6, 1)
GROUP = "{id: basic, label: {zh: 基础, en: Basic}, confidence: likely}"
RATE = """indicators:
  - id: rate
    label: {zh: 折算, en: In proportion}
    group: rounded
    accrual: {of: insured_months_last_12, each: 5, every: 12 months, round: {places: 2, mode: down}}
    confidence: likely
  - id: loss
    label: {zh: 减分, en: Loss}
    group: rounded
    when: permit_valid
    condition: {when: permit_valid, points: -2.5}
    confidence: likely
"""


def _measure(mode: str, most: str = "", multiplied: bool = False) -> Policy:
    group = (
        "{id: rounded, label: {zh: 取整, en: Rounded}, parent: basic, "
        f"round: {{places: 0, mode: {mode}}}, {most}confidence: likely}}"
    )
    assert GROUP in MINIMAL
    text = MINIMAL.replace(GROUP, f"{GROUP}\n  - {group}", 1)
    text = text.replace("floor: 0\n", "precision: 2\nfloor: -100\n", 1)
    factor = """  - id: twice
    label: {zh: 一倍半, en: One and a half}
    group: rounded
    multiplier: {when: education = college, of: group, by: 1.5, round: {places: 2, mode: half_up}}
    confidence: likely
"""
    own = text.index("  - id: education\n")
    if multiplied:  # the facts of a multiplier give no other points
        text = text[:own] + text[text.index("  - id: insurance\n") :]
    rate = RATE + factor if multiplied else RATE
    return policy(text.replace("indicators:\n", rate, 1))


def _known(months: int, permit: bool) -> dict[str, Any]:
    facts = {"age": 60, "education": "none", "insured_months": 0, "base_ratio": 0}
    records = {"detention_count_5y": 0, "serious_crime": False}
    return {**facts, **records, "insured_months_last_12": months, "permit_valid": permit}


def _total(measure: Policy, months: int, permit: bool = False) -> Decimal:
    low, high = assess(measure, _known(months, permit), ON).bounds
    assert low == high
    return low


@pytest.mark.parametrize(
    ("mode", "months", "points"),
    [("half_up", 5, 2), ("half_up", 6, 3), ("down", 11, 4), ("up", 5, 3), ("up", 12, 5)],
)
def test_what_a_group_gives_is_rounded(mode: str, months: int, points: int) -> None:
    """2.08, 2.50, 4.58, 2.08 and 5.00 points before."""
    assert _total(_measure(mode), months) == points


def test_a_negative_group_is_rounded_as_its_amount() -> None:
    assert _total(_measure("half_up"), 0, permit=True) == -3
    assert _total(_measure("down"), 0, permit=True) == -2


def test_the_cap_comes_before_the_rounding_and_the_multiplier_after() -> None:
    assert _total(_measure("half_up", "most: 2.4, "), 12) == 2
    multiplied = _measure("half_up", multiplied=True)
    result = assess(multiplied, _known(6, False) | {"education": "college"}, ON)
    assert result.bounds[0] == Decimal("4.5")  # 2.5 is 3, times one and a half


_OPEN = ("insured_months_last_12", "permit_valid")


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(0, 12)), st.one_of(st.none(), st.booleans())),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["half_up", "down", "up"]),
    st.booleans(),
)
@each(60, 1_000)
def test_the_compiled_loop_gives_what_one_person_gets(
    people: list[tuple[int | None, bool | None]], mode: str, multiplied: bool
) -> None:
    measure = _measure(mode, multiplied=multiplied)
    facts = [_known(0, False) | dict(zip(_OPEN, person, strict=True)) for person in people]
    columns = {key: pa.array([row[key] for row in facts]) for key in facts[0]}
    scored = score_population(measure, pa.table(columns), on=ON, lines=True)
    names = [n for n in ("total", "total_least", "total_most") if n in scored.column_names]
    for number, row in enumerate(facts):
        known = {key: value for key, value in row.items() if value is not None}
        told = [scored[name].to_pylist()[number] for name in names]
        assert (
            (told[-2], told[-1]) == assess(measure, known, ON).bounds
            if len(told) > 1
            else ((told[0], told[0]) == assess(measure, known, ON).bounds)
        )


def test_the_page_and_the_difference_say_it() -> None:
    said = find_difference(_measure("half_up"), _measure("down")).to_text("en")
    assert "rounded half up to a whole number" in said
    assert "rounded down to a whole number" in said


def test_a_measure_with_such_a_group_is_left_to_the_site() -> None:
    with pytest.raises(NotRepresentable):
        build_device_document(_measure("down").rules_on(ON), ON)


def test_a_sweep_refuses_it_in_words() -> None:
    (words,) = find_structure_faults([build_program(_measure("down").rules_on(ON))])
    assert words.en.startswith("the measure rounds a group, which a sweep does not do")
    assert "取整的组" in words.zh
