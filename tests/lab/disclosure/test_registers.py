"""Of a register no count below five leaves the lab: in words, JSON, tables and reports."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.lab.people import load_margins
from jifen.lab.people.draw import draw_people
from tests.people.changed_policies import ON

RUNNER = CliRunner()
HEAD = 'language: "1"\nlabel: {zh: 试, en: Try}\npolicy: shanghai-points\n'
LESS = f"{HEAD}reform: less\nchange: {{indicators.education.choice.points.master: 60}}\n"
MORE = f"{HEAD}reform: more\nchange: {{decision.lines.0.points: 118}}\n"
LINES = (
    f"{HEAD}sweep: lines\nvary: [{{id: line, label: {{zh: 线, en: Line}}, "
    "paths: [decision.lines.0.points], range: {from: 110, to: 125, step: 1}}]\n"
)
COUNT_WORDS = ("people", "reached", "perhaps", "surely", "admissible", "known", "gains", "loses",
               "stays", "open", "more", "same", "fewer", "newly", "lost", "entered", "gone",
               "settled", "counted", "at_most", "alone", "ties", "ranked", "least", "most",
               "under", "left", "never", "before", "after", "within_one_step")  # fmt: skip
NO_COUNT = ("mean", "share", "line", "total", "change", "points", "ratio", "age", "gini", "part")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five hundred people who are not synthetic, of one district three; reforms, a sweep."""
    folder = tmp_path_factory.mktemp("register")
    table = draw_people(load_margins("shanghai"), 500, 11, unknown=0.01)
    district = ["chongming" if n < 3 else ("pudong", "putuo", "hongkou")[n % 3] for n in range(500)]
    place = table.column_names.index("district")
    table = table.set_column(place, "district", pa.array(district)).replace_schema_metadata(None)
    pq.write_table(table, folder / "people.parquet")
    for name, text in (("less", LESS), ("more", MORE), ("lines", LINES)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


COMMANDS = {
    "run": "run shanghai {}/people.parquet --by district --by education",
    "reform": "reform shanghai {}/people.parquet --reform {}/less.yaml --reform {}/more.yaml "
    "--by district",
    "sweep": "sweep shanghai {}/people.parquet {}/lines.yaml --by district",
    "years": "years shanghai {}/people.parquet --years 2 --by district --draws 2",
    "fairness": "fairness shanghai {}/people.parquet --by district --reform {}/less.yaml",
    "uncertainty": "uncertainty shanghai {}/people.parquet",
    "quota": "quota shanghai {}/people.parquet --admit 40",
    "compare": "compare {}/people.parquet shanghai@2013 shanghai@2018",
}


def ask(folder: Path, name: str, *more: str) -> str:
    """A command of the lab over the register."""
    words = COMMANDS[name].replace("{}", str(folder)).split()
    done = RUNNER.invoke(app, ["lab", *words, "--on", str(ON), *more])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def list_counts(document: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every number of a document that is a number of people, with its place."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from list_counts(value, f"{name}.{key}")
    elif isinstance(document, list):
        for value in document:
            yield from list_counts(value, name)
    elif isinstance(document, int | float) and not isinstance(document, bool):
        last = name.rpartition(".")[2]
        inside = (*name.split("."),)
        if not any(word in last for word in NO_COUNT) and (
            any(word in last for word in COUNT_WORDS) or {"steps", "only", "both"} & {*inside}
        ):
            yield name, document


@pytest.mark.parametrize("name", COMMANDS)
def test_the_json_tells_no_small_count(folder: Path, name: str) -> None:
    document = json.loads(ask(folder, name, "--json"))
    assert document["small_counts"] == "hidden"
    counts = list(list_counts(document))
    assert len(counts) > 3
    assert [(where, count) for where, count in counts if 0 < abs(count) < 5] == []


@pytest.mark.parametrize("name", ["run", "reform", "years"])
def test_without_hiding_there_would_be_small_counts(folder: Path, name: str) -> None:
    """The test above can fail: with --exact the same counts are there, and the output says so."""
    document = json.loads(ask(folder, name, "--json", "--exact"))
    assert document["small_counts"] == "shown"
    assert any(0 < abs(count) < 5 for _, count in list_counts(document))
    assert "不得外传" in ask(folder, name, "--exact") or name == "years"


@pytest.mark.parametrize("name", ["run", "reform", "sweep", "years", "fairness", "uncertainty"])
def test_tables_and_reports_tell_no_small_count(folder: Path, name: str, tmp_path: Path) -> None:
    html, out = tmp_path / "report.html", tmp_path / "out"
    kind = () if name == "years" else ("--format", "csv")
    words = ask(folder, name, "-o", str(out), "--html", str(html), "--lang", "en", *kind)
    assert name in ("years", "fairness") or "counts below 5" in words
    for file in out.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        for row in rows:
            cells = {key: float(cell) for key, cell in row.items() if _is_number(cell)}
            small = [
                (file.name, key, cell)
                for key, cell in list_counts(cells)
                if 0 < abs(cell) < 5 and file.stem not in ("years_parts", "lorenz")
            ]
            assert small == []
    page = html.read_text(encoding="utf-8")
    assert "低于 5" in page
    assert "nan" not in re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL).replace(
        "nance", ""
    ).replace("tenant", "")


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", cell))


def test_a_small_group_is_hidden_whole_and_never_alone(folder: Path) -> None:
    document = json.loads(ask(folder, "run", "--json"))
    rows = {row["group_id"]: row for row in document["groups"]["district"]}
    chongming = rows["chongming"]
    counts = ("people", "admissible", "not_reached", "known", "mean")
    assert {chongming[name] for name in counts} == {None}
    assert set(chongming["reached"].values()) == {None}
    everybody = sum(row["people"] or 0 for row in rows.values())
    assert document["people"] - everybody >= 5
    for name in ("people", "admissible", "not_reached", "known"):
        assert sum(row[name] is None for row in rows.values()) != 1


def test_what_is_hidden_today_is_hidden_under_every_reform(folder: Path) -> None:
    document = json.loads(ask(folder, "reform", "--json"))
    before = [
        [(row["group_id"], row["people"], row["reached_before"]) for row in r["groups"]["district"]]
        for r in document["reforms"]
    ]
    assert before[0] == before[1]
    assert any(people is None for _, people, _ in before[0])


def test_words_mark_what_is_hidden(folder: Path) -> None:
    words = ask(folder, "run", "--lang", "en")
    [line] = [line for line in words.splitlines() if line.strip().startswith("Chongming")]
    assert line.split()[1:] == ["*", "*", "*", "*", "%", "*"]
    assert "nan" not in words


def test_synthetic_people_are_shown_whole(folder: Path, tmp_path: Path) -> None:
    table = draw_people(load_margins("shanghai"), 300, 3)
    pq.write_table(table, tmp_path / "people.parquet")
    document = json.loads(ask(tmp_path, "run", "--json"))
    assert "small_counts" not in document
    assert any(0 < count < 5 for _, count in list_counts(document))
