"""Every command for a city with only city.yaml, facts.yaml and a measure, and with each further
file alone, and with all of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jifen.cli import person
from jifen.cli.app import app
from jifen.rulebook.file_kinds import KINDS
from tests.people.small_city import OPTIONAL, PERSON, ROWS, add_optional, write_small_city

ON = "2023-08-01"
SETS = {"nothing": (), **{name: (name,) for name in OPTIONAL}, "everything": tuple(OPTIONAL)}
WITHOUT = {
    "moves.yaml": ("route sample --facts me.json", "no moves of sample are recorded"),
    "margins.yaml": ("lab people sample -n 10 -o p.parquet", "没有 sample 的人口边际"),
    "assumptions.yaml": ("lab years sample people.csv", "sample.yaml"),
}
"""What a file gives a command, and what is said without it."""


@pytest.fixture(params=SETS, scope="module")
def files(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return SETS[request.param]


@pytest.fixture
def folder(files: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own = write_small_city(tmp_path / "cities" / "sample")
    (own / "points-2020.cases.yaml").unlink()
    add_optional(own, *files)
    (tmp_path / "me.json").write_text(json.dumps(PERSON))
    (tmp_path / "people.csv").write_text(ROWS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIFEN_CITIES", "cities")
    return own


def run(line: str, *more: str) -> Any:
    return CliRunner().invoke(app, [*line.split(), *more])


def test_every_command_that_needs_no_more_works(
    folder: Path, files: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for line in (
        "cities",
        "policy check sample",
        "policy show sample",
        "policy versions sample",
        "policy book sample",
        "policy diff sample 2020 2020",
        "policy schema --kind points --folder cities/sample",
        f"score sample people.csv --on {ON} -o out.parquet",
        f"lab run sample people.csv --on {ON}",
        f"lab quota sample people.csv --on {ON} --admit 1",
        f"lab compare people.csv sample --on {ON}",
    ):
        result = run(line)
        assert result.exit_code == 0, (line, files, result.output)
    for line in (
        f"assess sample --on {ON} --facts me.json",
        f"compare sample shanghai --on {ON} --facts me.json",
    ):
        assert person.run_command(line.split()) == 0, capsys.readouterr().err
    assert "sample" in run("cities").stdout


@pytest.mark.parametrize("name", WITHOUT)
def test_a_command_works_with_its_file_and_says_what_is_not_there(
    folder: Path, files: tuple[str, ...], name: str
) -> None:
    line, words = WITHOUT[name]
    result = run(line) if line.startswith("lab people") else run(line, "--on", ON)
    if name in files:
        assert result.exit_code == 0, result.output
    else:
        assert result.exit_code == 2, result.output
        assert words in result.stderr
        assert result.exception is None or isinstance(result.exception, SystemExit)


def test_there_is_a_file_of_every_kind() -> None:
    needed = {"city.yaml", "facts.yaml", "", ".cases.yaml", ".reform.yaml"}
    assert {kind.name for kind in KINDS} - needed == set(OPTIONAL)


def test_every_file_is_described() -> None:
    page = (Path(__file__).parents[2] / "docs" / "cities.md").read_text("utf-8")
    for name in (*OPTIONAL, "city.yaml", "facts.yaml", "points-2020.cases.yaml"):
        assert f"`{name.replace('2020', '…')}`" in page, name
