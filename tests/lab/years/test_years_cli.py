"""`jifen lab years` as an analyst meets it."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from jifen.cli.lab_years import years
from tests.lab.years.projecting import document, shanghai, words

app = typer.Typer()
app.command()(years)
REFORM = """language: "1"
reform: degrees-less
label: {zh: 学历降分, en: Fewer points for degrees}
policy: shanghai-points
change:
  indicators.education.choice.points.bachelor_with_degree: 80
"""


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def people(tmp_path: Path) -> Path:
    persons = [shanghai(insured_months=m % 60, age=25 + m % 30) for m in range(200)]
    facts = {fact: [person[fact] for person in persons] for fact in persons[0]}
    columns: dict[str, pa.Array] = {}
    for fact, values in facts.items():
        none = [value is None for value in values]
        kind = words("shanghai")[fact].type
        empty = {"choice": pa.string(), "yuan": pa.float64(), "number": pa.float64()}
        columns[fact] = pa.array(values, empty.get(kind, pa.int16()) if any(none) else None)
        if any(none):
            columns[f"{fact}_not_applicable"] = pa.array(none)
    columns["district"] = pa.array(["east" if n % 4 else "west" for n in range(200)])
    table = pa.table(columns).replace_schema_metadata({"jifen.synthetic": "true"})
    path = tmp_path / "people.parquet"
    pq.write_table(table, path)
    return path


def test_the_years_are_told_with_what_they_rest_on(people: Path) -> None:
    found = run("shanghai", people, "--on", "2026-01-15", "--years", 3, "--lang", "en")
    assert found.exit_code == 0, found.output
    assert "today's rules" in found.stdout
    assert "2029-01-15" in found.stdout
    assert "never reach it" in found.stdout
    assert "These people are synthetic" in found.stderr
    assert "shanghai-years" in found.stderr
    assert "parts are unsure" in found.stderr


def test_a_reform_stands_beside_today_s_rules(people: Path, tmp_path: Path) -> None:
    reform = tmp_path / "reform.yaml"
    reform.write_text(REFORM, encoding="utf-8")
    order = ("shanghai", people, "--on", "2026-01-15", "--years", 2, "--json", "--by", "district")
    found = run(*order, "--reform", reform)
    assert found.exit_code == 0, found.output
    told, alone = json.loads(found.stdout), json.loads(run(*order).stdout)
    assert told["schema"] == "jifen.years.v2"
    assert told["synthetic"] is True
    assert [one["name"] for one in told["policies"]] == ["shanghai-points-2018", "degrees-less"]
    assert told["policies"][0] == alone["policies"][0]
    first, second = (one["years"][0]["reached"]["surely"] for one in told["policies"])
    assert second < first
    labels = [group["label"]["en"] for group in told["policies"][0]["groups"]]
    assert labels == ["west", "east"]


def test_the_tables_are_written(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = run("shanghai", people, "--on", "2026-01-15", "--years", 2, "-o", out, "--by", "age:10")
    assert found.exit_code == 0, found.output
    names = {path.name for path in out.iterdir()}
    assert {"years.parquet", "years.csv", "groups.csv", "first.csv"} <= names
    assert not [name for name in names if name.startswith(".")]
    table = pq.read_table(out / "years.parquet")
    assert table.num_rows == 3
    assert table.schema.metadata[b"jifen.synthetic"] == b"true"


def test_one_s_own_assumptions_are_used(people: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(document("shanghai"), encoding="utf-8")
    found = run(
        "shanghai", people, "--on", "2026-01-15", "--years", 2, "--assumptions", own, "--json"
    )
    told = json.loads(found.stdout)
    assert told["assumptions"]["id"] == "trial"
    assert len({year["reached"]["surely"] for year in told["policies"][0]["years"]}) == 1


def test_no_policy_in_force_ends_with_3(people: Path) -> None:
    assert run("shanghai", people, "--on", "2001-01-01").exit_code == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--on", "2026-13-01"), "--on"),
        (("--years", 61), "expected 0 to 60"),
        (("--by", "nothing"), "nothing"),
        (("--assumptions", "not-there.yaml"), "no such file"),
        (("--reform", "not-there.yaml"), "no such file"),
        (("--lang", "fr"), "zh or en"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_it_is(
    people: Path, change: tuple[str, Any], said: str
) -> None:
    options = {"--on": "2026-01-15", "--years": 1, "--lang": "en"} | dict([change])
    found = run("shanghai", people, *(word for pair in options.items() for word in pair))
    assert found.exit_code == 2, found.output
    assert said in found.stderr
    assert "Traceback" not in found.output


def test_a_faulty_assumptions_file_is_told_with_its_line(people: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(document("shanghai").replace("share: 0,", "share: 7,", 1), encoding="utf-8")
    found = run("shanghai", people, "--on", "2026-01-15", "--assumptions", own)
    assert found.exit_code == 2
    assert "own.yaml:6:" in found.stderr


def test_a_folder_that_cannot_be_written_ends_with_2(people: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    found = run("shanghai", people, "--on", "2026-01-15", "--years", 1, "-o", taken, "--lang", "en")
    assert found.exit_code == 2
    assert "cannot be written" in found.stderr
    assert taken.read_text(encoding="utf-8") == "a file"
