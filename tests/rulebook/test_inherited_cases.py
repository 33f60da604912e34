"""Worked cases that are taken over into a version's successor state what its rules give."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jifen import cities
from jifen.cities.worked_cases import WorkedCase, find_cases_of_policy, read_cases
from jifen.policy.checks import find_case_faults
from jifen.policy.policy import Policy, Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.rulebook.inherited_cases import write_inherited_cases
from jifen.rulebook.worked_cases import find_disagreements

VERSIONS = [
    (city.id, version.version) for city in cities.index().values() for version in city.versions
]
ACCEPTED = Text("已判断为符合意图", "it is intended")


def _with(policy: Policy, path: str, value: str) -> Policy:
    change = {path: parse_yaml(value, "test")}
    return policy.apply_reform(Reform("test", Text("试", "test"), change))


def _read(text: str, folder: Path) -> tuple[WorkedCase, ...]:
    file = folder / "points-next.cases.yaml"
    file.write_text(text, "utf-8")
    return read_cases(file)


def _faults(policy: Policy, text: str, cases: tuple[WorkedCase, ...]) -> list[str]:
    node, lines = parse_yaml(text, "points-next.cases.yaml"), text.splitlines()
    named = find_case_faults(policy, cases, node)
    return [str(f) for f in [*named, *find_disagreements(policy, cases, node, lines)]]


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_under_the_same_rules_every_case_states_the_same(
    city: str, version: str, tmp_path: Path
) -> None:
    policy = cities.load(city, version)
    text = write_inherited_cases(policy, policy, {}, ACCEPTED)
    before, after = find_cases_of_policy(policy), _read(text, tmp_path)
    assert [case.id for case in after] == [case.id for case in before]
    assert _faults(policy, text, after) == []
    for old, new in zip(before, after, strict=True):
        assert (new.facts, new.on, new.readings) == (old.facts, old.on, old.readings)
        assert set(old.expect) <= set(new.expect)
        assert "符合意图" not in new.source.zh


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_of_changed_rules_the_file_states_what_they_give(
    city: str, version: str, tmp_path: Path
) -> None:
    """An indicator is retired: cases that name it alone state the total instead."""
    policy = cities.load(city, version)
    retired = policy.rules_on(policy.since).indicators[0].id
    changed = _with(policy, f"indicators.{retired}", "null")
    text = write_inherited_cases(policy, changed, {}, ACCEPTED)
    cases = _read(text, tmp_path)
    assert cases
    assert _faults(changed, text, cases) == []
    assert all(retired not in (case.expect.get("lines") or {}) for case in cases)
    assert all(case.expect for case in cases)


def test_a_changed_case_says_what_it_gave_and_that_it_was_accepted(tmp_path: Path) -> None:
    policy = cities.load("shanghai", "2018")
    path = "indicators.education.choice.points.bachelor_with_degree"
    changed = _with(policy, path, "95")
    text = write_inherited_cases(
        policy, changed, {"E1": Text("120 分，达到", "120, reached")}, ACCEPTED
    )
    case = next(case for case in _read(text, tmp_path) if case.id == "E1")
    assert Decimal(case.expect["total"]) == 125
    assert case.source.zh == "版本 2018 的算例，原为 120 分，达到；已判断为符合意图"
    assert case.source.en == "case of version 2018, which gave 120, reached; it is intended"
    again = write_inherited_cases(policy, policy, {}, ACCEPTED)
    assert "E2" in again
    assert "with the same result" in again


def test_a_version_without_cases_hands_none_on() -> None:
    policy = cities.load("shanghai", "2018")
    alone = replace(policy, path=Path("points-2018.yaml"))
    assert write_inherited_cases(alone, policy, {}, ACCEPTED) == ""
