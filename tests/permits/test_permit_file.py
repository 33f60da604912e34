"""Permit files: what is read from them, and that every fault is found with its code."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from jifen.cities import ROOT
from jifen.permits import PermitRules, permit_rules_on, read_permit_rules
from jifen.permits.permit_file import load_permit_rules
from jifen.policy.fault import PolicyError

Codes = Callable[[str, str], list[str]]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], tuple[PermitRules, ...]]:
    """Shanghai's file, read with one text put for another."""

    def read(old: str, new: str) -> tuple[PermitRules, ...]:
        text = (ROOT / "shanghai" / "permit.yaml").read_text("utf-8")
        assert text.count(old) >= 1
        (tmp_path / "permit.yaml").write_text(text.replace(old, new), "utf-8")
        return read_permit_rules(tmp_path / "permit.yaml")

    return read


@pytest.fixture
def codes(changed: Callable[[str, str], tuple[PermitRules, ...]]) -> Codes:
    """The codes of the faults of the changed file, in order."""

    def faulty(old: str, new: str) -> list[str]:
        try:
            changed(old, new)
        except PolicyError as error:
            return [fault.code for fault in error.faults]
        return []

    return faulty


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2017-12-31", []),
        ("2018-01-01", ["JF-E006"]),
        ("2017-12-30", ["JF-E007"]),
    ],
)
def test_editions_follow_one_another_day_by_day(
    codes: Codes, until: str, expected: list[str]
) -> None:
    assert codes("until: 2017-12-31", f"until: {until}") == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(20, 20, []), (20, 1, []), (20, 0, ["JF-E005"]), (20, 21, ["JF-E005"])],
)
def test_an_automatic_endorsement_ends_after_it_begins(
    codes: Codes, first: int, last: int, expected: list[str]
) -> None:
    old, new = (
        f"first_days: {days[0]}\n      last_days: {days[1]}" for days in ((20, 15), (first, last))
    )
    assert codes(old, new) == expected


@pytest.mark.parametrize("text", ["02-29", "04-31", "00-10", "13-01", "04-1", "4-01", "04-010"])
def test_a_season_is_named_by_days_of_every_year(codes: Codes, text: str) -> None:
    assert codes('"04-01"', f'"{text}"') == ["JF-E004"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("grounds: [stable_job, stable_residence, continuous_study]", "grounds: []"),
        ("dwellings: [own_home, registered_rental]", "dwellings: []"),
        ("readings: [years_anew, new_card, register_again]", "readings: []"),
    ],
)
def test_a_list_that_must_say_something_is_not_empty(codes: Codes, old: str, new: str) -> None:
    assert codes(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("grounds: [stable_job, stable_residence, continuous_study]", "grounds: [stable_job]"),
        ("dwellings: [own_home, registered_rental]", "dwellings: [own_home]"),
        ("readings: [years_anew, new_card, register_again]", "readings: [years_anew]"),
    ],
)
def test_one_entry_is_enough(codes: Codes, old: str, new: str) -> None:
    assert codes(old, new) == []


def test_a_city_without_rules_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "permit.yaml"
    path.write_text('language: "1"\ncity: x\nrules: []\n', "utf-8")
    with pytest.raises(PolicyError):
        read_permit_rules(path)


def test_everything_in_the_file_is_in_the_rules() -> None:
    rules = permit_rules_on("shanghai", date(2025, 1, 1))
    assert [source.id for source in rules.sources] == ["S5", "S6", "S33", "S34", "S36", "S65"]
    assert rules.automatic is not None
    assert (rules.automatic.first_days, rules.automatic.last_days) == (20, 15)
    assert rules.automatic.dwellings == ("own_home", "registered_rental")
    assert rules.early is not None
    assert (rules.early.season_from, rules.early.season_until) == ((4, 1), (5, 31))
    assert rules.restoration is not None
    assert rules.restoration.within_months == 12
    assert (rules.issue.registered_months, rules.issue.days) == (6, 15)
    assert (rules.grace_period_days, rules.late_endorsement.register_again_after_days) == (60, 90)
    assert rules.points.follow_days == 3


def test_a_file_without_sources_is_read(tmp_path: Path) -> None:
    text = (ROOT / "chengdu" / "permit.yaml").read_text("utf-8")
    head, _, rest = text.partition("sources:")
    path = tmp_path / "permit.yaml"
    path.write_text(head + "rules:" + rest.partition("rules:")[2], "utf-8")
    (rules,) = read_permit_rules(path)
    assert rules.sources == ()
    assert len(load_permit_rules("chengdu")[0].sources) == 2
