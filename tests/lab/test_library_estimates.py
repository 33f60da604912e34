"""The estimates of the library are those of the commands, and polars recomputes them."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import jifen
from jifen.cli.app import app
from jifen.lab.people import draw_people, load_margins
from tests.people.changed_policies import ON

RUNNER = CliRunner()
LESS = {"indicators.education.choice.points.master": 60}
FACTS = {"birth_date": "1985-03-14", "permit_valid": True, "education": "college"}


@pytest.fixture(scope="module")
def people_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("estimates") / "people.parquet"
    drawn = draw_people(load_margins("shanghai"), 6_000, 5, unknown=0.01)
    pq.write_table(drawn.append_column("w", pa.array([0.5, 2.0] * 3_000)), path)
    return path


@pytest.fixture(scope="module")
def people(people_file: Path) -> Any:
    columns = [m.id for m in load_margins("shanghai").columns if m.label and m.kind == "options"]
    assert columns
    return jifen.Population("shanghai", pl.read_parquet(people_file), ON, weight="w", by=columns)


def command(*words: str | Path) -> Any:
    done = RUNNER.invoke(app, [*map(str, words), "--on", str(ON), "--json"])
    assert done.exit_code == 0, (done.stderr, done.exception)
    return json.loads(done.stdout)


def plain(result: Any) -> Any:
    return json.loads(json.dumps(result.to_dict()))


def test_years_are_those_of_the_command_with_every_reform_beside(people_file: Path) -> None:
    lower = {"decision.lines.0.points": 100}
    found = jifen.years("shanghai", people_file, ON, years=2, change=[LESS, lower], by="age:20")
    words = ("lab", "years", "shanghai", people_file, "--years", "2", "--by", "age:20")
    policies = plain(found)["policies"]
    assert policies[:1] == command(*words)["policies"]
    assert [policy["name"] for policy in policies[1:]] == ["change", "change_2"]
    one = plain(jifen.years("shanghai", people_file, ON, years=2, change=lower))["policies"][1]
    assert one["years"] == policies[2]["years"]
    assert one["years"][0]["reached"]["surely"] > policies[0]["years"][0]["reached"]["surely"]
    frame = pl.DataFrame(found)
    assert frame.filter(policy="change_2")["reached_surely"].to_list() == [
        year["reached"]["surely"] for year in policies[2]["years"]
    ]
    assert "分值线" in str(found)
    with pytest.raises(ValueError, match="61 years; expected 0 to 60"):
        jifen.years("shanghai", people_file, ON, years=61)


def test_raked_people_have_the_shares_that_are_asked_for(people: Any, people_file: Path) -> None:
    found = jifen.rake("shanghai", people, ON)
    shares = pl.DataFrame(found).filter(margin="education")
    frame = pl.DataFrame(found.to_arrow("people"))
    assert frame["weight"].sum() == pytest.approx(6_000 * 1.25)
    held = frame.group_by("education").agg(pl.col("weight").sum())
    of_part = dict(held.iter_rows())
    for row in shares.iter_rows(named=True):
        part = None if row["part"] == "—" else row["part"]
        assert of_part[part] / frame["weight"].sum() == pytest.approx(row["asked"], abs=1e-6)
    words = ("lab", "rake", "shanghai", people_file, "--weight", "w")
    asked = command(*words, "-o", people_file.with_name("raked.parquet"))
    assert asked["shares"] == plain(found)["shares"]
    file = pl.read_parquet(people_file.with_name("raked.parquet"))
    assert file["weight"].to_list() == frame["weight"].to_list()


def test_a_range_is_that_of_the_command(people_file: Path) -> None:
    people = jifen.Population("shanghai", people_file, ON, weight="w")
    found = jifen.uncertainty("shanghai", people, ON, draws=10)
    words = ("lab", "uncertainty", "shanghai", people_file, "--weight", "w", "--draws", "10")
    assert plain(found) == command(*words)
    parts = pl.DataFrame(found)
    assert parts["width"].to_list() == sorted(parts["width"].to_list(), reverse=True)
    with pytest.raises(ValueError, match=r"spread is 1\.5; expected a share"):
        jifen.uncertainty("shanghai", people, ON, spread=1.5)


def test_a_route_is_that_of_the_command_for_one_city_and_several(tmp_path: Path) -> None:
    (tmp_path / "me.json").write_text(json.dumps(FACTS), "utf-8")
    words = ("--facts", tmp_path / "me.json", "--moves", "1", "--years", "5")
    one = jifen.route("shanghai", FACTS, ON, moves=1, years=5)
    assert plain(one) == command("route", "shanghai", *words)
    both = jifen.route(["shanghai", "chengdu@2020"], FACTS, ON, moves=1, years=5, lang="en")
    assert [city["city"] for city in both["cities"]] == ["shanghai", "chengdu"]
    steps = both.to_arrow("forecast").to_pylist()
    told = [step for city in both["cities"] for step in city["forecast"]["steps"]]
    assert [(step["on"], step["reached"]) for step in steps] == [
        (step["on"], step["reached"]) for step in told
    ]
    assert "If nothing changes" in one.to_text("en")
    with pytest.raises(jifen.NotInForce):
        jifen.route(["shanghai"], FACTS, "1999-01-01")
