"""Every command of the lab gives on a cluster what it gives on one machine."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.cities import load
from jifen.cli.app import app
from tests.people.tables import build_table

ON = date(2025, 6, 1)
RUNNER = CliRunner()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few parts, with facts that are not known and one value that cannot be used."""
    folder = tmp_path_factory.mktemp("people")
    table = build_table(
        load("shanghai", "2018").rules_on(ON), 3_000, 5, unknown=0.003, conduct=False
    )
    for number in range(6):
        pq.write_table(table.slice(number * 500, 500), folder / f"{number}.parquet")
    return folder


def _json(*words: str) -> object:
    result = RUNNER.invoke(app, ["lab", *words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    "words",
    [
        "run shanghai {} --on 2025-06-01 --by education --by age:10",
        "quota shanghai {} --on 2025-06-01 --admit 300",
    ],
)
def test_counts_over_parts_are_those_of_one_machine(folder: Path, words: str) -> None:
    asked = words.format(folder).split()
    here = _json(*asked)
    assert here == _json(*asked, "--cluster", "local:2")


def test_versions_side_by_side_are_those_of_one_machine(tmp_path: Path) -> None:
    people = str(tmp_path / "people.parquet")
    assert (
        RUNNER.invoke(app, ["lab", "people", "shanghai", "-n", "9000", "-o", people]).exit_code == 0
    )
    asked = ["compare", people, "shanghai@2013", "shanghai@2018", "--on", "2025-06-01"]
    assert _json(*asked) == _json(*asked, "--cluster", "local:2")


def test_a_ranked_quota_counts_ties_over_parts(tmp_path: Path) -> None:
    policy = load("chengdu", "2018")
    table = build_table(policy.rules_on(date(2019, 6, 1)), 3_000, 5)
    for number in range(3):
        pq.write_table(table.slice(number * 1_000, 1_000), tmp_path / f"{number}.parquet")
    asked = ["quota", "chengdu", str(tmp_path), "--on", "2019-06-01", "--admit", "4"]
    here = _json(*asked)
    assert isinstance(here, dict)
    assert here["ranked"] is not None
    assert here == _json(*asked, "--cluster", "local:2")


def test_years_ahead_are_those_of_one_machine(folder: Path, tmp_path: Path) -> None:
    asked = ["lab", "pack", "shanghai", str(folder), "--on", "2026-01-15", "-o"]
    packed = str(tmp_path / "packed")
    assert RUNNER.invoke(app, [*asked, packed]).exit_code == 0
    years = ["years", "shanghai", packed, "--on", "2026-01-15", "--years", "3", "--by", "age:10"]
    assert _json(*years) == _json(*years, "--cluster", "local:2")


def test_years_ahead_on_a_cluster_need_packed_people(folder: Path) -> None:
    asked = ["lab", "years", "shanghai", str(folder), "--on", "2026-01-15", "--lang", "en"]
    result = RUNNER.invoke(app, [*asked, "--cluster", "local:2"])
    assert result.exit_code == 2
    assert "is not packed" in result.stderr


def test_people_drawn_by_workers_are_the_same_people(tmp_path: Path) -> None:
    asked = ["lab", "people", "shanghai", "-n", "70000", "--seed", "3", "-o"]
    assert RUNNER.invoke(app, [*asked, str(tmp_path / "a.parquet")]).exit_code == 0
    there = [*asked, str(tmp_path / "b.parquet"), "--cluster", "local:2"]
    assert RUNNER.invoke(app, there).exit_code == 0
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
