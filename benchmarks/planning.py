"""The planner against the population kernel on as many rows, and within one move of the line
against the plain score of the same table."""

import os
from datetime import date
from typing import Any

import pyarrow as pa

from benchmarks.population_data import build_people
from benchmarks.timing import measure_ratio, print_ratio
from jifen.cities import load
from jifen.planning.case import Wishes, build_case
from jifen.planning.near_threshold import count_within_one_move
from jifen.planning.planner import PlanResult, plan
from jifen.scoring.population.kernel import count_processors, get_kernel, order_columns
from jifen.scoring.population.scorer import BatchScorer, score_population

ON = date(2025, 6, 1)
COUNT = int(os.environ.get("JIFEN_BENCH_PEOPLE", "1000000"))
PERSON: dict[str, Any] = {
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
"""Ten moves are open to this person: all but the permit, the job, college, level 2 and senior."""


def plan_person() -> PlanResult:
    """Everything for one person: ten years, ten moves, three at once, robustness too."""
    return plan(build_case("shanghai", PERSON, ON, wishes=Wishes(frozenset({"level_2"}))))


def run() -> None:
    """Print both ratios."""
    result = plan_person()
    if result.route_search is None:
        raise SystemExit("the person of the measure is at the line already")
    offered = sum(standing.status == "offered" for standing in result.move_statuses)
    search = result.route_search
    rows = search.sets * search.days
    print(
        f"a plan: {offered} moves, {search.sets} sets × {search.days} days = {rows:,} rows, "
        f"{len(result.routes)} routes"
    )
    table = build_people(rows)
    scorer = BatchScorer(load("shanghai", "2018").rules_on(ON), ON)
    coded = scorer.build_coder(scorer.plan_columns(table.column_names, bounds=False)).encode(table)
    kernel = get_kernel((scorer.program,), lines=False, people=rows)
    outputs, columns = kernel.allocate_outputs(rows), order_columns(scorer.program, coded.columns)

    def run_kernel() -> None:
        kernel.score(columns, outputs, [scorer.threshold], count_processors())

    def score_same_rows() -> pa.Table:
        return score_population(load("shanghai", "2018"), table, on=ON)

    times = measure_ratio(plan_person, score_same_rows, rounds=15)
    print_ratio("  a full answer : score_population on as many rows", times, "at most 30")
    print_ratio(
        "  a full answer : the compiled loop alone, columns coded",
        measure_ratio(plan_person, run_kernel, rounds=15),
        "printed",
    )
    many = build_people(COUNT)
    near = count_within_one_move(load("shanghai", "2018"), many, on=ON)
    print(
        f"within one move, {COUNT:,} people: {near.within_one_move:,} of the "
        f"{near.people - near.reached:,} below the line"
    )

    def find_near_people() -> object:
        return count_within_one_move(load("shanghai", "2018"), many, on=ON)

    def score_everybody() -> object:
        return score_population(load("shanghai", "2018"), many, on=ON)

    print_ratio(
        "  within one move : score_population, same table",
        measure_ratio(find_near_people, score_everybody, rounds=7),
        "at most 40",
    )
