"""`jifen policy …` as a person and as a program see it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from jifen.cli.policy import app
from tests.policy.faults import HERE, MINIMAL


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def _json(*arguments: str) -> Any:
    result = _run(*arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a city's facts, as an author has it."""
    (tmp_path / "facts.yaml").write_text((HERE / "facts.yaml").read_text())
    (tmp_path / "points.yaml").write_text(MINIMAL)
    return tmp_path


def test_all_shipped_policies_are_clean() -> None:
    result = _run("check")
    assert result.exit_code == 0
    assert "\n0 errors, 0 warnings, " in result.stdout
    assert "shanghai/points-2018.cases.yaml: worked cases, 81 run\n" in result.stdout


def test_the_faults_are_told_in_the_language_that_is_asked_for(folder: Path) -> None:
    path = folder / "several-faults.yaml"
    path.write_text((HERE / "faulty" / "several-faults.yaml").read_text())
    result = _run("check", str(path), "--lang", "zh")
    assert result.exit_code == 1
    assert "应为" in result.stdout
    assert "found:" not in result.stdout
    assert "项错误，" in result.stdout.splitlines()[-1]
    assert _run("check", "--lang", "fr").exit_code == 2
    unknown = _run("show", "shangai", "--lang", "zh")
    assert unknown.exit_code == 2
    assert "没有" in unknown.stderr or "未知" in unknown.stderr


def test_a_good_file_is_clean(folder: Path) -> None:
    assert _run("check", str(folder / "points.yaml")).exit_code == 0


def test_a_faulty_file_prints_all_its_faults_and_ends_with_1(folder: Path) -> None:
    path = folder / "several-faults.yaml"
    path.write_text((HERE / "faulty" / "several-faults.yaml").read_text())
    result = _run("check", str(path))
    assert result.exit_code == 1
    expected = (HERE / "faulty" / "several-faults.txt").read_text().strip()
    file = f"{folder.name}/several-faults.yaml: a measure, 5 errors\n"
    assert result.stdout == f"{expected}\n\n{file}5 errors, 0 warnings, 0 infos\n"


def test_a_program_reads_faults_as_json(folder: Path) -> None:
    found = _json("check", str(folder / "points.yaml"), "--json")
    assert found["schema"] == "jifen.policy-check.v1"
    assert {fault["code"] for fault in found["faults"]} == {"JF-C110"}
    assert found["faults"][0]["file"] == "points.yaml"


def test_cases_beside_a_policy_are_checked_too(folder: Path) -> None:
    cases = HERE / "faulty" / "cases" / "JF-C115-unknown-names.yaml"
    (folder / "points.cases.yaml").write_text(cases.read_text())
    result = _run("check", str(folder / "points.yaml"))
    assert result.exit_code == 1
    assert "JF-C115" in result.stdout


def test_cliffs_are_shown_on_request(folder: Path) -> None:
    assert "JF-C110" not in _run("check", str(folder / "points.yaml")).stdout
    assert "JF-C110" in _run("check", str(folder / "points.yaml"), "--all").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "shanghi"), "the unknown city 'shanghi'"),
        (("check", "no/such.yaml"), "No such file or directory"),
        (("show", "shanghi", "--lang", "en"), "write 'shanghai'"),
        (("show", "shanghai", "--version", "2014"), "以下之一：2013、2015、2018"),
        (("show", "shanghai", "--on", "2001-01-01"), "2013 (2013-07-01 – 2015-06-30)"),
        (("show", "shanghai", "--on", "tomorrow"), "'tomorrow' is not a date"),
        (("show", "shanghai", "--version", "2013", "--on", "2020-01-01"), "is outside 2013-07-01"),
        (("show", "shanghai", "--lang", "fr"), "write zh or en"),
        (("diff", "shanghai", "2013", "2019", "--lang", "en"), "unknown version '2019'"),
        (("versions", "paris"), "未知的城市“paris”"),
        (("book", "shanghai", "-o", "/no/such/folder/book.html"), "No such file or directory"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_is_possible(
    arguments: tuple[str, ...], words: str
) -> None:
    result = _run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_policy_without_its_citys_facts_is_named(tmp_path: Path) -> None:
    (tmp_path / "points.yaml").write_text(MINIMAL)
    result = _run("check", str(tmp_path / "points.yaml"))
    assert result.exit_code == 2
    assert "no facts.yaml beside it" in result.stderr


def test_a_huge_file_is_refused_by_its_size(folder: Path) -> None:
    path = folder / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    result = _run("check", str(path))
    assert result.exit_code == 1
    assert "JF-P003" in result.stdout


def test_show_fits_into_100_columns() -> None:
    from jifen.policy.text import display_width

    result = _run("show", "shanghai")
    assert result.exit_code == 0
    assert max(display_width(line.rstrip()) for line in result.stdout.splitlines()) <= 100


def test_show_takes_a_version_a_day_and_a_language() -> None:
    english = _run("show", "chengdu", "--version", "2020", "--lang", "en").stdout
    assert "clause number" in english
    assert "2015-07-01 – 2017-12-31" in _run("show", "shanghai", "--on", "2016-01-01").stdout


def test_show_gives_a_program_every_indicator() -> None:
    found = _json("show", "shanghai", "--version", "2018", "--json")
    assert found["schema"] == "jifen.policy.v1"
    age = next(one for one in found["indicators"] if one["id"] == "age")
    assert age["rows"][1] == {"when": "从 56 到 60 周岁", "gives": "5 分"}


def test_versions_are_listed_from_the_oldest() -> None:
    assert [one["version"] for one in _json("versions", "shanghai", "--json")] == [
        "2013", "2015", "2018"
    ]  # fmt: skip
    assert "2024-08-21" in _run("versions", "shanghai").stdout


def test_diff_is_told_in_words_and_as_json() -> None:
    assert "[新增] 指标 创业人才" in _run("diff", "shanghai", "2013", "2015").stdout
    assert _json("diff", "shanghai", "2013", "2015", "--json")["changes"]


def test_schema_is_a_json_schema() -> None:
    assert _json("schema")["$schema"].startswith("https://json-schema.org/")


def test_book_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "book.html"
    assert _run("book", "shanghai", "-o", str(path), "--lang", "en").exit_code == 0
    assert "Shanghai residence-permit points" in path.read_text(encoding="utf-8")
    assert _run("book", "shanghai").stdout.startswith("<!doctype html>")
