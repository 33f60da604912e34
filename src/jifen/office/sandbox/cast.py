"""Who is in the sandbox: everybody is invented, and no number belongs to anybody.

Names, and what the players say, stand in `cast.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jifen.facts.identity import compute_check_character
from jifen.office.registry.credit_code import check_character as unit_check
from jifen.policy.text import EMPTY, Text

PASSWORD = "sandbox-2026-jifen"
MARK = "sandbox.seeded"
"""The act in the audit log by which production knows a sandbox, and refuses to start."""
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who can sign in."""

    username: str
    name: str
    role: str = ""
    city: str = "shanghai"
    district: str = ""
    department: str = ""
    does: Text = EMPTY
    """What the player does, in a word or two."""


def _read_player(entry: Mapping[str, Any]) -> Player:
    return Player(**{**entry, "does": Text(**entry["does"])})


_CAST: Mapping[str, Any] = json.loads((Path(__file__).parent / "cast.json").read_bytes())
STAFF = tuple(map(_read_player, _CAST["staff"]))
OTHERS = tuple(map(_read_player, _CAST["others"]))
PEOPLE: tuple[str, ...] = tuple(_CAST["people"])
"""The names of those whose cases are there, one for each state of a case."""
TEXTS: Mapping[str, str] = _CAST["texts"]
"""What the players wrote, and the names of their units."""

PERMITS = (
    (200, "own_home", 0),
    (18, "own_home", 0),
    (19, "registered_rental", 400),
    (18, "registered_rental", 10),
    (29, "other", 0),
    (-20, "other", 0),
    (59, "own_home", 0),
)
"""Days until a permit ends, the dwelling, days until the lease registration ends."""

SHANGHAI: dict[str, Any] = {
    "birth_date": "1990-03-15",
    "permit_valid": True,
    "employed_and_insured": True,
    "insured_months": 84,
    "insured_months_last_12": 12,
    "education": "bachelor_with_degree",
    "study_mode": "full_time",
    "title": "none",
    "base_1x_months_last_12": 12,
    "base_08x_months_last_48": 48,
    "base_1x_months_last_48": 0,
    "base_2x_months_last_48": 0,
    "base_3x_months_last_36": 0,
    "entrepreneur": False,
    "startup_intermediary": False,
    "shortage_major": False,
    "fresh_graduate": False,
    "average_annual_tax": 0,
    "average_local_staff": 0,
    "public_service_months": 0,
    "outer_suburb_months": 0,
    "award": "none",
    "spouse_local_months": 0,
    "false_material_dates": [],
    "detention_dates": [],
    "ordinary_crime_dates": [],
    "serious_crime": False,
    "family_planning_breach": False,
}
CHENGDU: dict[str, Any] = {
    "birth_date": "1991-05-06",
    "permit_valid": True,
    "legal_residence": True,
    "employed_six_months": True,
    "pension_months": 72,
    "medical_months": 72,
    "permit_months": 60,
    "permit_area": "wuhou",
    "star_talent": "none",
    "qualification": "none",
    "award": "none",
    "veteran_merit": "none",
    "volunteer_hours": 0,
    "blood_ml_last_12": 0,
    "charity_yuan_last_36": 0,
    "bad_credit_dates": [],
    "detoxification_dates": [],
    "detention_dates": [],
    "criminal_record": False,
    "banned_organisation": False,
}


def build_identity_number(number: int, born: str) -> str:
    """A well-formed number of the area 999999, which no authority has."""
    head = f"999999{born}{number % 1000:03d}"
    return head + compute_check_character(head)


def build_credit_code(number: int) -> str:
    """A well-formed code of no unit."""
    head = f"91310000SMP{number:06d}".replace("S", "M")
    return head + unit_check(head)
