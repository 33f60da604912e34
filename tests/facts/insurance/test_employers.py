"""Employer by employer, by base or by salary, as spells of contributions."""

from datetime import date
from decimal import Decimal

import pytest

from jifen.facts.insurance import Employment, build_contributions
from jifen.facts.insurance.employers import estimate_base
from jifen.policy.model import Rules
from jifen.policy.months import parse_month
from tests.people.device_people import load_rules

ON = date(2025, 6, 1)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules("shanghai", "2018", ON)


def employment(since: str, until: str, base: str = "", salary: str = "") -> Employment:
    first, last = parse_month(since), parse_month(until)
    known = [Decimal(text) if text else None for text in (base, salary)]
    return Employment("甲", first, last, known[0], known[1])


def test_a_base_gives_one_spell(rules: Rules) -> None:
    [one] = build_contributions(
        [employment("2023-01", "2024-12", base="9000", salary="99999")], rules
    )
    assert (one.row, one.estimated) == (0, False)
    assert one.spell == {
        "from": "2023-01",
        "to": "2024-12",
        "base": Decimal(9000),
        "status": "paid",
        "schemes": ["pension", "medical"],
    }


def test_a_salary_gives_a_base_for_each_average_wage(rules: Rules) -> None:
    """Three times 12,183 up to June 2024, three times 12,307 from July on."""
    spells = build_contributions(
        [employment("2022-01", "2022-02"), employment("2024-05", "2024-08", salary="50000")], rules
    )
    told = [(s.row, s.spell["from"], s.spell["to"], s.spell.get("base")) for s in spells]
    assert told == [
        (0, "2022-01", "2022-02", None),
        (1, "2024-05", "2024-06", Decimal(36549)),
        (1, "2024-07", "2024-08", Decimal(36921)),
    ]
    assert [s.estimated for s in spells] == [False, True, True]


@pytest.mark.parametrize(
    ("salary", "wage", "base"),
    [
        ("3000", "10000", "6000"),
        ("6000", "10000", "6000"),
        ("12345.50", "10000", "12346"),
        ("30000", "10000", "30000"),
        ("30001", "10000", "30000"),
        ("0", None, "0"),
        ("50000.4", None, "50000"),
    ],
)
def test_a_base_lies_between_60_and_300_percent_of_the_wage(
    salary: str, wage: str | None, base: str
) -> None:
    known = None if wage is None else Decimal(wage)
    assert estimate_base(Decimal(salary), known) == Decimal(base)


def test_a_city_without_wages_takes_the_salary(rules: Rules) -> None:
    chengdu = load_rules("chengdu", "2024", date(2025, 3, 1))
    [one] = build_contributions([employment("2024-05", "2024-08", salary="50000")], chengdu)
    assert (one.spell["base"], one.estimated) == (Decimal(50000), True)
