"""What a case comes to where the measure has a way in without points."""

from datetime import date
from typing import Any

import pytest

from jifen.office.casework.models.decision import Outcome
from jifen.office.casework.rules import derive_outcome
from jifen.scoring import assess
from tests.policy.faults import HERE, policy

SCHOLAR: dict[str, Any] = {
    "age": 50,
    "education": "bachelor",
    "insured_months": 0,
    "insured_months_last_12": 12,
    "base_ratio": 3,
    "permit_valid": True,
    "serious_crime": False,
    "detention_count_5y": 0,
}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, Outcome.REACHED),
        ({"base_ratio": 2}, Outcome.BELOW),
        ({"permit_valid": False}, Outcome.REFUSED),
        ({"permit_valid": False, "age": 29, "base_ratio": 4}, Outcome.REACHED),
        ({"serious_crime": True}, Outcome.VETOED),
    ],
)
def test_a_way_in_decides_a_case(facts: dict[str, Any], outcome: Outcome) -> None:
    measure = policy((HERE / "good" / "ways.yaml").read_text(encoding="utf-8"))
    assert derive_outcome(assess(measure, SCHOLAR | facts, date(2023, 6, 1))) == outcome
