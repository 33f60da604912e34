"""Columns of every type become the same codes, and what cannot be used is told, row by row."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jifen.cities import load
from jifen.scoring import assess
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.scorer import CellFaults, score_population, score_with_faults

POLICY, ON = load("shanghai", "2018"), date(2025, 6, 1)
UNKNOWN: dict[str, Any] = {
    ident: ... for ident in POLICY.rules_on(ON).used if ident != "family_planning_breach"
}


def _line(ident: str, column: Any, indicator: str) -> list[Any]:
    """The points of one indicator from one column, everything else unknown."""
    assume = {i: v for i, v in UNKNOWN.items() if i != ident}
    table = pa.table({ident: column})
    result = score_population(POLICY, table, on=ON, lines=True, assume=assume)
    name = f"points_{indicator}"
    low, high = result.column(f"{name}_least"), result.column(f"{name}_most")
    assert low.equals(high)
    found: list[Any] = low.to_pylist()
    return found


def _alone(ident: str, value: Any, indicator: str) -> int:
    line = assess(POLICY, {ident: value}, ON).line(indicator)
    assert line.scaled_low == line.scaled_high
    return line.scaled_low


MONEY = ["0", "99999.99", "100000", "100000.01", "1200000", "34567890.12"]
MONEY_TYPES = [
    pa.float64(),
    pa.decimal128(18, 2),
    pa.decimal128(14, 4),
    pa.decimal128(38, 10),
    pa.decimal256(40, 2),
    pa.string(),
    pa.large_string(),
    pa.dictionary(pa.int8(), pa.string()),
]


@pytest.mark.parametrize("kind", MONEY_TYPES, ids=str)
def test_money_in_any_type(kind: pa.DataType) -> None:
    values: list[Any] = list(MONEY)
    if pa.types.is_floating(kind):
        values = [float(v) for v in MONEY]
    elif pa.types.is_decimal(kind):
        values = [Decimal(v) for v in MONEY]
    expected = [_alone("average_annual_tax", Decimal(v), "investment_tax") for v in MONEY]
    assert _line("average_annual_tax", pa.array(values, kind), "investment_tax") == expected


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "uint16", "int32", "int64", "uint64"])
def test_whole_numbers_of_any_width(kind: str) -> None:
    months = [0, 11, 12, 13, 59, 60, 120]
    expected = [_alone("insured_months", m, "insurance_years") for m in months]
    column = pa.array(months, getattr(pa, kind)())
    assert _line("insured_months", column, "insurance_years") == expected


@pytest.mark.parametrize("kind", [pa.float32(), pa.float64(), pa.decimal128(5, 1), pa.string()])
def test_whole_numbers_in_other_clothes(kind: pa.DataType) -> None:
    values: Any = ["12", "36"] if pa.types.is_string(kind) else [Decimal(12), Decimal(36)]
    if pa.types.is_floating(kind):
        values = [12.0, 36.0]
    assert _line("insured_months", pa.array(values, kind), "insurance_years") == [3, 9]


def test_a_ratio_of_32_bits_is_the_number_that_was_written() -> None:
    chengdu = load("chengdu", "2020")
    on = date(2022, 6, 15)
    facts = [ident for ident in chengdu.rules_on(on).used if ident != "pension_base_ratio"]
    assume: dict[str, Any] = dict.fromkeys(facts, ...)
    column = pa.array([0.1, 1.2, 2.9], pa.float32())
    table = pa.table({"pension_base_ratio": column})
    result, faults = score_with_faults(chengdu, table, on=on, assume=assume)
    assert faults == []
    assert result.num_rows == 3


@pytest.mark.parametrize(
    ("ident", "values", "wrong", "code"),
    [
        ("insured_months", pa.array([12, 721, 24]), {1: "721"}, "JF-F004"),
        ("insured_months", pa.array([12, -1, 24]), {1: "-1"}, "JF-F004"),
        ("insured_months", pa.array([12.0, 12.5, float("nan")]), {1: "12.5", 2: "nan"}, "JF-F003"),
        ("insured_months", pa.array(["12", "a year", "24"]), {1: "a year"}, "JF-F003"),
        ("age", pa.array([float("inf"), 40.0, 41.0]), {0: "inf"}, "JF-F003"),
        ("average_annual_tax", pa.array([1.0, 1.005, 2.5]), {1: "1.005"}, "JF-F003"),
        ("education", pa.array(["master", "Masters", "doctor"]), {1: "Masters"}, "JF-F002"),
        ("permit_valid", pa.array(["true", "maybe", "是"]), {1: "maybe"}, "JF-F006"),
        ("permit_valid", pa.array([1, 0, 1]), {0: "1", 1: "0", 2: "1"}, "JF-F006"),
    ],
)
def test_values_that_cannot_be_used(
    ident: str, values: pa.Array, wrong: dict[int, str], code: str
) -> None:
    assume = {i: v for i, v in UNKNOWN.items() if i != ident}
    table = pa.table({ident: values})
    result, faults = score_with_faults(POLICY, table, on=ON, assume=assume)
    assert {fault.row: fault.value for fault in faults} == wrong
    assert {fault.fault.code for fault in faults} == {code}
    for row, found in enumerate(result.to_pylist()):
        empty = found["total_least"] is None and found["reached"] is None
        assert empty is (row in wrong)
    with pytest.raises(CellFaults, match="cannot be used"):
        score_population(POLICY, table, on=ON, assume=assume, strict=True)


def test_null_is_unknown_and_the_flag_beside_says_not_applicable() -> None:
    chengdu, on = load("chengdu", "2020"), date(2022, 6, 15)
    facts = [
        i for i in chengdu.rules_on(on).used if i not in ("pension_base_ratio", "pension_months")
    ]
    assume: dict[str, Any] = dict.fromkeys(facts, ...) | {"pension_months": 40}
    table = pa.table(
        {
            "pension_base_ratio": pa.array([None, None, 2.5], pa.float64()),
            "pension_base_ratio_not_applicable": [False, True, None],
        }
    )
    result = score_population(chengdu, table, on=on, lines=True, assume=assume)
    low = result.column("points_contribution_base_least").to_pylist()
    high = result.column("points_contribution_base_most").to_pylist()
    assert high[0] > low[0] == 0
    assert (low[1], high[1]) == (0, 0)
    assert low[2] == high[2] > 0


def test_a_value_beside_the_flag_is_a_contradiction() -> None:
    assume = {i: v for i, v in UNKNOWN.items() if i != "insured_months"}
    table = pa.table({"insured_months": [12], "insured_months_not_applicable": [True]})
    _, (fault,) = score_with_faults(POLICY, table, on=ON, assume=assume)
    assert fault.fault.code == "JF-F040"


def test_a_birth_date_gives_the_age_and_must_agree_with_it() -> None:
    assume = {i: v for i, v in UNKNOWN.items() if i != "age"}
    born = [date(1990, 6, 1), date(1990, 6, 2), None, date(1992, 2, 29)]
    table = pa.table({"birth_date": born, "age": pa.array([35, 35, 40, None], pa.int64())})
    result, faults = score_with_faults(POLICY, table, on=ON, lines=True, assume=assume)
    assert [(fault.row, fault.fault.code) for fault in faults] == [(1, "JF-F040")]
    points = result.column("points_age_least").to_pylist()
    assert points == [30, None, 30, 30]


def test_slices_and_chunks_of_bits_and_dictionaries_are_read_where_they_begin() -> None:
    draw = np.random.default_rng(2)
    flags = pa.array(draw.random(203) < 0.5)
    answers = pa.array([["none", "college", "master"][n] for n in draw.integers(0, 3, 203)])
    whole = pa.table({"permit_valid": flags, "education": answers.dictionary_encode()})
    assume = {i: v for i, v in UNKNOWN.items() if i not in whole.column_names}
    expected = score_population(POLICY, whole, on=ON, lines=True, assume=assume)
    pieces = pa.concat_tables([whole.slice(0, 3), whole.slice(3, 66), whole.slice(69)])
    pieces = pieces.set_column(0, "permit_valid", whole.column("permit_valid"))
    assert score_population(POLICY, pieces, on=ON, lines=True, assume=assume).equals(expected)
    later = score_population(POLICY, whole.slice(13, 101), on=ON, lines=True, assume=assume)
    assert later.equals(expected.slice(13, 101))


def test_a_wrong_answer_that_nobody_gives_is_no_fault() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int8()), ["master", "nonsense"])
    assume = {i: v for i, v in UNKNOWN.items() if i != "education"}
    _, faults = score_with_faults(POLICY, pa.table({"education": column}), on=ON, assume=assume)
    assert faults == []


def test_an_empty_column_is_unknown_for_everybody() -> None:
    assume = {i: v for i, v in UNKNOWN.items() if i != "education"}
    result = score_population(POLICY, pa.table({"education": pa.nulls(3)}), on=ON, assume=assume)
    assert result.column("total").null_count == 3


def test_a_missing_column_says_what_it_is_for() -> None:
    with pytest.raises(TableError) as caught:
        score_population(POLICY, pa.table({"tittle": ["none"]}), on=ON)
    words = str(caught.value)
    assert "the column 'title' is missing (Title or skill level)" in words
    assert "Professional title or skill level" in words
    assert "Is it the column 'tittle'?" in words
    assert "'age' (or 'birth_date') is missing" in words


def test_columns_that_are_not_read_are_kept_through() -> None:
    table = pa.table({"person": ["a", "b"], "district": ["x", "y"]})
    result = score_population(POLICY, table, on=ON, assume=UNKNOWN)
    assert result.column_names[:2] == ["person", "district"]
    only = score_population(POLICY, table, on=ON, assume=UNKNOWN, keep=["district"])
    assert only.column_names[0] == "district"
    with pytest.raises(TableError, match="has the name of a result"):
        score_population(POLICY, pa.table({"total": [1]}), on=ON, assume=UNKNOWN)
    with pytest.raises(TableError, match="no column 'persons' to keep"):
        score_population(POLICY, table, on=ON, assume=UNKNOWN, keep=["persons"])


def test_what_is_assumed_must_be_a_fact_and_a_value_of_it() -> None:
    table = pa.table({"person": [1]})
    with pytest.raises(TableError, match="there is no fact 'titel'"):
        score_population(POLICY, table, on=ON, assume={**UNKNOWN, "titel": "none"})
    with pytest.raises(TableError, match="--assume title"):
        score_population(POLICY, table, on=ON, assume={**UNKNOWN, "title": "master"})


def test_a_column_may_name_its_city() -> None:
    """`award` means something else in each city: a table for both says which is which."""
    assume = {i: v for i, v in UNKNOWN.items() if i != "award"}
    table = pa.table({"award": ["national"], "shanghai.award": ["provincial"]})
    result = score_population(POLICY, table, on=ON, lines=True, assume=assume)
    assert result.column("points_award_least").to_pylist() == [110]
    assert result.column_names[0] == "award"  # the other city's is kept through


def test_one_person_needs_neither_numpy_nor_arrow() -> None:
    code = (
        "import sys, jifen.scoring, jifen.cli.person;print({'numpy', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
