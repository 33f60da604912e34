"""What is derived for a whole city is what the plain path derives for each person."""

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts.registers import derivation
from jifen.policy.model import Rules
from tests.hypothesis_profiles import each
from tests.people.registers import (
    ROUNDS,
    Person,
    derive_rows,
    list_row_differences,
    plain_facts,
    random_person,
    with_wages,
)


def rules_of(city: str, version: str, on: date, *, wages: bool) -> Rules:
    rules = load(city, version).rules_on(on)
    return with_wages(rules) if wages else rules


def check(rules: Rules, on: date, people: dict[int | str, Person], folder: Path) -> None:
    rows, done = derive_rows(rules, on, people, folder)
    assert done.faults == 0
    assert set(rows) == set(people)
    for key, person in people.items():
        wrong = list_row_differences(rows[key], plain_facts(rules, person, on))
        assert not wrong, (key, person, wrong)


@pytest.mark.parametrize(("city", "version", "on"), ROUNDS)
@pytest.mark.parametrize("wages", [False, True])
@each(12, 500)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 12))
def test_each_derived_fact_equals_the_plain_one(
    tmp_path_factory: pytest.TempPathFactory,
    city: str,
    version: str,
    on: date,
    wages: bool,
    seed: int,
    size: int,
) -> None:
    rules, chance = rules_of(city, version, on, wages=wages), random.Random(seed)
    people: dict[int | str, Person] = {
        number: random_person(chance, rules, on) for number in range(size)
    }
    people[size] = Person([{"from": "2012-01", "to": "2012-03"}])
    check(rules, on, people, tmp_path_factory.mktemp("city"))


@pytest.mark.parametrize(("city", "version", "on"), [ROUNDS[0], ROUNDS[4]])
def test_many_people_in_several_partitions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, city: str, version: str, on: date
) -> None:
    monkeypatch.setattr(derivation, "ROWS_A_PARTITION", 4_000)
    rules, chance = rules_of(city, version, on, wages=True), random.Random(20_000)
    people: dict[int | str, Person] = {
        f"P{number:05d}": random_person(chance, rules, on) for number in range(4_000)
    }
    check(rules, on, people, tmp_path)


def test_the_random_people_reach_every_kind_of_answer() -> None:
    city, version, on = ROUNDS[4]
    rules, chance = rules_of(city, version, on, wages=True), random.Random(1)
    found = [plain_facts(rules, random_person(chance, rules, on), on) for _ in range(2000)]
    ratios = [row["pension_base_ratio"] for row in found]
    assert sum(ratio is None for ratio in ratios) > 100
    assert sum(type(ratio).__name__ == "Decimal" for ratio in ratios) > 100
    assert len({row["permit_months"] for row in found if "permit_months" in row}) > 50
