"""Within one move of the line: whoever is counted really gets there by that move."""

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from jifen.cities import load
from jifen.cli.app import app
from jifen.planning.case import PlanCase, build_case
from jifen.planning.move_set_scores import score_move_sets
from jifen.planning.near_threshold import NearThreshold, add_counts, count_within_one_move
from jifen.planning.routes import find_routes, timeline_for_sets
from jifen.planning.schedule import Schedule
from jifen.policy.months import subtract_months
from jifen.scoring.population.scorer import score_population
from tests.people.people_with_plans import build_row
from tests.people.tables import build_table

Measure = tuple[str, str, date, tuple[str, ...]]
MEASURES: list[Measure] = [
    ("shanghai", "2018", date(2025, 6, 1), ()),
    ("shanghai", "2018", date(2023, 9, 17), ()),
    ("chengdu", "2024", date(2025, 6, 1), ()),
    ("chengdu", "2020", date(2023, 9, 1), ("2024",)),
]
"""City, version and day, with the versions that follow; an overlay, or a version, begins while the
moves of 2023 are under way."""
each_measure = pytest.mark.parametrize("measure", MEASURES, ids=lambda m: f"{m[0]}-{m[2]}")


def _table(measure: Measure, people: int, seed: int) -> pa.Table:
    city, version, on, _ = measure
    return build_table(load(city, version).rules_on(on), people, seed, conduct=False)


def _near(measure: Measure, table: pa.Table) -> NearThreshold:
    city, version, on, later = measure
    policies = [load(city, one) for one in later]
    return count_within_one_move(load(city, version), table, on=on, later=policies)


def _case(measure: Measure, row: dict[str, Any]) -> PlanCase:
    """The planner's case of a row."""
    city, version, on, later = measure
    person = {ident: value for ident, value in row.items() if ident != "person"}
    return build_case(city, person, on, policy=None if later else load(city, version))


def _alone(case: PlanCase) -> set[str]:
    """The planner's routes of one move."""
    found = find_routes(case, Schedule(case, case.build_timeline()), 1).routes
    return {ident for route in found for ident in route.move_ids}


def _picked(near: NearThreshold, rows: int, some: int) -> set[int]:
    """Of each move some whom it brings there, and some rows at random."""
    counted = [n for there in near.rows.values() for n in there.nonzero()[0][:some].tolist()]
    return {*counted, *random.Random(3).sample(range(rows), 30)}


@each_measure
def test_whoever_is_counted_has_a_route_of_that_move(measure: Measure) -> None:
    table = _table(measure, 20_000, 11)
    found, rows = _near(measure, table), table.to_pylist()
    policy, on = load(*measure[:2]), measure[2]
    scored = score_population(policy, table, on=on).column("reached").to_pylist()
    assert found.reached == sum(value is True for value in scored)
    assert found.within_one_move > 0
    seen = 0
    for number in _picked(found, len(rows), 6):
        counted = {ident for ident, there in found.rows.items() if there[number]}
        if scored[number]:
            assert not counted
        elif counted:
            assert counted <= _alone(_case(measure, rows[number])), rows[number]
            seen += len(counted)
    assert seen > 20


@each_measure
def test_nobody_is_left_out_who_surely_gets_there(measure: Measure) -> None:
    table = _table(measure, 150, 12)
    found, seen = _near(measure, table), 0
    for number, row in enumerate(table.to_pylist()):
        case = _case(measure, row)
        schedule = Schedule(case, case.build_timeline())
        waits = score_move_sets(schedule.timeline, [()])
        if waits.first_day(0) == case.on:
            continue
        for ident in _surely_by(case, schedule, waits.first_day(0, surely=False)):
            assert found.rows[ident][number], (ident, row)
            seen += 1
    assert seen > 2


def _surely_by(case: PlanCase, schedule: Schedule, waits: date | None) -> Iterator[str]:
    """Moves begun at once by which the line is surely held on the day on which they count whole,
    and not even perhaps before without them; a late endorsement is of use only to who has a permit,
    which no table says."""
    for done in schedule.list_sets(1, case.wishes.shortest_months):
        if not done or done[0].begun != case.on or done[0].move.only:
            continue
        whole = subtract_months(done[0].on, -done[0].move.settles)
        timeline = timeline_for_sets(case, [done])
        rules = {day: case.rules_on(day) for day in timeline.days}
        day = next(d for d, r in rules.items() if r and r.reference.day_for(d) >= whole)
        there = score_move_sets(timeline, [done]).surely[0, timeline.days.index(day)]
        if there and (waits is None or waits > day):
            yield done[0].move.id


@each_measure
def test_whoever_is_said_to_wait_gets_there_without_a_move(measure: Measure) -> None:
    table = _table(measure, 2_000, 13)
    found, rows = _near(measure, table), table.to_pylist()
    anybody = np.logical_or.reduce([*found.waiting_rows.values()])
    within = np.logical_or.reduce([*found.rows.values()])
    assert found.by_waiting_alone == (anybody & ~within).sum() > 0
    for ident, there in found.rows.items():
        assert not (there & found.waiting_rows[ident]).any()
    for number in anybody.nonzero()[0][:40].tolist():
        case = _case(measure, rows[number])
        waits = score_move_sets(case.build_timeline(), [()]).first_day(0)
        assert waits is not None
        assert case.on < waits, rows[number]


def test_the_move_is_needed() -> None:
    """Waiting alone reaches the line on 2026-06-01; the title, then a year old, adds nothing."""
    on = date(2025, 6, 1)
    facts = {"age": 50, "permit_valid": True, "permit_months": 12, "permit_area": "xindu"}
    facts |= {"pension_months": 36, "medical_months": 36}
    facts |= {"legal_residence": True, "employed_six_months": True}
    found = count_within_one_move(*build_row("chengdu", "2024", on, **facts), on=on)
    assert (found.by_move["middle_title"], found.by_move["scarce_post"]) == (0, 0)
    assert (found.by_waiting["middle_title"], found.by_waiting["scarce_post"]) == (1, 1)


def test_what_lapses_is_gone_when_the_move_is_done() -> None:
    """The 10 points of a fresh graduate do not last for the two and a half years of a degree."""
    on = date(2025, 6, 1)
    facts: dict[str, Any] = {"age": 50, "permit_valid": True, "employed_and_insured": True}
    facts |= {"education": "college", "study_mode": "full_time", "fresh_graduate": True}
    facts |= {"insured_months": 24, "insured_months_run": 24, "insured_months_last_12": 12}
    found = count_within_one_move(*build_row("shanghai", "2018", on, **facts), on=on)
    assert found.by_move["bachelor"] == 0
    facts["insured_months"] = 60
    assert (
        count_within_one_move(*build_row("shanghai", "2018", on, **facts), on=on).by_move[
            "bachelor"
        ]
        == 1
    )


def test_what_slides_out_of_a_window_is_gone_when_the_move_is_done() -> None:
    """The 10 points of blood given in the last year; nobody knows how much of it stays in."""
    on = date(2025, 6, 1)
    facts: dict[str, Any] = {"age": 50, "permit_valid": True, "permit_area": "xindu"}
    facts |= {"legal_residence": True, "employed_six_months": True, "blood_ml_last_12": 1000}
    facts |= {"pension_months": 36, "medical_months": 36}
    found = count_within_one_move(*build_row("chengdu", "2024", on, **facts), on=on)
    assert (found.by_move["middle_worker"], found.by_move["middle_title"]) == (0, 1)


def test_the_rules_are_those_of_the_day_on_which_a_move_is_done() -> None:
    """60 + 30 + 20 and 9 by November 2024: 119. By then a year in Lin-gang is worth 2 points, which
    it was not in 2023."""
    on = date(2023, 9, 1)
    facts: dict[str, Any] = {"age": 35, "permit_valid": True, "employed_and_insured": True}
    facts |= {"education": "bachelor", "study_mode": "full_time", "average_local_staff": 20}
    facts |= {"insured_months": 24, "insured_months_last_12": 12}
    found = count_within_one_move(*build_row("shanghai", "2018", on, **facts), on=on)
    assert (found.by_move["lingang"], found.by_waiting["lingang"]) == (1, 0)


@each_measure
def test_unknown_is_neither_counted_nor_lost(measure: Measure) -> None:
    policy = load(*measure[:2])
    table = build_table(policy.rules_on(measure[2]), 2_000, 3, unknown=0.02, conduct=False)
    found = _near(measure, table)
    whole = [i for i, row in enumerate(table.to_pylist()) if None not in row.values()]
    assert found.open == table.num_rows - len(whole)
    again = _near(measure, table.take(whole))
    assert again.by_move == found.by_move
    # whoever reaches the line whatever is unknown is at the line; whoever could is counted apart
    assert again.reached <= found.reached
    scored = score_population(policy, table, on=measure[2]).column("reached").to_pylist()
    assert (found.reached, found.perhaps) == (scored.count(True), scored.count(None))
    assert (again.by_waiting_alone, again.by_waiting) == (found.by_waiting_alone, found.by_waiting)
    both = add_counts([found, again])
    assert (both.within_one_move, both.by_waiting_alone) == (
        2 * found.within_one_move,
        2 * found.by_waiting_alone,
    )
    assert both.by_waiting["insure"] == 2 * found.by_waiting["insure"]


def test_the_command_says_how_many(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    policy = load("shanghai", "2018")
    table = build_table(policy.rules_on(date(2025, 6, 1)), 3_000, 5, conduct=False)
    pq.write_table(table, tmp_path / "people.parquet", row_group_size=1_000)
    found = count_within_one_move(policy, table, on=date(2025, 6, 1))
    arguments = ["lab", "near", "shanghai", str(tmp_path / "people.parquet"), "--on", "2025-06-01"]
    result = CliRunner().invoke(app, [*arguments, "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert f"3,000 people: {found.reached:,} surely at the line" in result.stdout
    assert f"at least {found.within_one_move:,} within one move" in result.stdout
    assert f"at least {found.by_waiting_alone:,} more by waiting as long" in result.stdout
    lines = [line.split() for line in result.stdout.splitlines() if "(bachelor)" in line]
    assert lines[0][:2] == [f"{found.by_move['bachelor']:,}", f"{found.by_waiting['bachelor']:,}"]
    chinese = CliRunner().invoke(app, arguments).stdout
    assert f"另有至少 {found.by_waiting_alone:,} 人等待同样长的时间即可达到" in chinese
    as_json = CliRunner().invoke(app, [*arguments, "--json"])
    said = json.loads(as_json.stdout)
    assert said["within_one_move"] == found.within_one_move
    assert said["by_waiting_as_long"] == found.by_waiting_alone
    assert said["waiting_by_move"] == dict(found.by_waiting)
