"""The residence permit as a record: validity on a day, months held without a break."""

from datetime import date
from typing import Any

import pytest

from jifen.cities import load
from jifen.facts import ABSENT, FactsError, Situation, read_situation
from jifen.facts.permit import count_full_months


def chengdu(permit: dict[str, Any], on: date, **facts: Any) -> Situation:
    return read_situation(
        load("chengdu", "2024").rules_on(on), {"permit": permit, **facts}, on, lang="en"
    )


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2024-01-01", "2024-12-31", 12),
        ("2024-01-15", "2024-12-31", 11),
        ("2024-01-15", "2025-01-14", 12),
        ("2024-01-15", "2025-01-13", 11),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-05-31", "2024-06-30", 1),
        ("2024-05-31", "2024-05-31", 0),
    ],
)
def test_full_months_between_two_days(since: str, until: str, months: int) -> None:
    assert count_full_months(date.fromisoformat(since), date.fromisoformat(until)) == months


def test_a_permit_endorsed_every_year_runs_from_its_issue() -> None:
    permit = {
        "issued_on": "2022-03-10",
        "valid_until": "2026-03-09",
        "endorsements": ["2023-03-01", "2024-02-20", "2025-03-10"],
        "area": "wuhou",
    }
    known = chengdu(permit, date(2025, 6, 15))
    assert known.values["permit_months"] == 38
    assert known.values["permit_valid"] is True
    assert known.values["permit_area"] == "wuhou"


def test_an_endorsement_made_up_late_starts_the_years_anew() -> None:
    permit = {
        "issued_on": "2022-03-10",
        "valid_until": "2026-03-09",
        "endorsements": ["2023-03-01", "2024-05-10", "2025-05-09"],
    }
    assert chengdu(permit, date(2025, 6, 15)).values["permit_months"] == 12


def test_without_the_endorsements_the_months_are_absent_not_guessed() -> None:
    permit = {"issued_on": "2022-03-10", "valid_until": "2026-03-09"}
    known = chengdu(permit, date(2025, 6, 15))
    assert "permit_months" not in known.values
    assert known.derived["permit_months"].value is ABSENT
    first_year = {"issued_on": "2024-12-01", "valid_until": "2025-11-30"}
    assert chengdu(first_year, date(2025, 6, 15)).values["permit_months"] == 6


def test_an_expired_permit_is_not_valid() -> None:
    permit = {"issued_on": "2022-03-10", "valid_until": "2025-03-09"}
    assert chengdu(permit, date(2025, 3, 9)).values["permit_valid"] is True
    assert chengdu(permit, date(2025, 3, 10)).values["permit_valid"] is False


@pytest.mark.parametrize(
    "permit",
    [
        "yes",
        {"issued_on": "2022-02-30"},
        {"issued_on": "2022-03-10", "valid_until": "2021-03-09"},
        {"issued": "2022-03-10"},
        {"issued_on": "2027-03-10"},
        {"endorsements": "soon"},
        {"endorsements": ["2030-01-01"]},
        {"area": "pudong"},
    ],
)
def test_a_bad_permit_is_refused_with_its_place(permit: Any) -> None:
    with pytest.raises(FactsError) as error:
        chengdu(permit, date(2025, 6, 15))
    assert "'permit" in str(error.value)


def test_a_record_and_a_value_that_disagree_are_both_named() -> None:
    permit = {"issued_on": "2022-03-10", "valid_until": "2025-03-09"}
    with pytest.raises(FactsError, match="permit_valid given as yes"):
        chengdu(permit, date(2025, 6, 15), permit_valid=True)


def test_a_missing_endorsement_suspends_the_permit() -> None:
    permit = {"issued_on": "2022-03-10", "valid_until": "2030-03-09", "endorsements": []}
    known = chengdu(permit, date(2025, 6, 15))
    assert known.values["permit_valid"] is False
    assert known.values["permit_months"] == 0


def test_many_wrong_keys_of_a_record_are_told_briefly() -> None:
    with pytest.raises(FactsError) as error:
        chengdu({f"key_{n}\x1b[31m": n for n in range(1_000)}, date(2025, 6, 15))
    assert len(error.value.faults) == 5
    assert "\x1b" not in str(error.value)


def test_the_last_day_of_the_year_is_still_in_time() -> None:
    """The card shows 10 January 2025 as its last day: valid on it, suspended the day after."""
    permit = {"issued_on": "2024-01-10", "valid_until": "2030-01-10", "endorsements": []}
    assert chengdu(permit, date(2025, 1, 10)).values["permit_valid"] is True
    assert chengdu(permit, date(2025, 1, 11)).values["permit_valid"] is False
