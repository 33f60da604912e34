"""Whom a reform reaches: polars recomputes every figure from the scored persons of a small weighted
table, and small counts of real people are nowhere to be read."""

import json
from html import escape
from math import exp, log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import jifen
from jifen.cities import find_city, load_vocabulary
from jifen.cli.app import app
from jifen.lab.fairness.district_tiles import load_tiles
from jifen.lab.fairness.inequality import measure_spread
from jifen.lab.people import draw_people, load_margins
from jifen.lab.population.further_columns import describe_answer
from jifen.scoring.population.scorer import score_population
from tests.people.changed_policies import ON, SHANGHAI, change_policy

RUNNER = CliRunner()
ROWS = 2_000
WEIGHTS = np.random.default_rng(3).choice([0.5, 1.0, 3.0], ROWS)
CHANGE = {
    "indicators.education.choice.points.bachelor_with_degree": 60,
    "decision.lines.0.points": 110,
}
REFORM = """language: "1"
reform: less
label: {zh: 学历降分, en: Fewer points}
policy: shanghai-points
change:
  indicators.education.choice.points.bachelor_with_degree: 60
  decision.lines.0.points: 110
"""
INCOME = "annual_income:100000,200000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fairness")
    table = draw_people(load_margins("shanghai"), ROWS, 5, unknown=0.004)
    pq.write_table(table.append_column("w", pa.array(WEIGHTS)), folder / "people.parquet")
    (folder / "less.yaml").write_text(REFORM, encoding="utf-8")
    return folder


def run(folder: Path, *more: str) -> str:
    words = ["lab", "fairness", "shanghai", str(folder / "people.parquet"), "--on", str(ON)]
    done = RUNNER.invoke(app, [*words, *more])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def ask(folder: Path, *more: str) -> Any:
    reform = ("--reform", str(folder / "less.yaml"), "--weight", "w")
    return json.loads(run(folder, *reform, "--json", *more))


@pytest.fixture(scope="module")
def persons(folder: Path) -> pl.DataFrame:
    """Every person with weight, columns to group by, and the outcome under both rules."""
    table = pq.read_table(folder / "people.parquet")
    frame = pl.DataFrame(table.select(["w", "sex", "annual_income", "children_6_11"]))
    after = change_policy(
        SHANGHAI,
        indicators__education__choice__points__bachelor_with_degree="60",
        decision__lines__0__points="110",
    )
    for name, policy in (("before", SHANGHAI), ("after", after)):
        scored = score_population(policy, table, on=ON)
        frame = frame.with_columns(
            pl.Series(name, scored.column("reached").to_pylist(), pl.Boolean),
            pl.Series(f"total_{name}", scored.column("total_least").to_pylist()).cast(pl.Float64),
        )
    facts = pl.DataFrame(table)
    known = pl.lit(value=True)
    for fact in SHANGHAI.rules_on(ON).used:
        if fact in facts.columns:
            applies = pl.lit(value=False)
            if f"{fact}_not_applicable" in facts.columns:
                applies = pl.col(f"{fact}_not_applicable").fill_null(value=False)
            known &= pl.col(fact).is_not_null() | applies
    frame = frame.with_columns(facts.select(known.alias("known")))
    return frame.with_columns(pl.col("sex").cast(pl.String))


def weigh(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return float(frame.filter(condition)["w"].sum())


def test_groups_ratios_and_intervals_are_those_of_the_persons(
    folder: Path, persons: pl.DataFrame
) -> None:
    document = ask(folder, "--by", "sex", "--by", INCOME)
    banded = persons.with_columns(
        income=pl.when(pl.col("annual_income") < 100_000).then(pl.lit("<100,000"))
        .when(pl.col("annual_income") < 200_000).then(pl.lit("100,000 – <200,000"))
        .otherwise(pl.lit("≥200,000"))
    )  # fmt: skip
    for by, column in (("sex", "sex"), ("annual_income", "income")):
        part = document["groups"][by]
        own = {row["group_id"]: row for row in part["groups"]}
        assert set(own) == set(banded[column].unique())
        frames = {name: banded.filter(pl.col(column) == name) for name in own}
        shares = {}
        for name, frame in frames.items():
            row, everybody = own[name], float(frame["w"].sum())
            assert row["people"] == pytest.approx(everybody)
            for side in ("before", "after"):
                surely = weigh(frame, pl.col(side))
                assert row[f"reached_{side}"] == pytest.approx(surely)
                assert row[f"open_{side}"] == pytest.approx(weigh(frame, pl.col(side).is_null()))
                shares[name, side] = surely / everybody
                assert row[f"share_{side}"] == pytest.approx(shares[name, side], abs=5e-5)
            assert row["gains"] == pytest.approx(weigh(frame, ~pl.col("before") & pl.col("after")))
            assert row["loses"] == pytest.approx(weigh(frame, pl.col("before") & ~pl.col("after")))
        reference = max(own, key=lambda name: shares[name, "before"])
        assert part["reference"] == reference
        for name in frames:
            if name == reference:
                continue
            for side in ("before", "after"):
                one, other = shares[name, side], shares[reference, side]
                n, m = (kish(frames[key]) for key in (name, reference))
                error = 1.959964 * sqrt((1 - one) / (n * one) + (1 - other) / (m * other))
                assert own[name][f"ratio_{side}"] == pytest.approx(one / other, abs=1e-4)
                least, most = (exp(log(one / other) + sign * error) for sign in (-1, 1))
                assert own[name][f"ratio_{side}_least"] == pytest.approx(least, abs=1e-4)
                assert own[name][f"ratio_{side}_most"] == pytest.approx(most, abs=1e-4)


def kish(frame: pl.DataFrame) -> float:
    weights = frame["w"].to_numpy()
    return float(weights.sum() ** 2 / (weights**2).sum())


def test_gini_and_lorenz_are_those_of_every_pair_of_persons(
    folder: Path, persons: pl.DataFrame
) -> None:
    document = ask(folder, "--by", "sex")
    for side in ("before", "after"):
        known = persons.filter(pl.col("known")).sort(f"total_{side}")
        points, weights = known[f"total_{side}"].to_numpy(), known["w"].to_numpy()
        apart = np.abs(points[:, None] - points[None, :])
        mean = float(weights @ points / weights.sum())
        gini = float(weights @ apart @ weights) / (2 * mean * float(weights.sum()) ** 2)
        spread = document["points"][side]
        assert spread["gini"] == pytest.approx(gini, abs=1e-4)
        held = np.concatenate([[0.0], np.cumsum(weights * points) / float(weights @ points)])
        share = np.concatenate([[0.0], np.cumsum(weights) / float(weights.sum())])
        half = float(np.interp(0.5, share, held))
        assert spread["lorenz"][5] == pytest.approx(half, abs=2e-4)
        assert spread["lorenz"][0] == 0
        assert spread["lorenz"][-1] == 1


def test_places_and_costs_are_the_children_of_those_who_reach(
    folder: Path, persons: pl.DataFrame
) -> None:
    places = {row["stage"]: row for row in ask(folder)["places"]}
    primary = places["primary"]
    for side in ("before", "after"):
        of = persons.with_columns(children=pl.col("w") * pl.col("children_6_11"))
        surely = float(of.filter(pl.col(side))["children"].sum())
        most = float(of.filter(pl.col(side) | pl.col(side).is_null())["children"].sum())
        assert most > surely > 0
        assert primary[f"children_{side}"] == pytest.approx(surely)
        assert primary[f"children_{side}_most"] == pytest.approx(most)
        assert primary[f"cost_{side}"] == pytest.approx(surely * 12791.64)
    assert primary["places"] is None
    assert primary["lacking_after"] is None


def test_free_places_are_held_against_the_children(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        'language: "1"\ncosts: own\ncity: shanghai\nas_of: 2026-11-30\n'
        "label: {zh: 小学, en: Primary}\nstages:\n  - id: primary\n    label: {zh: 小学, en: P}\n"
        "    children: children_6_11\n    yearly_cost: 1000\n    places: 100\n"
        "    confidence: unsure\n",
        encoding="utf-8",
    )
    [row] = ask(folder, "--costs", str(own))["places"]
    assert row["lacking_after"] == pytest.approx(row["children_after"] - 100)
    assert row["cost_after"] == pytest.approx(row["children_after"] * 1000)


def test_an_even_spread_has_no_inequality_and_one_person_with_all_has_most() -> None:
    assert measure_spread(np.array([10]), np.array([50.0])).gini == pytest.approx(0)
    most = measure_spread(np.array([99, 1]), np.array([0.0, 70.0]))
    assert most.gini == pytest.approx(0.99)
    assert most.lorenz[9] == pytest.approx(0)
    assert measure_spread(np.array([5]), np.array([-3.0])).gini is None


def build_register(rows: int) -> pa.Table:
    """People who are not synthetic; three of them live on Chongming, and are at the line."""
    table = draw_people(load_margins("shanghai"), rows, 11).replace_schema_metadata(None)
    reached = score_population(SHANGHAI, table, on=ON).column("reached").to_pylist()
    few = {n for n, at in enumerate(reached) if at is True and n < 100}
    few = set(sorted(few)[:3])
    assert len(few) == 3
    district = ["chongming" if n in few else ("pudong", "putuo")[n % 2] for n in range(rows)]
    place = table.column_names.index("district")
    return table.set_column(place, "district", pa.array(district))


def test_small_counts_of_a_register_are_shown_nowhere(tmp_path: Path) -> None:
    pq.write_table(build_register(600), tmp_path / "people.parquet")
    (tmp_path / "less.yaml").write_text(REFORM, encoding="utf-8")
    told = ("--by", "district", "--reform", str(tmp_path / "less.yaml"))
    html = tmp_path / "f.html"
    document = json.loads(run(tmp_path, *told, "--json"))
    words = run(tmp_path, *told, "--html", str(html), "-o", str(tmp_path / "out"), "--lang", "en")
    rows = {row["group_id"]: row for row in document["groups"]["district"]["groups"]}
    assert [name for name, row in rows.items() if row["people"] is None] != ["chongming"]
    hidden = rows["chongming"]
    assert {hidden[name] for name in hidden if not name.startswith("group")} == {None}
    [line] = [line for line in words.splitlines() if line.startswith("Chongming")]
    assert line.split()[1:] == ["<5", "—", "—", "—", "—", "<5", "<5"]
    counts = pl.read_parquet(tmp_path / "out" / "groups.parquet")
    shown = counts.select("people", "reached_before", "reached_after", "gains", "loses")
    assert all(count is None or count == 0 or count >= 5 for row in shown.rows() for count in row)
    assert "Chongming: —" in html.read_text(encoding="utf-8")
    assert "counts below 5" in html.read_text(encoding="utf-8")


def test_a_register_of_everybody_has_no_interval_of_sampling(tmp_path: Path) -> None:
    pq.write_table(build_register(600), tmp_path / "people.parquet")
    document = json.loads(run(tmp_path, "--by", "sex", "--json"))
    rows = document["groups"]["sex"]["groups"]
    assert any(row["ratio_before"] not in (None, 1.0) for row in rows)
    assert all(row["ratio_before_least"] is None for row in rows)
    assert document["reform"] is None


def test_the_usual_groups_are_those_with_columns_and_the_library_says_the_same(
    folder: Path, tmp_path: Path
) -> None:
    document = ask(folder)
    assert list(document["groups"]) == ["sex", "age", "origin", "annual_income", "district"]
    children = ["children_0_5", "children_6_11", "children_12_17"]
    by = ["sex", "origin", "annual_income:100000,150000,200000,300000", "district", *children]
    table = pq.read_table(folder / "people.parquet")
    people = jifen.Population("shanghai", table, ON, weight="w", by=by)
    result = jifen.fairness("shanghai", people, ON, CHANGE)
    found = json.loads(json.dumps(result.to_dict()))
    assert found["groups"] == document["groups"]
    assert found["points"] == document["points"]
    assert found["places"] == document["places"]
    assert result.to_arrow("lorenz").num_rows == 11
    assert "基尼系数" in str(result)
    own = jifen.fairness("shanghai", table.drop_columns(children), ON)
    assert own["places"] == []
    assert [text["en"] for text in own["left_out"]] == [
        f"no column '{name}': its stages are not counted" for name in children
    ]


def test_the_report_shows_a_map_of_today_and_one_of_the_reform(
    folder: Path, tmp_path: Path
) -> None:
    html = tmp_path / "fairness.html"
    document = ask(folder, "--html", str(html))
    page = html.read_text(encoding="utf-8")
    for row in document["groups"]["district"]["groups"]:
        for side in ("before", "after"):
            share = f"{100 * row[f'reached_{side}'] / row['people']:.1f}"
            assert f"<title>{escape(row['group'])}: {share}</title>" in page
            assert f"<title>{row['group_zh']}: {share}</title>" in page
    for words in (
        "现行（基准）",
        "today (the base case)",
        "洛伦兹曲线",
        "an assumption",
        "学位与成本",
    ):
        assert words in page


@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_every_district_has_one_tile_of_its_own_and_words(city: str) -> None:
    tiles = load_tiles(city)
    assert tiles is not None
    assert len(set(tiles.places.values())) == len(tiles.places)
    vocabulary = load_vocabulary(find_city(city).folder)
    if tiles.column in vocabulary:
        assert set(tiles.places) == set(vocabulary[tiles.column].ids)
        return
    [margin] = [m for m in load_margins(city).columns if m.id == tiles.column]
    assert set(tiles.places) == set(margin.figures)
    assert all(describe_answer(tiles.column, place).zh != place for place in tiles.places)


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("annual_income", "more than 32 different values in 'annual_income': too many groups; of"),
        ("annual_income:much", "the bands 'much' of 'annual_income' should be numbers, as in"),
        ("sex:10,20", "'sex' is not a column of numbers and has no bands"),
        ("street", "has no column 'street'"),
    ],
)
def test_a_group_that_cannot_be_is_refused_with_words(folder: Path, by: str, words: str) -> None:
    people = str(folder / "people.parquet")
    done = RUNNER.invoke(
        app,
        ["lab", "fairness", "shanghai", people, "--on", str(ON), "--by", by, "--lang", "en"],
    )
    assert done.exit_code == 2
    assert words in done.stderr
