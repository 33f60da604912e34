"""What a reader of a faulty process file sees: where, what is there, what belongs there, what to
do."""

from pathlib import Path

import pytest

from jifen import cities
from jifen.policy.fault import PolicyError
from jifen.process import read_process

CASES: list[tuple[str, str, str, str, str, str, str]] = [
    (
        "a word that is no fact",
        "facts: [education]",
        "facts: [educaton]",
        "JF-R002",
        "the unknown fact 'educaton'",
        "one of: ",
        "write 'education'",
    ),
    (
        "a gate that waits for one that there is not",
        "        department: police",
        "        after: [court]\n        department: police",
        "JF-R002",
        "the unknown gate 'court'",
        "one of: office, police",
        "correct or remove it",
    ),
    (
        "a material that nothing asks for",
        "    facts: [education]",
        "    facts: []",
        "JF-R003",
        "'diploma' proves no fact and is not always asked",
        "facts that it proves, or always: true",
        "say when it is asked",
    ),
    (
        "a procedure that ends before it begins",
        "    from: 2013-07-01",
        "    from: 2013-07-01\n    until: 2012-01-01",
        "JF-R004",
        "'shanghai-online-2013' ends on 2012-01-01, before it begins",
        "a day from 2013-07-01 on",
        "correct one of the two days",
    ),
    (
        "facts that no gate covers",
        'facts: ["*"]',
        "facts: [title]",
        "JF-R005",
        "gates of 'shanghai-online-2013' that do not cover every fact once",
        'exactly one gate with the facts ["*"], which takes all that no other names',
        "give one gate the rest",
    ),
    (
        "gates that wait for each other",
        "        department: police",
        "        after: [police]\n        department: police",
        "JF-R006",
        "gates of 'shanghai-online-2013' that wait for each other",
        "an order without a circle",
        "remove one 'after'",
    ),
    (
        "fewer days than the gates need",
        "    days: 20\n    correction",
        "    days: 5\n    correction",
        "JF-R007",
        "5 days in all, but the gates one after another need 20",
        "20 or more",
        "correct the days of a gate, or the whole",
    ),
]


def read(tmp_path: Path, old: str, new: str, city: str = "shanghai") -> str:
    """The words of the faults of a city's process file with some of its text replaced."""
    text = (cities.find_city(city).folder / "process.yaml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "process.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_process(file)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "code", "found", "expected", "remedy"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_fault_says_where_what_and_what_to_do(
    tmp_path: Path, old: str, new: str, code: str, found: str, expected: str, remedy: str
) -> None:
    words = read(tmp_path, old, new)
    assert "process.yaml:" in words
    assert f"{code} error" in words
    assert f"found:    {found}\n" in words
    assert f"expected: {expected}" in words
    assert f"do:       {remedy}" in words


def test_two_procedures_on_one_day_are_named(tmp_path: Path) -> None:
    words = read(tmp_path, "    from: 2024-02-20", "    from: 2024-02-19", "chengdu")
    assert "JF-R008 error" in words
    assert "are in force on the same day\n" in words
    assert "expected: one procedure on each day\n" in words
    assert "do:       end the earlier one before the later begins" in words
