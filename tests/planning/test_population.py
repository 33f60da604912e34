"""Within one move of the line: whoever is counted really gets there by that move."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jifen.cities import load
from jifen.cli.app import app
from jifen.planning.case import case_of
from jifen.planning.population import Near, added, within_one_move
from jifen.planning.reach import reach
from jifen.planning.routes import timeline_of
from jifen.planning.schedule import Schedule
from jifen.scoring import assess
from jifen.scoring.population.score import score_population
from tests.lab.people import table_of

MEASURES = [("shanghai", "2018", date(2025, 6, 1)), ("chengdu", "2024", date(2025, 6, 1))]


def _person(row: dict[str, Any]) -> dict[str, Any]:
    return {ident: value for ident, value in row.items() if ident != "person"}


@pytest.mark.parametrize(("city", "version", "on"), MEASURES)
def test_whoever_is_counted_gets_there_by_that_move(city: str, version: str, on: date) -> None:
    policy = load(city, version)
    table = table_of(policy.at(on), 20_000, 11, conduct=False)
    found, rows = within_one_move(policy, table, on=on), table.to_pylist()
    scored = score_population(policy, table, on=on).column("reached").to_pylist()
    assert found.reached == sum(value is True for value in scored)
    assert found.within > 0
    seen = 0
    for ident, there in found.rows.items():
        for number in there.nonzero()[0][:6].tolist():
            assert scored[number] is False
            person = _person(rows[number])
            assert assess(policy, person, on).reached is False
            case = case_of(city, person, on, policy=policy)
            schedule = Schedule(case, case.timeline())
            move = case.moves.find(ident)
            done = schedule.timed([move], case.wishes.shortest)
            assert done is not None, (ident, person)
            ahead = reach(timeline_of(case, [done]), [done])
            assert ahead.first(0) is not None, (ident, person)
            seen += 1
    assert seen > 10


@pytest.mark.parametrize(("city", "version", "on"), MEASURES)
def test_unknown_is_neither_counted_nor_lost(city: str, version: str, on: date) -> None:
    policy = load(city, version)
    table = table_of(policy.at(on), 2_000, 3, unknown=0.02, conduct=False)
    found = within_one_move(policy, table, on=on)
    whole = [i for i, row in enumerate(table.to_pylist()) if None not in row.values()]
    assert found.open == table.num_rows - len(whole)
    again = within_one_move(policy, table.take(whole), on=on)
    assert (again.reached, again.by_move) == (found.reached, found.by_move)
    both = added([found, again])
    assert both.within == 2 * found.within
    assert isinstance(both, Near)


def test_the_command_says_how_many(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    policy = load("shanghai", "2018")
    table = table_of(policy.at(date(2025, 6, 1)), 3_000, 5, conduct=False)
    pq.write_table(table, tmp_path / "people.parquet", row_group_size=1_000)
    found = within_one_move(policy, table, on=date(2025, 6, 1))
    arguments = ["lab", "near", "shanghai", str(tmp_path / "people.parquet"), "--on", "2025-06-01"]
    result = CliRunner().invoke(app, [*arguments, "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert f"3,000 people: {found.reached:,} at the line" in result.stdout
    assert f"at least {found.within:,} within one move" in result.stdout
    as_json = CliRunner().invoke(app, [*arguments, "--json"])
    assert f'"within_one_move": {found.within}' in as_json.stdout
