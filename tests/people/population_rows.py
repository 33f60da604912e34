"""People as rows of a population table, and what the table gives against the plain evaluator."""

from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from jifen.policy.policy import Policy
from jifen.policy.vocabulary import WHOLE_TYPES, Fact
from jifen.scoring import assess
from jifen.scoring.population.program import Program, build_program
from jifen.scoring.population.scorer import score_population
from tests.people.strategies import possible_values

Row = dict[str, Any]


def table_of(program: Program, rows: list[Row]) -> pa.Table:
    """People as a table: a fact left out is null, one that is None is marked beside its column."""
    columns: dict[str, Any] = {}
    for ident, axis in program.axes.items():
        values = [row.get(ident) for row in rows]
        columns[ident] = pa.array(values, _type(axis.fact))
        aside = [ident in row and row[ident] is None for row in rows]
        if any(aside):
            columns[f"{ident}_not_applicable"] = aside
    return pa.table(columns)


def _type(fact: Fact) -> pa.DataType:
    if fact.type == "bool":
        return pa.bool_()
    if fact.type == "choice":
        return pa.string()
    return pa.int64() if fact.type in WHOLE_TYPES else pa.decimal128(24, 6)


def assert_equal(policy: Policy, on: date, rows: list[Row], readings: Any = None) -> None:
    """Every column of the result against the plain evaluator."""
    program = build_program(policy.rules_on(on, readings))
    table = table_of(program, rows)
    found = score_population(policy, table, on=on, lines=True, readings=readings).to_pylist()
    for row, result in zip(rows, found, strict=True):
        one = assess(policy, row, on, readings=readings)
        low, high = one.bounds
        assert result.get("total_least", result["total"]) == low, row
        assert result.get("total_most", result["total"]) == high, row
        verdict = (result["total"], result["eligible"], result["vetoed"], result["reached"])
        assert verdict == (one.total, one.eligible, one.vetoed, one.reached), row
        for line in one.lines:
            name = f"points_{line.indicator.id}"
            ends = line.bounds
            whole = result[name]
            assert (
                result.get(f"{name}_least", whole),
                result.get(f"{name}_most", whole),
            ) == ends, (
                row,
                name,
            )


@st.composite
def rows_of(draw: st.DrawFn, policy: Policy, on: date) -> list[Row]:
    """A few people; each fact known, not applicable or absent."""
    rules = policy.rules_on(on)
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        row: Row = {}
        for ident, axis in build_program(rules).axes.items():
            if draw(st.integers(0, 19)):
                row[ident] = draw(possible_values(rules, axis.fact, on))
        rows.append(row)
    return rows
