"""The lab as a library: any dataframe in, any dataframe out, the same figures as the command."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import jifen
from jifen.cli.app import app
from jifen.lab.library import Result
from jifen.policy.fault import PolicyError
from jifen.scoring.population.columns import TableError
from tests.people.changed_policies import ON, SHANGHAI
from tests.people.notebook_tables import read_html_tables
from tests.people.tables import build_table

RUNNER = CliRunner()
LESS = {"indicators.education.choice.points.master": 60}
LINES = {"decision.lines.0.points": [100, 120]}


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """Some people with weights and a district, one with a value that cannot be used."""
    made = build_table(SHANGHAI.rules_on(ON), 400, 5, unknown=0.02, conduct=False)
    education = made.column("education").to_pylist()
    education[3] = "batchelor"
    made = made.set_column(made.column_names.index("education"), "education", pa.array(education))
    made = made.append_column("w", pa.array([0.5, 2.0] * 200))
    return made.append_column("district", pa.array(["浦东", "徐汇"] * 200))


class OnlyStream:
    """A dataframe of which nothing is known but the Arrow interface."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def command(*words: str | Path) -> dict[str, Any]:
    done = RUNNER.invoke(app, ["lab", *map(str, words), "--on", str(ON), "--json"])
    assert done.exit_code == 0, (done.stderr, done.exception)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def plain(result: Any) -> Any:
    return json.loads(json.dumps(result.to_dict()))


@pytest.mark.parametrize(
    "kind", ["arrow", "stream", "polars", "categories", "batch", "dict", "file"]
)
def test_any_dataframe_is_taken(table: pa.Table, tmp_path: Path, kind: str) -> None:
    pq.write_table(table, tmp_path / "p.parquet")
    source: Any = {
        "arrow": table,
        "stream": OnlyStream(table),
        "polars": pl.DataFrame(table),
        "categories": pl.DataFrame(table).with_columns(pl.col(pl.String).cast(pl.Categorical)),
        "batch": table.to_batches()[0],
        "dict": table.to_pydict(),
        "file": tmp_path / "p.parquet",
    }[kind]
    people = jifen.Population("shanghai", source, ON, weight="w", by=["district"])
    found = jifen.run("shanghai", people, ON, by=["education", "district"])
    assert len(people) == 400
    assert found["people"] == 500
    districts = {row["group"]: row["people"] for row in found["groups"]["district"]}
    assert districts == {"浦东": 100, "徐汇": 400 - 2}
    assert people.problems.column("row").to_pylist() == [3]
    assert people.problems.column("code").to_pylist() == ["JF-F002"]
    whole = command("run", "shanghai", tmp_path / "p.parquet", "--weight", "w", "--by", "education")
    assert whole == {**plain(found), "groups": {"education": found["groups"]["education"]}}


def test_the_questions_are_those_of_the_command(table: pa.Table, tmp_path: Path) -> None:
    file = tmp_path / "p.parquet"
    pq.write_table(table, file)
    quota = command("quota", "shanghai", file, "--admit", "50")
    assert plain(jifen.quota("shanghai", table, ON, admit=50)) == quota
    head = 'language: "1"\nlabel: {zh: 改动, en: the change}\npolicy: shanghai-points\n'
    path = "indicators.education.choice.points.master"
    (tmp_path / "r.yaml").write_text(f"{head}reform: change\nchange: {{{path}: 60}}\n", "utf-8")
    [expected] = command("reform", "shanghai", file, "--reform", tmp_path / "r.yaml")["reforms"]
    found = plain(jifen.reform("shanghai", table, ON, LESS))
    assert {name: found[name] for name in expected if name in found} == {
        name: expected[name] for name in expected if name in found
    }
    assert found["everybody"] == expected["everybody"]
    by_file = jifen.reform("shanghai", table, ON, tmp_path / "r.yaml")
    assert by_file["everybody"] == expected["everybody"]
    sweep = jifen.sweep("shanghai", table, ON, LINES)
    reached = [row["reached"]["surely"] for row in sweep["variants"]]
    assert reached[1] == jifen.run("shanghai", table, ON)["reached"]["surely"]
    assert reached[0] >= reached[1]


def test_results_show_themselves_and_go_on_as_dataframes(table: pa.Table) -> None:
    people = jifen.Population("shanghai", table, ON, weight="w")
    assert repr(people).startswith("<Population of shanghai: 400 rows, ")
    assert repr(people).endswith("weighted by 'w', 1 problems>")
    facts = read_html_tables(people._repr_html_())[0]
    assert ["education", "学历学位", "Education"] in facts
    assert len(facts) == len(people.facts) + 1
    found = jifen.run("shanghai", people, ON, by=["education"])
    assert repr(found).startswith("<run: run_classes, run_totals, run_groups")
    assert "确定达到" in str(found)
    assert "surely reach the line" in found.to_text("en")
    html = found._repr_html_()
    assert html.startswith("<pre>")
    assert '<th scope="col">question</th>' in html
    assert html.count("<caption") == 1
    shown = read_html_tables(html)[0]
    assert shown[0] == found.to_arrow().column_names
    assert len(shown) == found.to_arrow().num_rows + 1
    assert pl.DataFrame(found).shape[0] == 2
    groups = found.to_arrow("run_groups")
    assert "education" in groups.column("by").to_pylist()
    with pytest.raises(KeyError, match="there are: run_classes"):
        found.to_arrow("groups")
    again = jifen.Population("shanghai", pl.DataFrame(people), ON)
    assert len(again) == 399
    assert plain(jifen.run("shanghai", again, ON))["people"] == 399


def test_what_a_notebook_shows_is_escaped_and_not_without_end() -> None:
    rows = {"part": ["<script>alert(1)</script>"] * 50, "people": [1234567] * 50}
    hostile = Result("<b>", {}, {"<i>": pa.table(rows)}, lambda _: "<u>")
    html = hostile._repr_html_()
    assert "<script>" not in html
    assert "<u>" not in html
    shown = read_html_tables(html)[0]
    assert shown[1] == ["<script>alert(1)</script>", "1,234,567"]
    assert len(shown) == 1 + 20
    assert "20 / 50" in html
    assert read_html_tables(Result("none", {}, {}, lambda _: "")._repr_html_()) == []


def test_labels_are_understood_in_dataframes_too() -> None:
    rows = {"出生日期": ["1990年5月1日"], "学历学位": ["博士研究生学历学位"]}
    used = SHANGHAI.rules_on(ON).used
    others = {fact: ... for fact in used if fact not in ("education", "birth_date", "age")}
    scored = jifen.score_population("shanghai", rows, date(2025, 6, 1), assume=others, lines=True)
    assert scored.column("points_education_most").to_pylist() == [110]
    assert scored.column("points_age").to_pylist() == [30]


def test_what_makes_no_sense_is_refused_in_words(table: pa.Table) -> None:
    with pytest.raises(TableError, match="int is no table of people"):
        jifen.Population("shanghai", 7, ON)
    with pytest.raises(TableError, match="there is no column 'v'"):
        jifen.Population("shanghai", table, ON, weight="v")
    with pytest.raises(TableError, match="the quota 0 must be above 0"):
        jifen.quota("shanghai", table, ON, admit=0)
    with pytest.raises(PolicyError, match="JF-P"):
        jifen.reform("shanghai", table, ON, {"indicators.educaton.points": 1})
    with pytest.raises(jifen.NotInForce):
        jifen.run("shanghai", table, "1999-01-01")
