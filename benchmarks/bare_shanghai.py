"""The Shanghai 2018 rules as somebody would write them by hand: no reasons, no checks, no bounds.

The peer of `one_person`, and held equal to the engine there before anything is timed.
"""

from datetime import date
from typing import Any

EDUCATION = {
    "none": 0,
    "college": 50,
    "bachelor": 60,
    "bachelor_with_degree": 90,
    "master": 100,
    "doctor": 110,
}
TITLE = {
    "none": 0,
    "level_5": 15,
    "level_4": 30,
    "level_3": 60,
    "level_2": 100,
    "level_1": 140,
    "junior": 0,
    "intermediate": 100,
    "senior": 140,
}
AWARD = {"none": 0, "special": 30, "comprehensive": 60, "provincial": 110}


def score_by_hand(f: dict[str, Any], on: date) -> tuple[int, bool]:  # noqa: C901, PLR0912
    """Total and whether the line is reached."""
    born = f["birth_date"]
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    total = 0 if age > 60 else 5 if age >= 56 else min(30, 5 + 2 * (56 - age))
    counts = f["study_mode"] == "full_time" or f["study_place"] != "elsewhere"
    education = EDUCATION[f["education"]] if counts else 0
    title = TITLE[f["title"]]
    if title >= 100 and f["base_1x_months_last_12"] < 6:
        title = 0
    total += max(education, title) + f["insured_months"] // 12 * 3
    if f["entrepreneur"]:
        total += 120
    if f["startup_intermediary"]:
        total += 120
    if f["shortage_major"]:
        total += 30
    tax = min(120, f["average_annual_tax"] // 100_000 * 10)
    total += max(tax, min(120, f["average_local_staff"] // 10 * 10))
    if f["base_3x_months_last_36"] >= 24:
        total += 120
    elif f["base_2x_months_last_48"] >= 36:
        total += 100
    elif f["base_1x_months_last_48"] >= 36:
        total += 50
    elif f["base_08x_months_last_48"] >= 36:
        total += 25
    if f["public_service_months"] >= 60:
        total += f["public_service_months"] // 12 * 4
    suburb = f["outer_suburb_months"]
    if suburb >= (12 if f["outer_suburb_area"] == "lingang" else 60):
        total += min(20, suburb // 12 * 2)
    if f["fresh_graduate"]:
        total += 10
    total += AWARD[f["award"]] + min(40, f["spouse_local_months"] // 12 * 4)
    for day in f["false_material_dates"]:
        if day > date(on.year - 3, on.month, on.day):
            total -= 150
    for day in f["detention_dates"]:
        if day > date(on.year - 5, on.month, on.day):
            total -= 50
    for day in f["ordinary_crime_dates"]:
        if day > date(on.year - 5, on.month, on.day):
            total -= 150
    total = max(0, total)
    eligible = f["permit_valid"] and f["employed_and_insured"] and f["insured_months_last_12"] >= 6
    return total, eligible and not f["serious_crime"] and total >= 120
