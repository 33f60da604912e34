"""The account of every month: base, wage, multiple, what counts and why, gaps, deferred terms."""

from datetime import date
from decimal import Decimal
from typing import Any

from jifen.facts.contributions import Spell, read_spells
from jifen.facts.fault import FactFault
from jifen.facts.insurance import InsuranceAccount, InsuredMonth, build_account
from jifen.facts.situation import read_situation
from jifen.policy.months import format_month, parse_month
from tests.people.device_people import load_rules

ON = date(2025, 6, 1)
RULES = load_rules("shanghai", "2018", ON)
GIVEN: list[dict[str, Any]] = [
    {"from": "2021-11", "to": "2022-02", "base": "10337.99"},
    {"from": "2022-05", "to": "2022-06", "base": "10338", "status": "deferred"},
    {"from": "2024-01", "to": "2024-01", "base": "9000", "status": "deferred"},
    {"from": "2024-02", "to": "2024-02", "base": "9000", "status": "back_paid"},
    {"from": "2024-03", "to": "2025-05", "base": "36921"},
]


def spells(given: list[dict[str, Any]]) -> list[Spell]:
    faults: list[FactFault] = []
    read = read_spells(given, faults, on=ON)
    assert faults == []
    return read


def account(given: list[dict[str, Any]] = GIVEN) -> InsuranceAccount:
    return build_account(spells(given), RULES, ON)


def month(text: str) -> InsuredMonth:
    return next(one for one in account().months if one.month == parse_month(text))


def test_base_wage_and_multiple_stand_beside_each_month() -> None:
    one = month("2021-11")
    assert (one.state, one.base, one.wage) == ("counts", Decimal("10337.99"), Decimal(10338))
    assert one.multiple == Decimal("0.99"), "never rounded up to the wage"
    assert month("2022-05").multiple == Decimal("1.00")
    assert month("2024-08").multiple == Decimal("3.00")


def test_a_deferred_month_counts_inside_its_term_and_names_it() -> None:
    inside, outside = month("2022-05"), month("2024-01")
    assert (inside.state, inside.term.zh) == ("deferred", "2022–2023 年阶段性缓缴")
    assert (outside.state, outside.term.zh) == ("not_counted", "")
    assert outside.why.zh == "缓缴，当月不在视同缴费的期间内"


def test_a_back_paid_month_is_shown_and_does_not_count() -> None:
    one = month("2024-02")
    assert (one.state, one.why.en) == ("not_counted", "back-paid: does not count")


def test_gaps_lie_between_records() -> None:
    found = [(format_month(g.since), format_month(g.until), g.months) for g in account().gaps]
    assert found == [("2022-03", "2022-04", 2), ("2022-07", "2023-12", 18)]
    one = month("2022-03")
    assert (one.state, one.base, one.multiple, one.wage) == ("gap", None, None, Decimal(10338))


def test_years_are_bars_of_twelve_months() -> None:
    years = account().years
    assert [year for year, _ in years] == [2021, 2022, 2023, 2024, 2025]
    assert all(len(bar) == 12 for _, bar in years)
    first, last = years[0][1], years[-1][1]
    assert [one is None for one in first] == [True] * 10 + [False] * 2
    # June is under way on 1 June 2025 and nothing is recorded for it
    assert [one is None for one in last] == [False] * 5 + [True] * 7


def test_the_account_agrees_with_what_the_engine_counts() -> None:
    situation = read_situation(RULES, {"contributions": GIVEN}, ON)
    months = account().months
    counting = [one for one in months if one.state in ("counts", "deferred")]
    assert len(counting) == situation.derived["insured_months"].value == 21
    late = InsuranceAccount(tuple(m for m in months if m.month > months[-1].month - 48), ())
    for multiple, fact in (("0.8", "08x"), ("1", "1x"), ("2", "2x")):
        derived = situation.derived[f"base_{fact}_months_last_48"].value
        assert late.count_months_at_least(Decimal(multiple)) == derived, fact


def test_nothing_paid_is_an_empty_account() -> None:
    assert account([]) == InsuranceAccount((), ())
    assert account([]).years == ()
