"""Every command for a city of which only facts and one measure are there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from jifen.cli import person
from jifen.cli.app import app
from tests.people.small_city import PERSON, ROWS, small_city_among_the_others


@pytest.fixture(params=["60", "0"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    (tmp_path / "me.json").write_text(json.dumps(PERSON))
    (tmp_path / "people.csv").write_text(ROWS)
    with small_city_among_the_others(tmp_path / "cities", line=request.param):
        yield tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("cities", "sample"),
        ("policy check sample", "0 errors, 0 warnings"),
        ("policy show sample", "年龄"),
        ("policy versions sample", "2020"),
        ("policy diff sample 2020 2020", ""),
        ("policy book sample", "<html"),
    ],
)
def test_what_is_there_is_shown(folder: Path, arguments: str, words: str) -> None:
    result = run(*arguments.split())
    assert result.exit_code == 0, result.output
    assert words in result.stdout


def test_a_population_is_scored(folder: Path) -> None:
    result = run(
        "score", "sample", "--on", "2023-08-01", folder / "people.csv", "-o", folder / "out.parquet"
    )
    assert result.exit_code == 0, result.output
    rows = pq.read_table(folder / "out.parquet").to_pylist()
    assert [row["total"] for row in rows] == [75, None]
    assert (rows[1]["total_least"], rows[1]["total_most"]) == (65, 85)
    assert [row["reached"] for row in rows] == [True, True]


def test_one_person_is_scored_and_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    me = str(folder / "me.json")
    assert (
        person.run_command(["assess", "sample", "--on", "2023-08-01", "--facts", me, "--json"]) == 0
    )
    result = json.loads(capsys.readouterr().out)
    assert (result["total"], result["reached"]) == (75, True)
    assert "exact" not in result
    compared = ["compare", "sample", "shanghai", "--on", "2023-08-01", "--facts", me]
    assert person.run_command(compared) == 0
    assert "sample 2020" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("route sample --on 2023-08-01 --facts {folder}/me.json", "no moves of sample"),
        ("lab people sample -n 10 -o {folder}/p.parquet", "没有 sample 的人口边际"),
    ],
)
def test_what_is_not_there_is_said_in_words(folder: Path, arguments: str, words: str) -> None:
    result = run(*arguments.format(folder=folder).split())
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)
