"""People whose way to the line was worked out by hand."""

from datetime import date
from typing import Any

import pyarrow as pa

from jifen.cities import load
from jifen.planning.case import build_case
from jifen.planning.planner import PlanResult, plan
from jifen.policy.policy import Policy
from jifen.scoring.population.program import build_program

SHANGHAI: dict[str, Any] = {
    "birth_date": "1985-03-14",
    "permit_valid": True,
    "employed_and_insured": True,
    "education": "college",
    "study_mode": "full_time",
    "title": "none",
    "contributions": [{"from": "2021-07", "to": "2025-06", "base": 9000, "status": "paid"}],
    "entrepreneur": False,
    "startup_intermediary": False,
    "shortage_major": False,
    "fresh_graduate": False,
    "average_annual_tax": None,
    "average_local_staff": None,
    "public_service_months": 0,
    "outer_suburb_area": None,
    "award": "none",
    "spouse_local_months": None,
    "false_material_dates": [],
    "detention_dates": [],
    "ordinary_crime_dates": [],
    "serious_crime": False,
    "family_planning_breach": False,
}
CHENGDU: dict[str, Any] = {
    "birth_date": "1980-06-20",
    "permit_valid": True,
    "permit_months": 60,
    "permit_area": "wuhou",
    "legal_residence": True,
    "employed_six_months": True,
    "contributions": [{"from": "2018-06", "to": "2025-05", "status": "paid"}],
    "star_talent": "none",
    "qualification": "none",
    "award": "none",
    "veteran_merit": "none",
    "volunteer_hours": 0,
    "charity_yuan_last_36": 0,
    "blood_ml_last_12": 0,
    "bad_credit_dates": [],
    "detoxification_dates": [],
    "detention_dates": [],
    "criminal_record": False,
    "banned_organisation": False,
}
ON = date(2025, 6, 1)
NO_TITLE: dict[str, Any] = {k: v for k, v in SHANGHAI.items() if k != "contributions"} | {
    "birth_date": "1979-03-15",
    "insured_months": 30,
    "insured_months_last_12": 12,
    "base_08x_months_last_48": 30,
    "base_1x_months_last_48": 12,
    "base_2x_months_last_48": 0,
    "base_3x_months_last_36": 0,
}
"""On 2026-11-29: of totals, without a title, so that months at the average wage in the last twelve
are not asked for; an intermediate title in a year, with the base raised, reaches the line."""


def plan_for(city: str = "shanghai", on: date = ON, **facts: Any) -> PlanResult:
    base = SHANGHAI if city == "shanghai" else CHENGDU
    return plan(build_case(city, base | facts, on))


def build_row(city: str, version: str, on: date, **facts: Any) -> tuple[Policy, pa.Table]:
    """A table of one person: nothing of anything but what is said."""
    policy = load(city, version)
    row = dict[str, Any]()
    for ident, axis in build_program(policy.rules_on(on)).axes.items():
        fact = axis.fact
        none = "none" if "none" in fact.ids else None
        row[ident] = False if fact.type == "bool" else none if fact.type == "choice" else 0
    row |= facts
    columns = {ident: [value] for ident, value in row.items()}
    for ident in [ident for ident, value in row.items() if value is None]:
        columns[f"{ident}_not_applicable"] = [True]
    return policy, pa.table(columns)
