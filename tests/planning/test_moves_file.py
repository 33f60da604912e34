"""Moves as data: what is shipped is sound, and a fault names its place."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from jifen import cities
from jifen.cities import read_city
from jifen.planning.moves_file import NoMoves, moves_for_city, read_moves
from jifen.policy.fault import PolicyError
from tests.people.small_city import write_small_city

CITIES = ("shanghai", "chengdu")


def _bad(tmp_path: Path, city: str, old: str, new: str) -> Iterable[str]:
    folder = cities.find_city(city).folder
    text = (folder / "moves.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "moves.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PolicyError) as error:
        read_moves(path, cities.load_vocabulary(folder))
    return [f"{fault.place}: {fault.code} {fault}" for fault in error.value.faults]


@pytest.mark.parametrize("city", CITIES)
def test_what_no_source_tells_is_unsure_and_said_to_be_an_assumption(city: str) -> None:
    for move in moves_for_city(city).moves:
        if not move.provenance.sources:
            assert move.provenance.confidence == "unsure"
            assert "本系统的假设" in move.provenance.note.zh
            assert "This system's assumption" in move.provenance.note.en
        if move.provenance.confidence == "unsure":
            assert move.provenance.note.zh
        assert move.cost is None or move.provenance.sources


@pytest.mark.parametrize("city", CITIES)
def test_a_degree_is_not_tomorrow(city: str) -> None:
    for move in moves_for_city(city).moves:
        if "education" in move.sets:
            # a course of study; or, after graduation, the examinations for its degree
            assert move.shortest >= (12 if move.id == "degree" else 30)


WAITS = "{zh: 连续参保满 6 个月。, en: 6 unbroken insured months.}"
TAKES = "    takes: {shortest: 30, usual: 36}"


@pytest.mark.parametrize(
    ("city", "old", "new", "code", "words"),
    [
        ("shanghai", "{education: college,", "{eduction: college,", "JF-H001", "education"),
        ("shanghai", "{education: college,", "{education: collage,", "JF-H001", "college"),
        ("shanghai", "start: [public_service_months]", "start: [title]", "JF-H001", "type months"),
        ("shanghai", "    after: 12\n", "", "JF-H002", "'after:'"),
        ("chengdu", "{fact: permit_area,", "{fact: permit_arena,", "JF-H001", "permit_area"),
        ("shanghai", "{shortest: 7, usual: 8}", "{shortest: 9, usual: 8}", "JF-H003", "≤"),
        ("shanghai", TAKES, f"    cost: 5\n{TAKES}", "JF-H004", "with a source"),
        ("shanghai", "effect: {contribute: 1}", "effect: {}", "JF-H005", "contribute"),
        ("shanghai", "city: shanghai", "city: chengdu", "JF-H006", "shanghai"),
        (
            "chengdu",
            f"confidence: likely\n    sources: [S27, S28]\n    note: {WAITS}",
            "confidence: unsure",
            "JF-H007",
            "what is assumed",
        ),
        ("shanghai", "needs: not permit_valid", "needs: not permit_ok", "JF-P019", "permit_ok"),
        ("shanghai", "sources: [M1]", "sources: [M9]", "JF-P023", "M9"),
        ("shanghai", "    settles: 12", "    setles: 12", "JF-P010", "settles"),
        ("shanghai", "id: college\n", "id: bachelor\n", "JF-P017", "a second time"),
    ],
)
def test_faults_of_a_file_name_the_place(
    tmp_path: Path, city: str, old: str, new: str, code: str, words: str
) -> None:
    faults = [fault for fault in _bad(tmp_path, city, old, new) if code in fault]
    assert faults
    assert words in faults[0]
    assert faults[0].startswith("moves.yaml:")


def test_a_city_without_moves_says_so(tmp_path: Path) -> None:
    city = read_city(write_small_city(tmp_path / "nowhere"))
    with pytest.raises(NoMoves, match=r"no moves of sample are recorded \(nowhere/moves\.yaml\)"):
        moves_for_city(city)
