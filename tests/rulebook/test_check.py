"""`jifen policy check`: every file of a city, its kind, its faults, and its worked cases run."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from jifen.cities import ROOT
from jifen.cli.policy import app
from tests.people.small_city import write_small_city


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return write_small_city(tmp_path / "sample")


@pytest.fixture
def chengdu(tmp_path: Path) -> Path:
    """A city that has files of every kind, outside the package."""
    return Path(shutil.copytree(ROOT / "chengdu", tmp_path / "chengdu"))


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def faults(*arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(*arguments, "--json").stdout)["faults"]
    return [fault for fault in found if fault["severity"] != "info"]


def test_a_city_of_the_fewest_files_is_clean_and_its_cases_are_run(city: Path) -> None:
    result = run(city)
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "sample/city.yaml: the city\n"
        "sample/facts.yaml: facts\n"
        "sample/points-2020.yaml: a measure\n"
        "sample/points-2020.cases.yaml: worked cases, 2 run\n"
        "0 errors, 0 warnings, 8 infos; 2 worked cases run (--all shows the infos)\n"
    )


def test_a_worked_case_that_gives_something_else_ends_with_1(city: Path) -> None:
    edit(city / "points-2020.cases.yaml", "total: 75", "total: 999")
    result = run(city)
    assert result.exit_code == 1
    assert (
        "sample/points-2020.cases.yaml:14:21: JF-S001 error, under case 'C1'\n"
        "        expect: {total: 999, reached: true"
    ) in result.stdout
    assert "found:    total: 75 in the worked case 'C1'\n  expected: total: 999\n" in result.stdout
    assert "points-2020.cases.yaml: worked cases, 2 run, 1 error\n" in result.stdout
    chinese = run(city, "--lang", "zh").stdout
    assert "算例“C1”得出 total: 75" in chinese
    assert "points-2020.cases.yaml：示例，2 个已运行，1 项错误\n" in chinese


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("reached: true, vetoed", "reached: null, vetoed", "reached: true"),
        ("insurance: 15", "insurance: 16", "'insurance': 15"),
        ("insurance: 15", "insuranse: 15", "'insuranse'"),
        ("[65, 85]", "[65, 95]", "bounds.1: 85"),
        ("total: null", "total: sixty", "total: null"),
        ("vetoed: false", "vetod: false", "'vetod'"),
        ("total: 75", "total: '75.5'", "total: 75"),
    ],
)
def test_every_kind_of_expectation_is_held_to(city: Path, old: str, new: str, words: str) -> None:
    edit(city / "points-2020.cases.yaml", old, new)
    (fault,) = faults(city)
    assert fault["code"] == "JF-S001"
    assert fault["found"].startswith(words)


def test_a_case_whose_facts_cannot_be_used_is_told_with_its_name(city: Path) -> None:
    edit(city / "points-2020.cases.yaml", "facts: {education: absent}", "facts: {education: phd}")
    (fault,) = faults(city)
    assert fault["code"] == "JF-S001"
    assert "phd" in fault["found"]
    assert fault["found"].endswith("in the worked case 'C2'")


def test_an_order_of_a_ranking_is_run_too(chengdu: Path) -> None:
    cases = chengdu / "points-2018.cases.yaml"
    text = cases.read_text("utf-8")
    order = re.search(r"order: \[([^\]]*)\]", text)
    assert order is not None
    names = order[1].split(", ")
    edit(cases, order[0], f"order: [{', '.join([*names[1:], names[0]])}]")
    assert {fault["code"] for fault in faults(chengdu)} == {"JF-S001"}


def test_a_worked_case_of_entitlements_is_run_too(chengdu: Path) -> None:
    text = (chengdu / "entitlements.cases.yaml").read_text("utf-8")
    first = re.search(r"open: \[[a-z_0-9, ]+\]", text)
    assert first is not None
    edit(chengdu / "entitlements.cases.yaml", first[0], "open: [no_such_right]")
    found = faults(chengdu)
    assert {fault["code"] for fault in found} == {"JF-S001"}
    assert "'no_such_right' is no entitlement" in found[0]["found"]


def test_faults_of_all_files_are_told_in_one_run(chengdu: Path) -> None:
    for name, old in (
        ("process.yaml", "language:"),
        ("permit.yaml", "language:"),
        ("lists.yaml", "language:"),
        ("moves.yaml", "language:"),
        ("entitlements.yaml", "language:"),
        ("points-2024.yaml", "floor:"),
        ("city.yaml", "label:"),
    ):
        path = chengdu / name
        text = path.read_text("utf-8")
        path.write_text(text.replace(old, "colour:", 1) if old in text else f"colour: 1\n{text}")
    result = run(chengdu)
    assert result.exit_code == 1
    files = {fault["file"] for fault in faults(chengdu)}
    assert files >= {
        f"chengdu/{name}.yaml"
        for name in ("process", "permit", "lists", "moves", "entitlements", "points-2024", "city")
    }


def test_a_faulty_facts_file_does_not_hide_the_faults_of_the_others(city: Path) -> None:
    edit(city / "facts.yaml", "type: ratio", "type: ration")
    edit(city / "points-2020.yaml", "floor: 0", "floor: low")
    codes = {(fault["file"], fault["code"]) for fault in faults(city)}
    assert ("sample/facts.yaml", "JF-P013") in codes
    assert ("sample/points-2020.yaml", "JF-P014") in codes
    assert not [code for _, code in codes if code == "JF-P019"]


def test_one_file_is_named_by_its_kind(chengdu: Path) -> None:
    for name, kind in (
        ("facts.yaml", "facts"),
        ("process.yaml", "the procedure"),
        ("permit.yaml", "rules of the permit"),
        ("lists.yaml", "rules of lists"),
        ("moves.yaml", "moves"),
        ("entitlements.yaml", "entitlements"),
        ("city.yaml", "the city"),
        ("entitlements.cases.yaml", "worked cases of entitlements, 9 run"),
        ("points-2024.cases.yaml", "worked cases, 20 run"),
    ):
        result = run(chengdu / name)
        assert result.exit_code == 0, result.output
        assert f"chengdu/{name}: {kind}\n" in result.stdout


def test_a_file_of_another_city_is_named_as_such(chengdu: Path) -> None:
    edit(chengdu / "permit.yaml", "city: chengdu", "city: shanghai")
    (fault,) = faults(chengdu)
    assert (fault["code"], fault["file"]) == ("JF-S002", "chengdu/permit.yaml")
    assert fault["found"] == "'shanghai' as the city of rules of the permit"


def test_an_index_that_says_other_than_the_measures_is_told(city: Path) -> None:
    edit(city / "city.yaml", "from: 2020-01-01}", "from: 2020-01-01, until: 2025-12-31}")
    edit(city / "city.yaml", 'version: "2020", file: points', 'version: "2021", file: points')
    found = faults(city)
    assert [fault["code"] for fault in found] == ["JF-S003", "JF-S003"]
    assert found[0]["found"] == "version: 2021 for points-2020.yaml"
    assert found[1]["expected"] == "null, as points-2020.yaml says itself"
    (city / "points-2020.yaml").unlink()
    assert "the file points-2020.yaml of version '2021'" in run(city).stdout


def test_a_version_may_be_ended_by_the_one_that_follows(city: Path) -> None:
    text = (city / "points-2020.yaml").read_text("utf-8")
    text = text.replace('version: "2020"', 'version: "2026"').replace("2020-01-01", "2026-01-01")
    (city / "points-2026.yaml").write_text(text, "utf-8")
    later = '\n  - {version: "2026", file: points-2026.yaml, from: 2026-01-01}'
    edit(city / "city.yaml", "from: 2020-01-01}", f"from: 2020-01-01, until: 2025-12-31}}{later}")
    assert "JF-S003" not in [fault["code"] for fault in faults(city)]
    edit(city / "city.yaml", "until: 2025-12-31", "until: 2025-11-30")
    assert "JF-S003" in [fault["code"] for fault in faults(city)]


def test_a_city_without_facts_is_told_and_the_rest_is_checked(city: Path) -> None:
    (city / "facts.yaml").unlink()
    edit(city / "points-2020.yaml", "floor: 0", "floor: low")
    result = run(city)
    assert result.exit_code == 1
    assert {(f["code"], f["found"]) for f in faults(city)} >= {("JF-S003", "no facts.yaml")}
    assert "JF-P014" in result.stdout


def test_a_measure_that_the_index_does_not_name_is_a_warning(city: Path) -> None:
    text = (city / "points-2020.yaml").read_text("utf-8")
    (city / "points-draft.yaml").write_text(text, "utf-8")
    result = run(city)
    assert result.exit_code == 0
    assert "no version for points-draft.yaml" in result.stdout


def test_a_file_of_no_known_kind_is_a_warning(city: Path) -> None:
    (city / "notes.yaml").write_text("todo: nothing\n", "utf-8")
    result = run(city)
    assert result.exit_code == 0
    assert "a file of no known kind, with todo" in result.stdout
    assert "sample/notes.yaml: of no known kind, not checked, 1 warning\n" in result.stdout
    assert faults(city)[0]["code"] == "JF-S004"


def test_a_file_that_is_no_yaml_or_no_text_is_a_fault_and_the_rest_is_checked(city: Path) -> None:
    (city / "facts.yaml").write_bytes(b"city: \xd6\xd0\n")
    (city / "city.yaml").write_text("id: [", "utf-8")
    assert run(city).exit_code == 1
    assert {fault["code"] for fault in faults(city)} >= {"JF-P001", "JF-P002"}


@pytest.mark.parametrize("name", ["nowhere/points.yaml", "no-such.yaml"])
def test_what_is_not_there_ends_with_2(name: str) -> None:
    result = run(name)
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr


def test_a_folder_that_is_no_city_ends_with_2(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "no city.yaml in this folder" in result.stderr


def test_a_program_reads_files_and_kinds(city: Path) -> None:
    found = json.loads(run(city, "--json").stdout)
    assert found["files"][3] == {
        "file": "sample/points-2020.cases.yaml",
        "kind": "cases",
        "cases_run": 2,
        "errors": 0,
        "warnings": 0,
    }


GAP = """language: "1"
reform: gap
label: {zh: 年龄段写漏, en: A gap in the ages}
policy: shanghai-points
change:
  indicators.age.scale.bands.1: {from: 56, to: 58, points: 5}
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("", "", "JF-C101"),
        ("to: 58", "to: 60", ""),
        ("shanghai-points", "paris-points", "JF-P034"),
        ("label: {zh: 年龄段写漏, en: A gap in the ages}\n", "", "JF-P0"),
    ],
)
def test_a_reform_is_held_to_the_checks_of_its_measure(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    file = tmp_path / "gap.yaml"
    file.write_text(GAP.replace(old, new) if old else GAP, encoding="utf-8")
    result = run(file)
    assert f"{tmp_path.name}/gap.yaml: a reform" in result.stdout
    assert result.exit_code == (1 if code else 0), result.stdout
    assert code in result.stdout
    if code == "JF-C101":
        assert "gap.yaml:6:33: JF-C101 error" in result.stdout
