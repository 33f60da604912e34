"""Raking: the shares of the file are met, and nothing but the margins is changed."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.lab.people import draw_people, load_margins, read_margins
from jifen.lab.people.raking import rake_people
from jifen.lab.population.table import people_of
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.scorer import build_counting_rule
from tests.people.changed_policies import ON, SHANGHAI

RUNNER = CliRunner()
HEAD = """
language: "1"
margins: ours
city: shanghai
as_of: 2026-01-01
label: {zh: 试, en: Try}
note: {zh: 试, en: Try}
scores: [age]
facts:
"""
OURS = """
  - id: education
    options: {none: 0.5, college: 0.2, bachelor: 0.05, bachelor_with_degree: 0.2, master: 0.04,
      doctor: 0.01}
    confidence: unsure
  - id: age
    bands: [{from: 18, to: 34, share: 0.4}, {from: 35, to: 62, share: 0.6}]
    confidence: unsure
  - id: origin
    label: {zh: 地区, en: Region}
    options: {east: 0.4, central: 0.3, west: 0.2, northeast: 0.1}
    confidence: unsure
  - id: permit_valid
    flag: 0.8
    confidence: unsure
"""


def _write(folder: Path, facts: str) -> Path:
    path = folder / "ours.yaml"
    path.write_text(HEAD + facts, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def people_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raking") / "people.parquet"
    pq.write_table(draw_people(load_margins("shanghai"), 4_000, 5, unknown=0.02), path)
    return path


def test_the_shares_are_met_and_the_fit_is_shown(people_file: Path, tmp_path: Path) -> None:
    """Polars recomputes every share from the file that was written."""
    out = tmp_path / "raked.parquet"
    words = ["lab", "rake", "shanghai", str(people_file), "--on", str(ON), "-o", str(out)]
    words += ["--margins", str(_write(tmp_path, OURS))]
    done = RUNNER.invoke(app, [*words, "--json"])
    assert done.exit_code == 0, (done.output, done.exception)
    document = json.loads(done.stdout)
    assert document["largest_difference"] < 1e-9
    assert document["people"] == pytest.approx(4_000)
    frame = pl.read_parquet(out)
    assert frame["weight"].sum() == pytest.approx(4_000)
    wanted: dict[str, dict[str, float]] = {
        "origin": {"east": 0.4, "central": 0.3, "west": 0.2, "northeast": 0.1},
        "education": {"none": 0.5, "college": 0.2, "doctor": 0.01},
        "permit_valid": {"true": 0.8, "false": 0.2},
    }
    for margin, shares in wanted.items():
        known = frame.filter(pl.col(margin).is_not_null())
        for part, asked in shares.items():
            held = known.filter(pl.col(margin).cast(pl.String) == part)
            found = float(held["weight"].sum()) / float(known["weight"].sum())
            assert found == pytest.approx(asked, abs=1e-6)
    shown = RUNNER.invoke(app, [*words, "--lang", "en"]).stdout
    assert "4,000 rows stand for 4,000 people" in shown
    assert "northeast" in shown
    again = ["lab", "run", "shanghai", str(out), "--on", str(ON), "--weight", "weight", "--json"]
    weighted = json.loads(RUNNER.invoke(app, again).stdout)
    assert weighted["people"] == pytest.approx(4_000)


def test_each_weight_is_the_start_times_one_factor_a_margin(tmp_path: Path) -> None:
    """With the shares met this is what defines raking: no other weights have both."""
    table = draw_people(load_margins("shanghai"), 3_000, 9)
    people = people_of(SHANGHAI.vocabulary, table, build_counting_rule(SHANGHAI.rules_on(ON), ON))
    start = np.random.default_rng(2).uniform(0.5, 3, 3_000)
    people.weights = start.copy()
    margins = read_margins(_write(tmp_path, OURS), SHANGHAI.vocabulary)
    result = rake_people(people, margins)
    assert "origin" in result.left_out  # it was not decoded as a column to group by
    product = start.copy()
    answers = list(margins.margins[0].figures)
    education = [answers.index(v) for v in table.column("education").to_pylist()]
    product *= result.factors["education"][education]
    product *= result.factors["age"][(table.column("age").to_numpy() >= 35).astype(int)]
    flags = table.column("permit_valid").to_numpy(zero_copy_only=False).astype(int)
    product *= result.factors["permit_valid"][flags]
    np.testing.assert_allclose(result.weights, product, rtol=1e-9)
    assert result.weights.sum() == pytest.approx(start.sum())
    assert result.effective < 3_000


def test_a_share_that_nobody_can_have_is_refused(tmp_path: Path) -> None:
    table = draw_people(load_margins("shanghai"), 300, 9)
    table = table.filter(np.array(table.column("education").to_pylist()) == "master")
    people = people_of(SHANGHAI.vocabulary, table, build_counting_rule(SHANGHAI.rules_on(ON), ON))
    margins = read_margins(_write(tmp_path, OURS), SHANGHAI.vocabulary)
    with pytest.raises(TableError, match=r"'none' of education should be 50\.0% of the people"):
        rake_people(people, margins)


def test_people_without_any_column_of_the_margins_are_refused(tmp_path: Path) -> None:
    table = draw_people(load_margins("shanghai"), 100, 9)
    people = people_of(SHANGHAI.vocabulary, table, build_counting_rule(SHANGHAI.rules_on(ON), ON))
    only = OURS[OURS.index("  - id: origin") : OURS.index("  - id: permit_valid")]
    margins = read_margins(_write(tmp_path, only), SHANGHAI.vocabulary)
    with pytest.raises(TableError, match="no column of the margins 'ours'"):
        rake_people(people, margins)


def test_margins_that_contradict_one_another_are_refused(tmp_path: Path) -> None:
    """Everybody with a permit is under 35 and nobody else: the shares of both cannot be met."""
    table = draw_people(load_margins("shanghai"), 2_000, 9)
    young = table.column("age").to_numpy() < 35
    position = table.column_names.index("permit_valid")
    table = table.set_column(position, "permit_valid", [young])
    people = people_of(SHANGHAI.vocabulary, table, build_counting_rule(SHANGHAI.rules_on(ON), ON))
    margins = read_margins(_write(tmp_path, OURS), SHANGHAI.vocabulary)
    with pytest.raises(TableError, match="the margins contradict"):
        rake_people(people, margins)


@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_synthetic_people_have_what_groups_need(city: str) -> None:
    """Sex, area, origin, income, marriage and children; published shares name a source."""
    margins = load_margins(city)
    table = draw_people(margins, 2_000, 3)
    names = {"sex", "district", "origin", "annual_income", "marital"}
    names |= {"children_0_5", "children_6_11", "children_12_17"}
    assert names <= set(table.column_names)
    single = np.array(table.column("marital").to_pylist()) == "single"
    for name in ("children_0_5", "children_6_11", "children_12_17"):
        assert not table.column(name).to_numpy()[single].any()
    sources = {source.id for source in margins.sources}
    for margin in margins.margins:
        assert (margin.confidence == "unsure") or set(margin.sources) & sources, margin.id


def test_further_columns_change_no_fact_of_anybody(tmp_path: Path) -> None:
    with_district = read_margins(_write(tmp_path, OURS), SHANGHAI.vocabulary)
    first = draw_people(with_district, 500, 3)
    start, end = OURS.index("  - id: origin"), OURS.index("  - id: permit_valid")
    without = read_margins(_write(tmp_path, OURS[:start] + OURS[end:]), SHANGHAI.vocabulary)
    second = draw_people(without, 500, 3)
    assert first.select(second.column_names).equals(second)
