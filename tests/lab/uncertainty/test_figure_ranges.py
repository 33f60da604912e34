"""Ranges of reforms, quotas and groups: every end is recomputed from the points of each person."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.lab.people import draw_people, load_margins
from jifen.lab.reforms import load_reform
from jifen.scoring.population.scorer import score_population
from tests.people.changed_policies import ON, SHANGHAI

RUNNER = CliRunner()
ROWS = 3_000
WEIGHTS = np.random.default_rng(4).choice([0.5, 1.0, 4.0], ROWS)
REFORM = (
    'language: "1"\nreform: less\nlabel: {zh: 减分, en: Less}\npolicy: shanghai-points\n'
    "change: {indicators.education.choice.points.bachelor_with_degree: 80,"
    " decision.lines.0.points: 115}\n"
)
ADMIT = 900


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ranges")
    table = draw_people(load_margins("shanghai"), ROWS, 5, unknown=0.003)
    pq.write_table(table.append_column("w", pa.array(WEIGHTS)), folder / "people.parquet")
    (folder / "less.yaml").write_text(REFORM, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, dict[str, Any]]:
    """The ranges by the id of their figure, with their parts by id."""
    document = _ask(folder, "--json")
    return {
        figure["figure"]: {**figure, "parts": {part["part"]: part for part in figure["parts"]}}
        for figure in document["figures"]
    }


def _run(command: str, folder: Path, *more: str) -> str:
    words = ["lab", command, "shanghai", str(folder / "people.parquet"), "--on", str(ON)]
    done = RUNNER.invoke(app, [*words, "--weight", "w", *more])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def _ask(folder: Path, *more: str) -> Any:
    told = _run(
        "uncertainty", folder, "--reform", str(folder / "less.yaml"), "--admit", str(ADMIT),
        "--by", "sex", "--draws", "60", *more,
    )  # fmt: skip
    return json.loads(told) if "--json" in more else told


def _score(folder: Path, *, changed: bool, readings: Any = None) -> pl.DataFrame:
    policy = load_reform(folder / "less.yaml", SHANGHAI) if changed else SHANGHAI
    scored = score_population(
        policy, pq.read_table(folder / "people.parquet"), on=ON, readings=readings
    )
    sex = pq.read_table(folder / "people.parquet").column("sex").to_pylist()
    reached = pl.Series("reached", scored.column("reached").to_pylist(), pl.Boolean)
    return pl.DataFrame({"w": WEIGHTS, "sex": sex}).with_columns(reached)


def _sum(mask: Any) -> float:
    return float(WEIGHTS[np.asarray(mask, bool)].sum())


def test_gains_and_losses_are_those_of_the_persons(folder: Path, figures: Any) -> None:
    before, after = (_score(folder, changed=changed)["reached"] for changed in (False, True))
    no, yes, perhaps = (before == False).fill_null(False), after.fill_null(False), after.is_null()  # noqa: E712
    gains = figures["gains"]
    assert gains["value"] == pytest.approx(_sum(no & yes))
    assert gains["parts"]["unknown"]["least"] == pytest.approx(gains["value"])
    most = _sum((no | before.is_null()) & (yes | perhaps))
    assert most > gains["value"]
    assert gains["parts"]["unknown"]["most"] == pytest.approx(most)
    surely = before.fill_null(False)
    assert figures["net"]["value"] == pytest.approx(_sum(yes) - _sum(surely))
    assert figures["after"]["parts"]["unknown"]["most"] == pytest.approx(_sum(yes | perhaps))
    low = _sum(yes) - _sum(surely | before.is_null())
    assert figures["net"]["parts"]["unknown"]["least"] == pytest.approx(low)


def test_readings_move_the_reform_as_they_move_each_person(folder: Path, figures: Any) -> None:
    base, down, up = figures["gains"]["value"], 0.0, 0.0
    for switch in SHANGHAI.switches:
        moved = [0.0]
        for reading in switch.readings:
            if reading.id == switch.default:
                continue
            chosen = {switch.id: reading.id}
            before, after = (
                _score(folder, changed=changed, readings=chosen)["reached"]
                for changed in (False, True)
            )
            gains = _sum((~before).fill_null(False) & after.fill_null(False))
            moved.append(gains - base)
        down, up = down + min(moved), up + max(moved)
    assert (down, up) != (0.0, 0.0)
    part = figures["gains"]["parts"]["readings"]
    assert part["least"] == pytest.approx(base + down)
    assert part["most"] == pytest.approx(base + up)


def test_the_line_of_a_quota_lies_where_the_quota_says(folder: Path, figures: Any) -> None:
    document = json.loads(_run("quota", folder, "--admit", str(ADMIT), "--json"))
    asked = json.loads(_run("uncertainty", folder, "--admit", str(ADMIT), "--json"))
    [line] = asked["figures"]
    line["parts"] = {part["part"]: part for part in line["parts"]}
    assert line["value"] != figures["quota"]["value"]  # under the reform it is another one
    assert line["unit"] == "points"
    assert line["value"] == document["lowest"]["line"]
    assert line["parts"]["unknown"]["least"] == document["lowest"]["line"]
    assert line["parts"]["unknown"]["most"] == document["line"] > document["lowest"]["line"]
    assert line["least"] <= document["lowest"]["line"]
    assert line["parts"]["sample"]["least"] < line["value"]


def test_shares_and_ratios_are_those_of_the_fairness(folder: Path, figures: Any) -> None:
    told = _run("fairness", folder, "--by", "sex", "--reform", str(folder / "less.yaml"), "--json")
    rows = {row["group_id"]: row for row in json.loads(told)["groups"]["sex"]["groups"]}
    for side, word in (("before", "today"), ("after", "reform")):
        for name, row in rows.items():
            share = figures[f"share.sex.{name}.{word}"]
            assert share["value"] == pytest.approx(row[f"share_{side}"], abs=1e-4)
            assert 0 <= share["least"] <= share["value"] <= share["most"] <= 1
            ratio = figures.get(f"ratio.sex.{name}.{word}")
            if ratio is None:
                continue
            assert ratio["value"] == pytest.approx(row[f"ratio_{side}"], abs=1e-4)
            sample = ratio["parts"]["sample"]
            width = row[f"ratio_{side}_most"] - row[f"ratio_{side}_least"]
            assert sample["most"] - sample["least"] == pytest.approx(width, rel=0.35)
    assert sum(name.startswith("ratio") for name in figures) == 2


def test_the_error_of_sampling_is_that_of_a_weighted_sum(folder: Path, figures: Any) -> None:
    reached = _score(folder, changed=True)["reached"].fill_null(False).to_numpy()
    share = float(WEIGHTS[reached].sum() / WEIGHTS.sum())
    error = 1.959964 * float(np.sqrt((WEIGHTS**2 * (reached - share) ** 2).sum()))
    part = figures["after"]["parts"]["sample"]
    assert part["most"] - figures["after"]["value"] == pytest.approx(error, rel=0.3)


def test_margins_are_drawn_again_and_what_widens_most_stands_first(
    folder: Path, figures: Any
) -> None:
    for figure in figures.values():
        parts = list(figure["parts"].values())
        widths = [part["most"] - part["least"] for part in parts]
        assert widths == sorted(widths, reverse=True)
        assert figure["least"] <= figure["value"] + 1 >= figure["value"] - 1 <= figure["most"] + 2
    margins = figures["after"]["parts"]["margins"]
    assert margins["least"] < figures["after"]["value"] < margins["most"]
    again = {f["figure"]: f for f in _ask(folder, "--json", "--spread", "0.3")["figures"]}
    wider = {part["part"]: part for part in again["after"]["parts"]}["margins"]
    assert wider["most"] - wider["least"] > 1.5 * (margins["most"] - margins["least"])


def test_words_tables_and_report_show_the_ranges(folder: Path, tmp_path: Path) -> None:
    html = tmp_path / "range.html"
    words = _ask(folder, "--html", str(html), "-o", str(tmp_path / "out"), "--lang", "en")
    assert "newly at the line  " in words
    assert "the line for 900 people after the reform  " in words
    tables = pl.read_parquet(tmp_path / "out" / "figures.parquet")
    assert tables.height == len(_ask(folder, "--json")["figures"])
    page = html.read_text(encoding="utf-8")
    assert "Figures as ranges" in page
    assert "改革后名额 900 人的分数线" in page


def test_small_groups_of_a_register_have_no_range(folder: Path, tmp_path: Path) -> None:
    table = pq.read_table(folder / "people.parquet").slice(0, 400).replace_schema_metadata(None)
    sex = ["female" if n < 2 else "male" for n in range(400)]
    table = table.set_column(table.column_names.index("sex"), "sex", pa.array(sex))
    table = table.drop_columns(["w"]).append_column("w", pa.array(np.ones(400)))
    pq.write_table(table, tmp_path / "people.parquet")
    document = json.loads(_run("uncertainty", tmp_path, "--by", "sex", "--json"))
    named = {figure["figure"] for figure in document["figures"]}
    assert named == {"share.sex.male.today"}
    assert any("too few people" in text["en"] for text in document["left_out"])
