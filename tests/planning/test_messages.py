"""What an answer comes to, in words: doubt is not loss, a partial look is not a proof, and what
keeps from the line is named."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.planning.case import build_case
from jifen.planning.messages import describe_denial, describe_ending, describe_verdict
from jifen.planning.planner import PlanResult, plan
from jifen.planning.route_models import Bound
from jifen.planning.serialization import serialize_plans
from jifen.policy.text import Text

ON, SOON, LATER = date(2025, 6, 1), date(2026, 1, 1), date(2027, 1, 1)
TOTALS: dict[str, Any] = {
    "birth_date": "1985-03-14",
    "permit_valid": True,
    "employed_and_insured": True,
    "education": "bachelor",
    "study_mode": "full_time",
    "title": "none",
    "insured_months": 48,
    "insured_months_last_12": 12,
    "base_08x_months_last_48": 36,
    "base_1x_months_last_48": 36,
    "base_2x_months_last_48": 0,
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
"""Totals for records: of 36 months at the average wage in the last 48 nobody knows which leave."""


def _answer(**more: Any) -> PlanResult:
    return plan(build_case("shanghai", TOTALS | more, ON, years=5))


@pytest.mark.parametrize(
    ("doubtful_on", "lost_on", "zh", "en"),
    [
        (SOON, SOON, "2026-01-01 起失去", "lost from 2026-01-01 on"),
        (SOON, None, "2026-01-01 起可能失去", "may be lost from 2026-01-01 on"),
        (
            SOON,
            LATER,
            "2026-01-01 起可能失去，2027-01-01 起确定失去",
            "may be lost from 2026-01-01 on, surely from 2027-01-01 on",
        ),
    ],
)
def test_a_doubt_is_not_told_as_a_loss(
    doubtful_on: date, lost_on: date | None, zh: str, en: str
) -> None:
    said = describe_ending(doubtful_on, lost_on)
    assert said is not None
    assert (said.zh, said.en) == (zh, en)
    assert describe_ending(None, None) is None


def test_who_may_lose_the_line_is_told_so() -> None:
    answer = _answer()
    found = describe_verdict(answer)
    assert (found.kind, found.on) == ("open", date(2025, 7, 1))
    assert found.words.zh == "已经达到；什么都不变，2025-07-01 起可能失去。"
    told = serialize_plans([answer], "en")["cities"][0]
    assert told["verdict"]["on"] == "2025-07-01"
    assert told["forecast"]["lost_on"] is None
    assert told["forecast"]["ending"] == "may be lost from 2025-07-01 on"


def test_a_route_says_apart_when_it_is_surely_lost() -> None:
    told = serialize_plans([_answer(base_08x_months_last_48=24, base_1x_months_last_48=24)], "zh")[
        "cities"
    ][0]
    (route,) = (r for r in told["routes"] if [m["id"] for m in r["moves"]] == ["lingang"])
    assert (route["kept_until"], route["lost_on"]) == ("2030-03-14", None)
    assert route["ending"] == "2030-03-14 起可能失去"


@pytest.mark.parametrize(
    ("moves", "zh", "en"),
    [
        (None, "7 年内不可能达到", "impossible within 7 years"),
        (2, "7 年内用不多于 2 步达不到", "not by 2 moves within 7 years"),
    ],
)
def test_what_was_looked_at_in_part_is_not_told_as_impossible(
    moves: int | None, zh: str, en: str
) -> None:
    said = describe_denial(
        Bound(Decimal(90), Decimal(120), LATER, (), moves, 40, ()),
        build_case("shanghai", TOTALS, ON, years=7),
    )
    assert (said.zh, said.en) == (zh, en)


def test_the_verdict_names_the_number_of_moves_that_were_looked_at() -> None:
    answer = plan(build_case("shanghai", TOTALS | {"serious_crime": True}, ON, years=5))
    assert describe_verdict(answer).words.zh == "5 年内不可能达到。"
    assert answer.route_search
    assert answer.route_search.bound
    part = replace(answer.route_search, bound=replace(answer.route_search.bound, moves=4))
    found = describe_verdict(replace(answer, route_search=part))
    assert found.words == Text("5 年内用不多于 4 步达不到。", "Not by 4 moves within 5 years.")


@pytest.mark.parametrize(
    ("fact", "value", "kind", "known", "zh"),
    [
        ("serious_crime", True, "veto", True, "一票否决：严重刑事犯罪"),
        ("serious_crime", ..., "veto", False, "不确定有没有（有则一票否决）：严重刑事犯罪"),
        ("permit_valid", False, "condition", True, "未满足："),
        ("permit_valid", ..., "condition", False, "不确定是否满足："),
    ],
)
def test_what_keeps_from_the_line_is_named_with_the_points(
    fact: str, value: Any, kind: str, known: bool, zh: str
) -> None:
    facts = {ident: v for ident, v in (TOTALS | {fact: value}).items() if v is not ...}
    told = serialize_plans([plan(build_case("shanghai", facts, ON, years=5))], "zh")["cities"][0]
    first = told["forecast"]["steps"][0]
    assert first["bounds"][0] >= first["threshold"]
    assert first["hindered"]
    (unmet,) = first["unmet"]
    assert (unmet["kind"], unmet["known"]) == (kind, known)
    assert unmet["words"].startswith(zh)
    for step in told["forecast"]["steps"]:
        assert step["hindered"] or step["reached"] or step["bounds"][1] < step["threshold"]
