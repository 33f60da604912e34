"""A file of costs is read strictly, and each fault has its words in both languages."""

from pathlib import Path

import pytest

from jifen.lab.fairness import find_costs_file, load_costs
from jifen.policy.fault import PolicyError
from jifen.scoring.files.file_faults import FileFault

GOOD = """language: "1"
costs: own
city: shanghai
as_of: 2026-11-30
label: {zh: 学位, en: Places}
stages:
  - id: primary
    label: {zh: 小学, en: Primary}
    children: children_6_11
    of_age: 1
    yearly_cost: 1000
    places: 100
    confidence: unsure
"""


def read(tmp_path: Path, text: str) -> PolicyError:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load_costs(path, "shanghai")
    return raised.value


@pytest.mark.parametrize(
    ("good", "bad", "line", "words"),
    [
        (
            "city: shanghai",
            "city: chengdu",
            3,
            ("costs for 'chengdu'", "'shanghai', whose people are counted"),
        ),
        (
            "of_age: 1\n",
            "of_age: 1.5\n",
            10,
            ("a share of 1.5 of the children", "a share from 0 to 1"),
        ),
        ("yearly_cost: 1000", "yearly_cost: -3", 11, ("'-3'", "a number from 0 on")),
        ("places: 100", "places: -1", 12, ("'-1'", "a number from 0 on")),
        (
            "confidence: unsure",
            "confidence: likely",
            13,
            (
                "confidence 'likely' without a source",
                "a source, or 'unsure': a figure without one is an assumption",
            ),
        ),
        (
            "confidence: unsure",
            "confidence: unsure\n    sources: [S9]",
            14,
            ("the unknown source 'S9'", "one of: —"),
        ),
    ],
)
def test_faults_name_their_place_and_what_was_expected(
    tmp_path: Path, good: str, bad: str, line: int, words: tuple[str, str]
) -> None:
    [fault] = read(tmp_path, GOOD.replace(good, bad)).faults
    assert (fault.code, fault.place.line) == ("JF-L008", line)
    found, expected = (part.replace("'-3'", "-3").replace("'-1'", "-1") for part in words)
    assert (fault.found, fault.expected) == (found, expected)
    assert fault.in_language("zh").found != fault.found or found.startswith("-")


def test_one_stage_twice_and_a_mistyped_key_are_faults(tmp_path: Path) -> None:
    stage = GOOD[GOOD.index("  - id: primary") :]
    assert [f.code for f in read(tmp_path, GOOD + stage).faults] == ["JF-P017"]
    assert [f.code for f in read(tmp_path, GOOD.replace("places:", "place:")).faults] == ["JF-P010"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match=r"nowhere\.yaml"):
        load_costs(tmp_path / "nowhere.yaml", "shanghai")


@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_the_files_that_come_with_jifen_are_read_and_say_what_they_rest_on(city: str) -> None:
    path = find_costs_file(city)
    assert path is not None
    costs = load_costs(path, city)
    assert costs.sources
    assert costs.note.zh
    assert all(stage.yearly_cost > 0 for stage in costs.stages)
