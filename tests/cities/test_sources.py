"""Where cities come from, in which order, and what becomes of those that cannot be used."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from jifen import cities
from jifen.policy.fault import PolicyError
from jifen.rulebook.faulty_cities import find_reading_faults, leave_out_broken
from tests.people.small_city import write_small_city

Told = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _nothing_is_told_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("jifen.cities.sources._reported_texts", set())
    monkeypatch.setattr("jifen.cities.sources._report_language", ["en"])
    monkeypatch.delenv("JIFEN_CITIES", raising=False)
    cities.reset_index()
    yield
    cities.reset_index()


def city(folder: Path, ident: str = "sample", prefix: str = "XY", *, label: str = "Sample") -> Path:
    """A small city of another id, prefix and English name."""
    write_small_city(folder)
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("sample", ident).replace("XY", prefix)
        path.write_text(text.replace("en: Sample}", f"en: {label}}}", 1), "utf-8")
    return folder


def foreign() -> list[str]:
    """The cities that do not come with the package, which are all there."""
    shipped = {path.parent.name for path in cities.ROOT.glob("*/city.yaml")}
    assert shipped <= cities.index().keys()
    return [ident for ident in cities.index() if ident not in shipped]


def named(monkeypatch: pytest.MonkeyPatch, *places: Path | str) -> None:
    monkeypatch.setenv("JIFEN_CITIES", os.pathsep.join(map(str, places)))


def test_a_place_holds_cities_or_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    city(tmp_path / "many" / "one", "one", "XA")
    city(tmp_path / "many" / "two", "two", "XB")
    alone = city(tmp_path / "alone", "three", "XC")
    named(monkeypatch, tmp_path / "many", alone)
    assert foreign() == ["one", "three", "two"]
    assert cities.find_city("three").folder == alone


@pytest.mark.parametrize("name", ["有 空格", "城市（一）", "a'b\"c", "ümläut", "-x"])
def test_paths_may_have_any_characters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    folder = city(tmp_path / name / "城 市")
    named(monkeypatch, tmp_path / name)
    assert cities.find_city("sample").folder == folder
    assert cities.load("sample", "2020").city == "sample"


def test_relative_places_and_links_are_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    city(tmp_path / "real")
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "link").symlink_to(tmp_path / "real")
    (tmp_path / "held" / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    named(monkeypatch, "held", "./real", tmp_path / "real")
    assert cities.find_city("sample").label.en == "Sample"
    assert capsys.readouterr().err == ""  # one folder named thrice is one city


@pytest.mark.parametrize("places", ["", ":", " : :"])
def test_an_empty_variable_names_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: Told, places: str
) -> None:
    monkeypatch.setenv("JIFEN_CITIES", places)
    assert foreign() == []
    assert capsys.readouterr().err == ""


def test_the_earlier_of_two_is_taken_and_the_later_is_told_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    city(tmp_path / "a" / "x", label="First")
    city(tmp_path / "b" / "x", label="Second")
    named(monkeypatch, tmp_path / "a", tmp_path / "b")
    assert cities.find_city("sample").label.en == "First"
    told = capsys.readouterr().err
    assert told.count("JF-X002") == 1
    assert f"{tmp_path}/b/x" in told
    assert f"earlier, in {tmp_path}/a/x" in told
    cities.reset_index()
    assert cities.find_city("sample").label.en == "First"
    assert capsys.readouterr().err == ""


def test_a_folder_comes_before_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    city(tmp_path / "own", "shanghai", "SH", label="My Shanghai")
    named(monkeypatch, tmp_path)
    assert cities.find_city("shanghai").label.en == "My Shanghai"
    assert "the city 'shanghai'" in capsys.readouterr().err


def test_folders_of_the_command_line_come_first_and_reach_other_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    city(tmp_path / "variable", label="Variable")
    city(tmp_path / "option", label="Option")
    named(monkeypatch, tmp_path / "variable")
    monkeypatch.chdir(tmp_path)
    cities.prepend_folders(["option"])
    assert cities.find_city("sample").label.en == "Option"
    assert os.environ["JIFEN_CITIES"].split(os.pathsep)[0] == str(tmp_path / "option")
    with pytest.raises(ValueError, match="a:b"):
        cities.prepend_folders(["a:b"])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "no folder"),
        (lambda path: path.mkdir(), "no city in"),
        (lambda path: path.write_text("a file"), "cannot be read"),
        (lambda path: (path.mkdir(), (path / "facts.yaml").touch()), "no city in"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_and_no_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told, make: object, words: str
) -> None:
    assert callable(make)
    make(tmp_path / "there")
    named(monkeypatch, tmp_path / "there")
    assert foreign() == []
    told = capsys.readouterr().err
    assert "JF-X001 warning" in told
    assert words in told
    assert "the other cities are there" in told or "jifen city new" in told


def test_files_of_a_city_without_its_index_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    city(tmp_path / "good")
    (city(tmp_path / "lost", "lost", "XL") / "city.yaml").unlink()
    (tmp_path / "notes").mkdir()
    named(monkeypatch, tmp_path)
    assert "sample" in cities.index()
    told = capsys.readouterr().err
    assert f"files of a city and no city.yaml in {tmp_path}/lost" in told
    assert "notes" not in told


def test_a_folder_that_may_not_be_read_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    city(tmp_path / "good")
    closed = city(tmp_path / "closed", "closed", "XL")
    plain = Path.is_file

    def is_file(path: Path) -> bool:
        if path.parent == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path)

    monkeypatch.setattr(Path, "is_file", is_file)  # tests may run as root, who may read all
    named(monkeypatch, tmp_path)
    assert "sample" in cities.index()
    assert "closed" not in cities.index()
    assert "Permission denied" in capsys.readouterr().err


def test_a_broken_index_leaves_its_city_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    city(tmp_path / "good")
    (city(tmp_path / "bad", "bad", "XB") / "city.yaml").write_text("id: [", "utf-8")
    named(monkeypatch, tmp_path)
    assert foreign() == ["sample"]
    told = capsys.readouterr().err
    assert "JF-X003" in told
    assert f"{tmp_path}/bad/city.yaml:" in told
    assert "JF-P001" in told
    assert (
        tmp_path / "bad",
        False,
    ) in cities.list_city_folders()  # `policy check` still looks at it


def test_a_prefix_that_is_taken_leaves_the_foreign_city_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    city(tmp_path / "one", "one", "CH")
    named(monkeypatch, tmp_path)
    assert foreign() == []
    assert "the prefix CH of 'one', which 'chengdu' has" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("points-2020.yaml", "of: age", "of: agee", "JF-P019"),
        ("facts.yaml", "type: bool", "type: boolean", "JF-P013"),
        ("points-2020.cases.yaml", "cases:", "casses:", "JF-P010"),
        ("city.yaml", "points-2020.yaml", "points-2021.yaml", "No such file"),
    ],
)
def test_a_city_whose_files_cannot_be_read_is_left_out_of_a_site(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: Told,
    file: str,
    old: str,
    new: str,
    words: str,
) -> None:
    bad = city(tmp_path / file, "bad", "XB")
    path = bad / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    city(tmp_path / "good")
    named(monkeypatch, tmp_path)
    assert find_reading_faults(cities.find_city("sample")) == []
    leave_out_broken()
    assert foreign() == ["sample"]
    told = capsys.readouterr().err
    assert words in told
    assert str(bad) in told


def test_what_comes_with_the_package_is_never_left_out() -> None:
    for shipped in cities.index().values():
        assert find_reading_faults(shipped) == []


def test_an_installed_package_gives_cities(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    city(tmp_path / "my_cities" / "sample")
    (tmp_path / "my_cities" / "__init__.py").touch()
    city(tmp_path / "data", "other", "XO")
    (tmp_path / "other_cities.py").write_text(f"FOLDER = {str(tmp_path / 'data')!r}\n")
    (tmp_path / "broken_cities.py").write_text("FOLDER = 1 / 0\n")
    installed = tmp_path / "mine-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(
        "[jifen.cities]\nbroken = broken_cities:FOLDER\ngone = no_such_package\n"
        "mine = my_cities\ntheirs = other_cities:FOLDER\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert foreign() == ["other", "sample"]
    told = capsys.readouterr().err
    assert "the entry point broken" in told
    assert "ZeroDivisionError" in told
    assert "the entry point gone" in told


def test_a_source_that_is_added_comes_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    monkeypatch.setattr("jifen.cities.sources._added_sources", {})
    folders = [city(tmp_path / "draft"), city(tmp_path / "again", "chengdu", "CH", label="Draft")]
    cities.add_source("editions in force", lambda: folders)
    cities.reset_index()
    assert cities.find_city("sample").folder == folders[0]
    assert cities.find_city("chengdu").label.en == "Chengdu"
    assert "the city 'chengdu'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("id: sample", "id: ..", "JF-P016", "'..'"),
        ("01-01}", '01-01}\n  - {version: "2020", file: a.yaml, from: 2021-01-01}',
         "JF-X005", "version '2020' a second time"),
        ("01-01}", '01-01}\n  - {version: "2", file: a.yaml, from: 2024-06-01}',
         "JF-X005", "both in force on 2024-06-01"),
        ("file: points-2020.yaml", "file: ../other/points.yaml", "JF-X006", "outside the folder"),
        ("file: points-2020.yaml", "file: /etc/passwd", "JF-X006", "'/etc/passwd'"),
    ],
)  # fmt: skip
def test_an_index_that_cannot_be_right_is_refused(
    tmp_path: Path, old: str, new: str, code: str, words: str
) -> None:
    folder = write_small_city(tmp_path / "x")
    text = (folder / "city.yaml").read_text("utf-8")
    assert old in text
    (folder / "city.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PolicyError) as error:
        cities.read_city(folder)
    told = [fault for fault in error.value.faults if fault.code == code]
    assert words in str(told[0])
    assert told[0].in_language("zh").found != told[0].found


def test_the_id_counts_and_not_the_name_of_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    city(tmp_path / "Folder of another NAME")
    named(monkeypatch, tmp_path)
    assert "sample" in cities.index()


@pytest.mark.parametrize(
    "change", [lambda b: b.replace(b"\n", b"\r\n"), lambda b: b"\xef\xbb\xbf" + b]
)
def test_line_ends_and_marks_of_windows_change_nothing(
    tmp_path: Path, change: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(change)
    plain, windows = write_small_city(tmp_path / "plain"), write_small_city(tmp_path / "windows")
    for path in windows.iterdir():
        path.write_bytes(change(path.read_bytes()))
    one, other = (
        cities.load_policy_file(cities.read_city(folder).versions[0].path)
        for folder in (plain, windows)
    )
    assert one.hash == other.hash


def test_the_silence_of_processes_that_a_site_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Told
) -> None:
    monkeypatch.setenv("JIFEN_CITIES_TOLD", "1")
    named(monkeypatch, tmp_path / "nowhere")
    assert "shanghai" in cities.index()
    assert capsys.readouterr().err == ""
