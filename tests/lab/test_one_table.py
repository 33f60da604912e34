"""One table with unknown facts: every command counts the same people in the same three classes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from tests.people.changed_policies import ON, SHANGHAI
from tests.people.tables import build_table

PEOPLE, ADMIT = 3_000, 500
COUNTING = ("run", "quota", "compare", "reform", "sweep", "years", "fairness", "uncertainty")
"""Commands that would hide small counts of these people, who are not synthetic."""
RUNNER = CliRunner()
HEAD = 'language: "1"\nlabel: {zh: 试, en: Try}\npolicy: shanghai-points\n'
LESS = f"{HEAD}reform: less\nchange: {{indicators.education.choice.points.master: 60}}\n"
LINES = (
    f"{HEAD}sweep: lines\nvary: [{{id: line, label: {{zh: 线, en: Line}}, "
    "paths: [decision.lines.0.points], values: [100, 120]}]\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People of whom 2 % of the facts are unknown, one of them with an unusable value; packed too;
    a reform and a sweep."""
    folder = tmp_path_factory.mktemp("table")
    table = build_table(SHANGHAI.rules_on(ON), PEOPLE, 5, unknown=0.02, conduct=False)
    education = table.column("education").to_pylist()
    education[7] = "batchelor"
    number = table.column_names.index("education")
    table = table.set_column(number, "education", pa.array(education))
    pq.write_table(table, folder / "people.parquet")
    (folder / "less.yaml").write_text(LESS, encoding="utf-8")
    (folder / "lines.yaml").write_text(LINES, encoding="utf-8")
    _run(folder, "lab pack shanghai {}/people.parquet -o {}/people.packed")
    return folder


def _run(folder: Path, words: str, *more: str) -> str:
    filled = words.replace("{}", str(folder)).split()
    if filled[0] == "lab" and filled[1] in COUNTING:
        more = (*more, "--exact")
    result = RUNNER.invoke(app, [*filled, "--on", ON.isoformat(), *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def _json(folder: Path, words: str) -> Any:
    return json.loads(_run(folder, f"lab {words}", "--json"))


@pytest.fixture(scope="module")
def scored(folder: Path) -> pa.Table:
    """Everybody as `jifen score` scores them."""
    _run(folder, "score shanghai {}/people.parquet -o {}/scored.parquet")
    return pq.read_table(folder / "scored.parquet")


@pytest.fixture(scope="module")
def classes(scored: pa.Table) -> dict[str, int]:
    """Of the score: who surely reaches the line, and who could; the unusable row is in neither."""
    reached = scored.column("reached").to_pylist()
    return {"surely": reached.count(True), "perhaps": reached.count(None) - 1}


def test_the_table_has_people_in_every_class(classes: dict[str, int]) -> None:
    assert classes["surely"] > 100
    assert classes["perhaps"] > 100
    assert sum(classes.values()) < PEOPLE - 100


@pytest.mark.parametrize("people", ["people.parquet", "people.packed"])
def test_every_command_counts_the_classes_of_the_score(
    folder: Path, classes: dict[str, int], people: str
) -> None:
    run = _json(folder, f"run shanghai {{}}/{people} --by education")
    assert run["reached"] == classes
    assert run["faulty"] == 1
    assert sum(classes.values()) + run["not_reached"] + 1 == PEOPLE == run["people"]
    for name, count in classes.items():
        assert sum(row["reached"][name] for row in run["groups"]["education"]) == count
    reform = _json(folder, f"reform shanghai {{}}/{people} --reform {{}}/less.yaml")
    everybody = reform["reforms"][0]["everybody"]
    assert everybody["reached_before"] == classes
    sweep = _json(folder, f"sweep shanghai {{}}/{people} {{}}/lines.yaml")
    assert sweep["variants"][1]["reached"] == classes
    years = _json(folder, f"years shanghai {{}}/{people} --years 0")
    assert years["policies"][0]["years"][0]["reached"] == classes
    near = _json(folder, f"near shanghai {{}}/{people}")
    assert (near["reached"], near["faulty"], near["people"]) == (classes, 1, PEOPLE)
    compare = _json(folder, f"compare {{}}/{people} shanghai shanghai@2018")
    assert [one["reached"] for one in compare["policies"]] == [classes, classes]
    assert compare["reach_both"]["least"][0][1] == classes["surely"]
    assert compare["reach_both"]["most"][0][1] == classes["surely"] + classes["perhaps"]
    # a quota of so many has the measure's own line, or a higher one, and never admits more
    quota = _json(folder, f"quota shanghai {{}}/{people} --admit {classes['surely']}")
    assert quota["lowest"]["line"] <= 120 <= quota["line"]


def test_one_mean_in_run_reform_and_sweep_with_what_it_is_the_mean_of(
    folder: Path, scored: pa.Table
) -> None:
    known = np.array([None not in row.values() for row in _rows(folder)])
    known[7] = False
    totals = np.array(scored.column("total").to_pylist(), object)[known]
    mean = float(np.mean(totals.astype(float)))
    run = _json(folder, "run shanghai {}/people.packed")
    assert (run["known"], run["mean_of"]) == (known.sum(), "known")
    assert run["mean"] == pytest.approx(mean, abs=1e-4)
    reform = _json(folder, "reform shanghai {}/people.packed --reform {}/less.yaml")
    everybody = reform["reforms"][0]["everybody"]
    assert (everybody["known"], everybody["mean_before"]) == (
        known.sum(),
        pytest.approx(mean, abs=1e-3),
    )
    assert everybody["mean_after"] < mean
    sweep = _json(folder, "sweep shanghai {}/people.packed {}/lines.yaml")
    assert sweep["known"] == known.sum()
    for variant in sweep["variants"]:
        assert variant["mean_points"] == pytest.approx(mean, abs=1e-4)
    years = _json(folder, "years shanghai {}/people.packed --years 0")
    year = years["policies"][0]["years"][0]
    assert (year["known"], year["mean_total"]) == (known.sum(), pytest.approx(mean, abs=1e-4))
    said = f"mean points of the {known.sum():,} people of whom every fact is known"
    for words in (
        "run shanghai {}/people.packed",
        "reform shanghai {}/people.packed --reform {}/less.yaml",
        "sweep shanghai {}/people.packed {}/lines.yaml",
    ):
        assert said in _run(folder, f"lab {words}", "--lang", "en"), words


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "people.parquet").to_pylist()
    return rows


def test_a_quota_says_the_least_and_the_most_and_does_not_sound_certain(
    folder: Path, scored: pa.Table
) -> None:
    quota = _json(folder, f"quota shanghai {{}}/people.packed --admit {ADMIT}")
    assert quota["certain"] is False
    rows = scored.to_pylist()

    def admitted(line: int) -> dict[str, int]:
        surely = [r for r in rows if r["eligible"] is True and r["vetoed"] is False]
        may = [r for r in rows if r["eligible"] is not False and r["vetoed"] is not True]
        return {
            "least": sum(row["total_least"] >= line for row in surely),
            "most": sum(row["total_most"] is not None and row["total_most"] >= line for row in may),
        }

    assert quota["admitted"] == admitted(quota["line"])
    assert quota["admitted"]["least"] < quota["admitted"]["most"] <= ADMIT
    assert admitted(quota["line"] - 1)["most"] > ADMIT  # no lower line is safe
    lowest = quota["lowest"]
    assert lowest["admitted"] == admitted(lowest["line"])
    assert lowest["line"] < quota["line"]
    assert admitted(lowest["line"] - 1)["least"] > ADMIT >= lowest["admitted"]["least"]
    for one in quota["around"]:
        assert one["admitted"] == admitted(one["line"])
    english = _run(folder, f"lab quota shanghai {{}}/people.packed --admit {ADMIT}", "--lang", "en")
    span = f"it lies from {lowest['line']} to {quota['line']}"
    assert f"facts are missing, so the line is not settled; {span}" in english
    chinese = _run(folder, f"lab quota shanghai {{}}/people.packed --admit {ADMIT}")
    assert f"分数线不能确定，在 {lowest['line']} 至 {quota['line']} 分之间" in chinese


def test_text_tables_and_report_say_the_classes(folder: Path, classes: dict[str, int]) -> None:
    out = folder / "out"
    more = ("-o", str(out), "--format", "csv", "--html", str(folder / "run.html"))
    english = _run(folder, "lab run shanghai {}/people.packed --lang en", *more)
    assert any(
        line.split()[-1] == f"{classes['surely']:,}" and "surely reach the line" in line
        for line in english.splitlines()
    )
    assert any(
        line.split()[-1] == f"{classes['perhaps']:,}" and "open: could reach the line" in line
        for line in english.splitlines()
    )
    reached = pa_csv.read_csv(out / "run_classes.csv").to_pylist()[0]
    assert (reached["surely"], reached["perhaps"], reached["faulty"]) == (*classes.values(), 1)
    page = (folder / "run.html").read_text(encoding="utf-8")
    assert f"{classes['perhaps']:,} 人可能达到而尚不能确定" in page
    assert f"{classes['perhaps']:,} could and are not settled" in page
    _run(folder, "lab sweep shanghai {}/people.packed {}/lines.yaml", "-o", str(out))
    row = pq.read_table(out / "sweep.parquet").to_pylist()[1]
    assert (row["reached_surely"], row["reached_perhaps"]) == tuple(classes.values())
    _run(folder, "lab reform shanghai {}/people.packed --reform {}/less.yaml", "-o", str(out))
    row = pq.read_table(out / "reform_groups.parquet").to_pylist()[0]
    assert row["reached_before_surely"] == classes["surely"]
    assert row["reached_before_perhaps"] == classes["perhaps"]
    assert row["open"] >= classes["perhaps"]


def test_the_score_says_the_classes_too(folder: Path, classes: dict[str, int]) -> None:
    words = f"score shanghai {folder}/people.parquet -o {folder}/again.parquet --lang en"
    result = RUNNER.invoke(app, [*words.split(), "--on", ON.isoformat()])
    said = f"{classes['surely']:,} surely reach the line, {classes['perhaps']:,} could"
    assert said in result.stderr
