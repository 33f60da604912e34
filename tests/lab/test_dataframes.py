"""The library takes the dataframes of others and gives its tables to them: pandas, DuckDB, polars,
pyarrow. What it says of the same people is the same."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import jifen
from jifen.lab.people import draw_people, load_margins
from jifen.scoring.population.columns import TableError
from tests.people.changed_policies import ON, SHANGHAI
from tests.people.tables import build_table

LESS = {"indicators.education.choice.points.master": 60}


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """People with facts unknown, weights, and a district that is no fact."""
    made = build_table(SHANGHAI.rules_on(ON), 300, 9, unknown=0.05, conduct=False)
    made = made.append_column("w", pa.array([0.5, 2.0, 1.0] * 100))
    return made.append_column("district", pa.array(["浦东", "徐汇"] * 150))


def to_pandas(table: pa.Table) -> Any:
    """As pandas reads a file: whole numbers with gaps become floats."""
    pytest.importorskip("pandas")
    return table.to_pandas()


def to_pandas_of_arrow(table: pa.Table) -> Any:
    pandas = pytest.importorskip("pandas")
    return table.to_pandas(types_mapper=pandas.ArrowDtype)


def to_duckdb(table: pa.Table) -> Any:
    duckdb = pytest.importorskip("duckdb")
    return duckdb.connect().from_arrow(table)


FRAMES: dict[str, Callable[[pa.Table], Any]] = {
    "pandas": to_pandas,
    "pandas of Arrow": to_pandas_of_arrow,
    "duckdb": to_duckdb,
    "polars": pl.DataFrame,
    "a reader": lambda table: pa.RecordBatchReader.from_batches(table.schema, table.to_batches()),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_the_same_people_of_any_dataframe_give_the_same_figures(table: pa.Table, kind: str) -> None:
    def tell(source: Any) -> Any:
        people = jifen.Population("shanghai", source, ON, weight="w", by=["district"])
        run = jifen.run("shanghai", people, ON, by=["education", "district"])
        reform = jifen.reform("shanghai", people, ON, LESS, by=["district"])
        return json.loads(json.dumps([run.to_dict(), reform.to_dict()]))

    assert tell(FRAMES[kind](table)) == tell(table)
    facts = table.drop_columns(["w", "district"])
    scored = jifen.score("shanghai", FRAMES[kind](facts), ON)
    assert scored.equals(jifen.score("shanghai", facts, ON))


def test_a_further_column_by_which_is_asked_needs_no_population(table: pa.Table) -> None:
    """A dataframe alone: the column is read because it is asked for."""
    frame = pl.DataFrame(table)
    run = jifen.run("shanghai", frame, ON, by=["district"])
    assert {row["group"]: row["people"] for row in run["groups"]["district"]} == {
        "浦东": 150,
        "徐汇": 150,
    }
    reform = jifen.reform("shanghai", frame, ON, LESS, by=["district"])
    assert len(reform["groups"]["district"]) == 2
    swept = jifen.sweep("shanghai", frame, ON, {"decision.lines.0.points": [100]}, by="district")
    assert set(swept["variants"][0]["groups"]) == {"浦东", "徐汇"}
    fair = jifen.fairness("shanghai", frame, ON, by=["district"])
    assert {row["group_id"] for row in fair.to_arrow("groups").to_pylist()} == {"浦东", "徐汇"}
    with pytest.raises(TableError, match="there is no column 'street'"):
        jifen.run("shanghai", frame, ON, by=["street"])


def test_a_dataframe_alone_is_enough_for_places_at_school_and_for_margins_of_districts() -> None:
    drawn = pl.DataFrame(draw_people(load_margins("shanghai"), 6_000, 5))
    fair = jifen.fairness("shanghai", drawn, ON)
    assert {"groups", "lorenz", "places"} <= set(fair.tables)
    grouped = set(fair.to_arrow("groups").column("by").to_pylist())
    assert {"sex", "age", "district"} <= grouped
    raked = jifen.rake("shanghai", drawn, ON)
    assert "district" in raked.to_arrow("shares").column("margin").to_pylist()
    assert "district" in raked.to_arrow("people").column_names


def test_pandas_takes_every_table_with_its_figures(table: pa.Table) -> None:
    pandas = pytest.importorskip("pandas")
    people = jifen.Population("shanghai", table, ON)
    run = jifen.run("shanghai", people, ON, by=["education"])
    groups = run.to_pandas("run_groups")
    assert isinstance(groups, pandas.DataFrame)
    assert groups["people"].sum() == run["people"]
    assert len(people.to_pandas()) == len(people)


def test_duckdb_counts_what_the_library_counts(table: pa.Table) -> None:
    duckdb = pytest.importorskip("duckdb")
    scored = jifen.score("shanghai", table.drop_columns(["w", "district"]), date(2025, 6, 1))
    run = jifen.run("shanghai", table, ON)
    connection = duckdb.connect()
    connection.register("scored", scored)
    [counted] = connection.sql(
        "select count(*) filter (reached), count(*) filter (reached is null), count(*) from scored"
    ).fetchall()
    reached = run["reached"]
    assert counted == (reached["surely"], reached["perhaps"], run["people"])
    connection.register("classes", run.to_arrow())
    rows = connection.sql("select surely from classes where question = 'reached'").fetchall()
    assert rows == [(reached["surely"],)]
