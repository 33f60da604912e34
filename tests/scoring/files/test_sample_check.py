"""The sample that is scored again: who is drawn, and which difference is found."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jifen.policy import Policy
from jifen.scoring import assess, score_population
from jifen.scoring.files.sample_check import CheckSample, Disagreement, _scramble_row_numbers
from jifen.scoring.population.columns import plan_columns
from jifen.scoring.population.program import build_program
from tests.policy.faults import HERE, policy

ON = date(2023, 8, 1)
PERSON: dict[str, Any] = {
    "insured_months": 61,
    "insured_months_last_12": 12,
    "base_ratio": Decimal("2.5"),
    "education": "college",
    "permit_valid": True,
    "serious_crime": False,
    "detention_count_5y": 0,
}


def full() -> Policy:
    return policy((HERE / "printed" / "full.yaml").read_text("utf-8"))


def people(count: int) -> pa.Table:
    return pa.Table.from_pylist([PERSON | {"age": 18 + number % 40} for number in range(count)])


def results(table: pa.Table) -> pa.Table:
    return score_population(full(), table, on=ON, lines=True)


def sample(size: int, table: pa.Table) -> CheckSample:
    program = build_program(full().rules_on(ON))
    plan = plan_columns(program, table.column_names, assumed={}, keep=None, results=())
    return CheckSample(size, full(), ON, {}, plan)


def drawn(size: int, parts: list[int]) -> list[int]:
    """The numbers of the rows that are drawn from parts of some lengths."""
    table = people(sum(parts))
    scored, taken, before = results(table), sample(size, table), 0
    for length in parts:
        taken.draw_from(table.slice(before, length), scored.slice(before, length), before)
        before += length
    taken.compare_scores()
    assert len(taken) == min(size, sum(parts))
    return sorted(row for _, row, _, _ in taken._drawn)


def test_row_numbers_are_scrambled_by_the_published_function() -> None:
    """The first values of SplitMix64 from the seed 0: its state grows by the golden ratio."""
    golden = 0x9E3779B97F4A7C15
    numbers = np.array([0, golden, 2 * golden % 2**64], np.uint64)
    assert [f"{int(value):016x}" for value in _scramble_row_numbers(numbers)] == [
        "e220a8397b1dcdaf",
        "6e789e6aa1b965f4",
        "06c45d188009454f",
    ]


@pytest.mark.parametrize("parts", [[100], [50, 50], [1] * 100, [0, 99, 1], [7, 0, 93]])
def test_the_same_people_are_drawn_whatever_the_parts(parts: list[int]) -> None:
    keys = _scramble_row_numbers(np.arange(100, dtype=np.uint64))
    expected = sorted(np.argsort(keys)[:8].tolist())
    assert drawn(8, parts) == expected


def test_more_than_there_are_is_everybody_and_none_is_nobody() -> None:
    assert drawn(500, [20, 20]) == list(range(40))
    assert drawn(0, [20]) == []


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("total", Decimal("0.1"), "different: total"),
        ("eligible", False, "different: total"),
        ("vetoed", True, "different: total"),
        ("reached", False, "different: total"),
        ("points_age", Decimal("29.9"), "different: age"),
    ],
)
def test_any_answer_that_differs_is_named_with_its_row(column: str, value: Any, words: str) -> None:
    table = people(1)
    right = results(table)
    field = right.schema.field(column)
    wrong = right.set_column(
        right.schema.get_field_index(column), field, pa.array([value], field.type)
    )
    taken = sample(1, table)
    taken.draw_from(table, wrong, 41)
    with pytest.raises(Disagreement, match="row 41: ") as error:
        taken.compare_scores()
    assert words in str(error.value)


def test_an_unknown_fact_and_one_that_does_not_apply_are_read_as_they_were_scored() -> None:
    table = people(2)
    table = table.set_column(
        table.column_names.index("base_ratio"), "base_ratio", pa.array([None, None], pa.float64())
    ).append_column("base_ratio_not_applicable", pa.array([True, False]))
    taken = sample(2, table)
    taken.draw_from(table, results(table), 0)
    taken.compare_scores()
    alone = assess(full(), PERSON | {"age": 18, "base_ratio": None}, ON)
    assert results(table).column("total")[0].as_py() == alone.total
