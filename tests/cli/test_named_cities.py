"""CITY in every command: an id, `id@version`, the path of a folder or of a policy file in one."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jifen import cities
from jifen.cli import person
from jifen.cli.app import app
from jifen.cli.city_sources import take_cities
from tests.people.small_city import PERSON, ROWS, write_small_city

ON = "2023-08-01"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place with a small city in a folder that no source names, people, and one person."""
    monkeypatch.delenv("JIFEN_CITIES", raising=False)
    write_small_city(tmp_path / "我的 cities" / "sample city")
    (tmp_path / "me.json").write_text(json.dumps(PERSON))
    (tmp_path / "people.csv").write_text(ROWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


WAYS = (
    "我的 cities/sample city",
    "./我的 cities/sample city/points-2020.yaml",
    "我的 cities/sample city@2020",
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def assess(city: str, *more: str) -> int:
    return person.run_command(["assess", city, "--on", ON, "--facts", "me.json", "--json", *more])


@pytest.mark.parametrize("way", WAYS)
def test_one_person_is_scored(folder: Path, way: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert assess(way) == 0
    told = capsys.readouterr()
    result = json.loads(told.out)
    assert (result["policy"], result["version"], result["total"]) == ("sample-points", "2020", 75)
    assert told.err == ""


def test_a_path_may_be_absolute(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert assess(str((folder / WAYS[0]).resolve())) == 0
    assert assess(str((folder / WAYS[1]).resolve())) == 0


def test_an_id_comes_before_a_folder_of_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder / WAYS[0], folder / "shanghai")
    assert cities.resolve_city("shanghai").city.label.en == "Shanghai"
    assert cities.resolve_city("./shanghai").city.label.en == "Sample"
    assert cities.resolve_city("chengdu@2020").version == cities.find_city("chengdu").find_version(
        "2020"
    )


@pytest.mark.parametrize(
    ("way", "code", "words"),
    [
        ("nowhere/at/all", "JF-X004", "没有文件或文件夹 nowhere/at/all"),
        ("我的 cities", "JF-X004", "sample city"),
        (".", "JF-X004", "没有 city.yaml"),
        ("..", "JF-X004", "..: JF-X004"),
        ("me.json", "JF-X004", "办法文件"),
        ("我的 cities/sample city@2021", "JF-P041", "2020"),
        ("shanghai@2014", "JF-P041", "2018"),
        ("shanghia", "JF-P040", "shanghai"),
        ("shanghia@2018", "JF-P040", "shanghai"),
        ("x" * 5000, "JF-P040", "…"),
        ("a\0b", "JF-P040", "shanghai"),
        ("", "JF-P040", "shanghai"),
    ],
)
def test_what_is_no_city_is_told(
    folder: Path, way: str, code: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assess(way) == 2
    told = capsys.readouterr().err
    assert code in told
    assert words in told


def test_a_folder_with_a_broken_index_is_told_with_its_path(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = folder / WAYS[0] / "city.yaml"
    index.write_text(index.read_text("utf-8").replace("prefix: XY", "prefix: x"), "utf-8")
    assert assess(WAYS[0]) == 2
    assert "sample city/city.yaml:4:9: JF-P012" in capsys.readouterr().err


def test_two_versions_are_not_named_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert assess(WAYS[1], "--version", "2020") == 0
    assert assess("shanghai@2018", "--version", "2015") == 2
    assert "JF-X007" in capsys.readouterr().err


def test_a_day_outside_every_version_ends_with_3(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["assess", WAYS[0], "--on", "2019-01-01", "--facts", "me.json"]
    assert person.run_command(command) == 3
    assert "no policy of sample is in force" in capsys.readouterr().err


def test_two_folders_of_one_id_are_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = folder / "other"
    shutil.copytree(folder / WAYS[0], other)
    policy = other / "points-2020.yaml"
    policy.write_text(policy.read_text("utf-8").replace("to: 45, points: 40", "to: 45, points: 41"))
    measures = [WAYS[0], "other", "shanghai"]
    assert (
        person.run_command(["compare", *measures, "--on", ON, "--facts", "me.json", "--json"]) == 0
    )
    result = json.loads(capsys.readouterr().out)
    assert [one["total"] for one in result["assessments"][:2]] == [75, 76]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("policy check", "0 errors, 0 warnings"),
        ("policy show", "年龄"),
        ("policy versions", "2020"),
        ("policy book", "<html"),
    ],
)
def test_a_measure_is_shown(folder: Path, way: str, arguments: str, words: str) -> None:
    result = run(*arguments.split(), way)
    assert result.exit_code == 0, result.output
    assert words in result.stdout


def test_files_are_compared(folder: Path) -> None:
    other = folder / "points-2021.yaml"
    draft = folder / WAYS[0] / "points-2021.yaml"
    text = (folder / WAYS[1]).read_text("utf-8").replace('version: "2020"', 'version: "2021"')
    draft.write_text(text.replace("bachelor: 20", "bachelor: 30"), "utf-8")
    result = run("policy", "diff", WAYS[1], draft, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "30" in result.stdout
    assert run("policy", "diff", "shanghai@2015", WAYS[1]).exit_code == 0
    assert run("policy", "diff", WAYS[0], "2020", "2020").exit_code == 0
    assert run("policy", "diff", WAYS[0]).exit_code == 2
    other.write_text(text, "utf-8")  # a policy file outside any city
    result = run("policy", "diff", WAYS[1], other)
    assert result.exit_code == 2
    assert "JF-X004" in result.stderr


def test_a_draft_that_the_index_does_not_name_is_scored(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = folder / WAYS[0] / "points-2021.yaml"
    text = (folder / WAYS[1]).read_text("utf-8").replace('version: "2020"', 'version: "2021"')
    draft.write_text(text.replace("to: 45, points: 40", "to: 45, points: 44"), "utf-8")
    assert assess(str(draft)) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["version"], result["total"]) == ("2021", 79)


@pytest.mark.parametrize("way", WAYS)
def test_a_population_is_scored(folder: Path, way: str) -> None:
    import pyarrow.parquet as pq

    result = run("score", way, "people.csv", "--on", ON, "-o", "out.parquet")
    assert result.exit_code == 0, result.output
    assert [row["total"] for row in pq.read_table("out.parquet").to_pylist()] == [75, None]


def test_the_lab_takes_paths(folder: Path) -> None:
    way = WAYS[0]
    assert run("lab", "pack", way, "people.csv", "--on", ON, "-o", "packed").exit_code == 0
    for arguments in (
        ["run", way, "packed", "--json"],
        ["run", WAYS[1], "people.csv", "--json"],
        ["quota", way, "people.csv", "--admit", "1"],
        ["compare", "people.csv", way, WAYS[1]],
    ):
        result = run("lab", *arguments, "--on", ON)
        assert result.exit_code == 0, result.output
    result = run("lab", "people", way, "-n", "10", "-o", "p.parquet")
    assert result.exit_code == 2
    assert "没有 sample 的人口边际" in result.stderr


def test_what_a_folder_holds_is_used_and_not_the_city_of_its_id(folder: Path) -> None:
    """A copy of a city with other moves, cases, margins: the copy's own are read."""
    copy = folder / "copy"
    shutil.copytree(cities.ROOT / "shanghai", copy)
    moves = copy / "moves.yaml"
    text = moves.read_text("utf-8")
    assert "id: bachelor\n" in text
    moves.write_text(text.replace("id: bachelor\n", "id: bachelor_here\n"), "utf-8")
    facts = {"birth_date": "1990-01-01", "education": "college", "permit_valid": True}
    (folder / "one.json").write_text(json.dumps(facts))
    for way, known in ((str(copy), True), ("shanghai", False)):
        result = run("route", way, "--on", "2025-06-01", "--facts", "one.json",
                     "--without", "bachelor_here")  # fmt: skip
        assert (result.exit_code == 0) is known, result.output
    meant = cities.find_city_of_policy(cities.load_policy_file(copy / "points-2018.yaml"))
    assert meant.folder == copy


def test_the_option_stands_anywhere_and_is_taken_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIFEN_CITIES", "")
    rest = take_cities(
        ["--cities", "我的 cities", "assess", "sample", "--cities=.", "--", "--cities"]
    )
    assert rest == ["assess", "sample", "--", "--cities"]
    assert "sample" in cities.index()


@pytest.mark.parametrize("arguments", [["--cities"], ["--cities", "nowhere"], ["--cities="]])
def test_an_option_that_names_no_folder_is_refused(
    folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        take_cities(arguments)
    assert ended.value.code == 2
    assert "--cities" in capsys.readouterr().err


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as it is run from a shell."""
    return subprocess.run(
        [sys.executable, "-m", "jifen", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_shell_sees_what_is_told_apart_from_what_is_answered(folder: Path) -> None:
    (folder / "我的 cities" / "bad").mkdir()
    (folder / "我的 cities" / "bad" / "city.yaml").write_text("id: [", "utf-8")
    result = command("cities", "--json", "--cities", "我的 cities", "--lang", "zh")
    assert result.returncode == 0
    listed = [one["city"] for one in json.loads(result.stdout)]
    assert {"shanghai", "chengdu", "sample"} <= set(listed)
    assert "bad" not in listed
    assert result.stderr.count("JF-X003") == 1
    assert "该城市不列入" in result.stderr
    result = command(
        "assess", "sample", "--on", ON, "--facts", "me.json", "--cities", "我的 cities"
    )
    assert result.returncode == 0, result.stderr
    result = command("--cities", "我的 cities", "policy", "check")
    assert result.returncode == 1  # the broken one is checked, not left out
    assert "bad/city.yaml" in result.stdout


def test_check_ends_with_1_for_a_case_that_disagrees_and_2_for_nothing(folder: Path) -> None:
    cases = folder / WAYS[0] / "points-2020.cases.yaml"
    cases.write_text(cases.read_text("utf-8").replace("total: 75", "total: 76"), "utf-8")
    result = run("policy", "check", WAYS[0])
    assert result.exit_code == 1
    assert "JF-S001" in result.stdout
    assert run("policy", "check", "我的 cities").exit_code == 1  # a folder that holds cities
    assert run("policy", "check", "nowhere/x").exit_code == 2
    assert run("policy", "check", "sample").exit_code == 2
    assert run("policy", "check", ".").exit_code == 2
