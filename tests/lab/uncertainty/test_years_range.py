"""The range of a projection: every draw is a projection that anybody can run again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import jifen
from jifen.cli.app import app
from jifen.lab.people import draw_people, load_margins
from jifen.lab.population.table import people_of
from jifen.lab.uncertainty.years_range import list_unsure, range_years, vary_assumptions
from jifen.lab.years import find_assumptions_file, load_assumptions, project_years
from jifen.scoring.population.scorer import build_counting_rule
from tests.people.changed_policies import ON, SHANGHAI

ASSUMED = load_assumptions(find_assumptions_file("shanghai"), SHANGHAI.vocabulary)
TABLE = draw_people(load_margins("shanghai"), 800, 5)
WEIGHTS = np.random.default_rng(2).choice([1.0, 3.0], 800)
PEOPLE = people_of(SHANGHAI.vocabulary, TABLE, build_counting_rule(SHANGHAI.rules_on(ON), ON))
PEOPLE.weights = WEIGHTS


def reach_last(assumed: Any, seed: int) -> float:
    result = project_years(PEOPLE, [SHANGHAI], ON, 2, assumed, seed=seed)
    return float(result.by_policy[0].years[-1].reached)


def test_ends_of_an_assumption_are_projections_with_it_at_either_end() -> None:
    found = range_years(PEOPLE, [SHANGHAI], ON, 2, ASSUMED, draws=3, spread=0.5)
    parts = {part.id: part for part in found.parts}
    assert set(parts) == {"seed", *list_unsure(ASSUMED)}
    pause, come = ASSUMED.interruption, ASSUMED.entrants
    ends: dict[str, list[float]] = {"interruption": [], "entrants": []}
    for by in (0.5, 1.5):
        paused = replace(ASSUMED, interruption=replace(pause, share=pause.share * by))
        ends["interruption"].append(reach_last(paused, 7))
        entered = replace(ASSUMED, entrants=replace(come, share=come.share * by))
        ends["entrants"].append(reach_last(entered, 7))
    for ident, reached in ends.items():
        assert [parts[ident].least, parts[ident].most] == pytest.approx(sorted(reached))
    widths = [part.width for part in found.parts]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 0


def test_the_range_holds_the_projection_and_the_same_seed_gives_the_same() -> None:
    found = range_years(PEOPLE, [SHANGHAI], ON, 2, ASSUMED, draws=4, spread=0.2)
    assert [year.day.year for year in found.years] == [ON.year, ON.year + 1, ON.year + 2]
    base = project_years(PEOPLE, [SHANGHAI], ON, 2, ASSUMED).by_policy[0].years
    for year, own in zip(found.years, base, strict=True):
        assert year.reached == own.reached
        assert year.least <= year.reached <= year.most
    first = found.years[0]
    assert first.least == first.most  # nothing is assumed of today
    assert found.years[-1].most > found.years[-1].least
    assert range_years(PEOPLE, [SHANGHAI], ON, 2, ASSUMED, draws=4, spread=0.2) == found


def test_nothing_is_varied_that_has_a_source_and_no_share_becomes_more_than_all() -> None:
    assert "insured_months" not in list_unsure(ASSUMED)
    many = vary_assumptions(ASSUMED, lambda _: 50.0)
    assert many.entrants.share == 1
    assert all(band.share <= 1 for band in many.leavers.bands)
    assert vary_assumptions(ASSUMED, lambda _: 1.0).leavers == ASSUMED.leavers
    still = [m for m in many.movements.values() if m.kind in ("ages", "accrues", "runs")]
    assert still
    assert all(many.movements[m.fact] == ASSUMED.movements[m.fact] for m in still)


def test_the_command_and_the_library_say_the_same(tmp_path: Path) -> None:
    path, out = tmp_path / "people.parquet", tmp_path / "out"
    pq.write_table(TABLE.append_column("w", pa.array(WEIGHTS)), path)
    order = ["lab", "years", "shanghai", str(path), "--on", str(ON), "--years", "1"]
    order += ["--weight", "w", "--draws", "2", "-o", str(out)]
    done = CliRunner().invoke(app, [*order, "--json"])
    assert done.exit_code == 0, (done.output, done.exception)
    document = json.loads(done.stdout)["range"]
    words = CliRunner().invoke(app, [*order, "--lang", "en"]).stdout
    assert "95 % of the draws within" in words
    assert "what widens the last year:" in words
    people = jifen.Population("shanghai", path, ON, weight="w")
    result = jifen.years("shanghai", people, ON, years=1, draws=2)
    assert json.loads(json.dumps(result["range"])) == document
    assert result.to_arrow("years_parts").to_pylist() == document["parts"]
    assert pq.read_table(out / "years_range.parquet").num_rows == 2
    assert "最后一年的宽度来自" in str(result)


@pytest.mark.parametrize("spread", ["0", "1.5"])
def test_a_spread_that_is_no_share_is_refused(tmp_path: Path, spread: str) -> None:
    order = ["lab", "years", "shanghai", "people.parquet", "--on", str(ON), "--spread", spread]
    done = CliRunner().invoke(app, [*order, "--lang", "en"])
    assert done.exit_code == 2
    assert "expected a share above 0 and below 1" in done.stderr
    with pytest.raises(ValueError, match="expected a share above 0 and below 1"):
        jifen.years("shanghai", TABLE, ON, spread=float(spread))
