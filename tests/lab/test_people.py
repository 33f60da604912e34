"""Synthetic people: the shares of the file, dependence, and what cannot be otherwise."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from jifen.cities import index, load
from jifen.cli.app import app
from jifen.lab.people import (
    check_population,
    draw_people,
    generate_batches,
    load_margins,
    read_margins,
)
from jifen.lab.people.draw import BLOCK
from jifen.lab.people.margins_file import HERE
from jifen.policy.fault import PolicyError
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.population.program import build_program
from jifen.scoring.population.scorer import score_with_faults
from tests.measures import VERSIONS, a_day

CITIES = sorted(city for city in index() if (HERE / f"{city}.yaml").is_file())
"""Cities of which margins are recorded."""


@pytest.fixture(scope="module", params=CITIES)
def drawn(request: pytest.FixtureRequest) -> tuple[str, pa.Table]:
    return request.param, draw_people(load_margins(request.param), 2 * BLOCK, 7)


def test_the_shares_are_those_of_the_file(drawn: tuple[str, pa.Table]) -> None:
    city, table = drawn
    report = check_population(load_margins(city), table)
    # four standard errors of a share of a half
    assert report.largest < 4 * 0.5 / np.sqrt(table.num_rows)
    assert report.synthetic


def test_facts_go_together_as_the_scores_do(drawn: tuple[str, pa.Table]) -> None:
    city, table = drawn
    found = {
        (one, other): r for one, other, r in check_population(load_margins(city), table).together
    }
    pairs = {
        "shanghai": ("age", "insured_months"),
        "chengdu": ("pension_months", "permit_months"),
    }
    assert found[pairs[city]] > 0.3


@pytest.mark.parametrize(
    ("city", "version"), [(city, version) for city, version in VERSIONS if city in CITIES]
)
def test_every_measure_of_the_city_can_be_scored(city: str, version: str) -> None:
    """Every fact is there, every value is one that an application may have."""
    policy = load(city, version)
    on, table = a_day(policy), draw_people(load_margins(city), 5_000, 3)
    assert set(build_program(policy.rules_on(on)).facts) <= set(table.column_names)
    result, faults = score_with_faults(policy, table, on=on)
    assert faults == []
    assert 0 < pc.sum(result.column("reached")).as_py() < 5_000


def _column(table: pa.Table, name: str) -> NDArray[Any]:
    return np.asarray(table.column(name).to_numpy())


def test_what_cannot_be_otherwise() -> None:
    table = draw_people(load_margins("shanghai"), 30_000, 1)
    age, insured = _column(table, "age").astype(int), _column(table, "insured_months").astype(int)
    run, last = _column(table, "insured_months_run"), _column(table, "insured_months_last_12")
    assert (insured <= (age - 16) * 12).all()
    assert (run <= insured).all()
    assert (last >= np.minimum(run, 12)).all()
    assert (last <= np.minimum(insured, 12)).all()
    tiers = [_column(table, f"base_{n}x_months_last_48") for n in ("2", "1", "08")]
    assert (tiers[0] <= tiers[1]).all()
    assert (tiers[1] <= tiers[2]).all()
    assert (tiers[2] <= insured).all()
    assert (_column(table, "base_1x_months_last_36") <= tiers[1]).all()
    assert (_column(table, "base_3x_months_last_36") <= tiers[0]).all()
    suburb = table.column("outer_suburb_area_not_applicable").to_numpy()
    assert (_column(table, "outer_suburb_months")[suburb] == 0).all()
    assert table.column("outer_suburb_area").null_count == suburb.sum()


def test_a_ratio_does_not_apply_before_36_months() -> None:
    table = draw_people(load_margins("chengdu"), 10_000, 1)
    short = _column(table, "pension_months") < 36
    assert np.array_equal(short, table.column("pension_base_ratio_not_applicable").to_numpy())
    assert table.column("pension_base_ratio").null_count == short.sum()


def test_a_person_depends_on_seed_and_number_alone() -> None:
    margins = load_margins("shanghai")
    whole = draw_people(margins, BLOCK + 5_000, 7)
    part = pa.Table.from_batches(generate_batches(margins, 4_000, 7, start=BLOCK - 1_000))
    assert part.equals(whole.slice(BLOCK - 1_000, 4_000))
    assert not draw_people(margins, 100, 8).equals(whole.slice(0, 100))


def test_they_are_always_labelled(drawn: tuple[str, pa.Table]) -> None:
    _, table = drawn
    labels = table.schema.metadata
    assert labels[b"jifen.synthetic"] == b"true"
    assert labels[b"jifen.seed"] == b"7"
    assert b"sha256:" in labels[b"jifen.margins"]
    assert pc.all(table.column("synthetic")).as_py()


def test_some_facts_can_be_left_unknown() -> None:
    table = draw_people(load_margins("shanghai"), 20_000, 7, unknown=0.1)
    share = table.column("education").null_count / table.num_rows
    assert 0.09 < share < 0.11


FAULTY = [
    ("share: 0.09", "share: 0.10", "JF-L002", "add to 1.01"),
    ("master: 0.09", "masters: 0.09", "JF-L003", "write 'master'"),
    ("{score: pay, weight: 1}", "{score: pays, weight: 1}", "JF-L003", "write 'pay'"),
    ("id: serious_crime", "id: serious_crimes", "JF-L003", "write 'serious_crime'"),
    ("value: 0.55", "value: 5.5", "JF-L004", "contradict each other"),
    ("flag: 0.93", "flags: 0.93", "JF-P0", "flag"),
    ("flag: 0.93", "flag: 0.93\n    records: 0.1", "JF-L001", "flag, records"),
    ("as_of: 2026-11-23\n", "", "JF-P011", "as_of"),
]


@pytest.mark.parametrize(("old", "new", "code", "words"), FAULTY)
def test_a_faulty_margins_file_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, code: str, words: str
) -> None:
    source = HERE / "shanghai.yaml"
    text = source.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "shanghai.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_margins(file)
    assert code in str(caught.value)
    assert words in str(caught.value)
    assert "shanghai.yaml:" in str(caught.value)


def test_every_margin_says_how_sure_it_is() -> None:
    for city in CITIES:
        for margin in load_margins(city).margins:
            assert margin.confidence == "unsure" or margin.sources


def test_the_command(tmp_path: Path) -> None:
    target, said = tmp_path / "p.parquet", tmp_path / "report.json"
    words = ["lab", "people", "shanghai", "-n", "70_000", "-o", str(target)]
    done = CliRunner().invoke(app, [*words, "--report-json", str(said), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "synthetic people, not real data" in done.output
    assert said.exists()
    assert (
        CliRunner().invoke(app, ["lab", "people", "shanghai", "-n", "0", "-o", "x"]).exit_code == 2
    )
    lost = ["lab", "people", "shanghai", "-n", "5", "-o", str(tmp_path / "no" / "p.parquet")]
    assert CliRunner().invoke(app, lost).exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.parquet", "report.json"]


def test_a_city_without_margins_is_told() -> None:
    with pytest.raises((FileFault, PolicyError)):
        load_margins("beijing")
