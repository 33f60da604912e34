"""`jifen city new`: a folder that is sound, and works in every command, at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jifen import cities
from jifen.cli import person
from jifen.cli.app import app
from jifen.policy.source import parse_yaml
from jifen.rulebook.faulty_cities import find_reading_faults
from jifen.rulebook.new_city import TEMPLATES, make_city


@pytest.fixture(autouse=True)
def _no_other_cities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIFEN_CITIES", raising=False)


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_new_city_passes_its_checks_and_is_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run("city", "new", "xi_an", "--dir", tmp_path / "我的 城市", "--lang", "en")
    assert made.exit_code == 0, made.output
    folder = tmp_path / "我的 城市" / "xi_an"
    assert f"jifen policy check '{folder}'" in made.stdout
    checked = run("policy", "check", folder)
    assert checked.exit_code == 0, checked.output
    assert "0 errors, 0 warnings" in checked.stdout
    assert "2 worked cases run" in checked.stdout
    facts = tmp_path / "me.yaml"
    facts.write_text("birth_date: 1990-05-01\neducation: bachelor\n", "utf-8")
    command = ["assess", str(folder), "--on", "2026-06-01", "--facts", str(facts), "--json"]
    assert person.run_command(command) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["policy"], result["bounds"]) == ("xi_an-points", [60, 90])
    city = cities.read_city(folder)
    assert city.label.en == "Xi An"
    assert city.prefix == "XI"
    assert find_reading_faults(city) == []


def test_every_file_teaches(tmp_path: Path) -> None:
    folder = make_city("xian", tmp_path)
    assert {path.name for path in folder.iterdir()} == {path.name for path in TEMPLATES.iterdir()}
    for path in folder.iterdir():
        text = path.read_text("utf-8")
        assert text.startswith("# "), path.name
        assert "CITY_" not in text
        assert parse_yaml(text, path.name).mapping


def test_two_new_cities_have_prefixes_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cities.read_city(make_city("xian", tmp_path))
    monkeypatch.setenv("JIFEN_CITIES", str(tmp_path))
    second = cities.read_city(make_city("xining", tmp_path))
    shared = cities.read_city(make_city("shi", tmp_path))
    cities.reset_index()
    assert (first.prefix, second.prefix) == ("XI", "XN")
    assert shared.prefix == "SI"  # SH is Shanghai's
    assert {"xian", "xining", "shi"} <= cities.index().keys()


@pytest.mark.parametrize(
    "ident", ["..", ".", "", "a/b", "Xian", "西安", "1a", "a b", "a-b", "a" * 41, "a\n"]
)
def test_what_is_no_id_is_refused_and_nothing_is_written(tmp_path: Path, ident: str) -> None:
    result = run("city", "new", "--dir", tmp_path / "place", "--lang", "en", "--", ident)
    assert result.exit_code == 2
    assert "JF-X008 error" in result.stderr
    assert "small letters, figures and _" in result.stderr
    assert not (tmp_path / "place").exists()


def test_what_is_there_already_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "xian").mkdir()
    (tmp_path / "xian" / "notes.txt").write_text("mine")
    result = run("city", "new", "xian", "--dir", tmp_path)
    assert result.exit_code == 2
    assert "已经存在" in result.stderr
    assert [path.name for path in (tmp_path / "xian").iterdir()] == ["notes.txt"]
    taken = run("city", "new", "chengdu", "--dir", tmp_path, "--lang", "en")
    assert taken.exit_code == 2
    assert "the city 'chengdu', which is there already" in taken.stderr
    file = run("city", "new", "xian", "--dir", tmp_path / "xian" / "notes.txt", "--lang", "en")
    assert file.exit_code == 2
    assert "notes.txt" in file.stderr


def test_a_place_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    result = run("city", "new", "xian", "--dir", tmp_path, "--lang", "en")
    assert result.exit_code == 2
    assert "cannot be written (Permission denied)" in result.stderr
