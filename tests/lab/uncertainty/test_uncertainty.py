"""The range of the people at the line: each of its parts is recomputed from persons."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.charts import ChartTable
from jifen.cli.app import app
from jifen.lab.people import draw_people, load_margins
from jifen.lab.population.table import people_of
from jifen.lab.uncertainty import HeadlineRange, UncertainPart, measure_uncertainty
from jifen.policy.text import Text
from jifen.scoring.population.scorer import build_counting_rule, score_population
from tests.people.changed_policies import ON, SHANGHAI

RUNNER = CliRunner()
ROWS = 3_000
WEIGHTS = np.random.default_rng(4).choice([0.5, 1.0, 4.0], ROWS)


@pytest.fixture(scope="module")
def people_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("uncertainty") / "people.parquet"
    table = draw_people(load_margins("shanghai"), ROWS, 5, unknown=0.003)
    pq.write_table(table.append_column("w", pa.array(WEIGHTS)), path)
    return path


def _ask(people: Path, *more: str) -> dict[str, Any]:
    words = ["lab", "uncertainty", "shanghai", str(people), "--on", str(ON), "--weight", "w"]
    done = RUNNER.invoke(app, [*words, "--draws", "20", "--json", *more])
    assert done.exit_code == 0, (done.output, done.exception)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def _score(people: Path, **options: Any) -> pl.DataFrame:
    scored = score_population(SHANGHAI, pq.read_table(people), on=ON, **options)
    reached = pl.Series("reached", scored.column("reached").to_pylist(), pl.Boolean)
    return pl.DataFrame({"w": WEIGHTS}).with_columns(reached)


def _count(scored: pl.DataFrame) -> float:
    return float(scored.filter(pl.col("reached"))["w"].sum())


def test_facts_readings_and_sample_are_those_of_the_persons(people_file: Path) -> None:
    document, scored = _ask(people_file), _score(people_file)
    parts = {part["part"]: part for part in document["parts"]}
    base = _count(scored)
    assert document["reached"]["surely"] == pytest.approx(base)
    open_people = float(scored.filter(pl.col("reached").is_null())["w"].sum())
    assert open_people > 0
    assert parts["unknown"]["most"] == pytest.approx(base + open_people)
    counts = [base]
    single = [row for row in document["readings"] if not row["together"]]
    others = [
        {switch.id: reading.id}
        for switch in SHANGHAI.switches
        for reading in switch.readings
        if reading.id != switch.default
    ]
    assert len(single) == len(others) > 1
    for row, readings in zip(single, others, strict=True):
        counts.append(_count(_score(people_file, readings=readings)))
        assert row["reached"] == pytest.approx(counts[-1]), readings
    counts += [row["reached"] for row in document["readings"] if row["together"]]
    assert parts["readings"]["least"] == pytest.approx(min(counts))
    assert parts["readings"]["most"] == pytest.approx(max(counts))
    share = base / float(WEIGHTS.sum())
    surely = scored["reached"].fill_null(value=False).to_numpy()
    error = 1.959964 * float(np.sqrt((WEIGHTS**2 * (surely - share) ** 2).sum()))
    assert parts["sample"]["most"] == pytest.approx(base + error, abs=1)


def test_the_widest_is_first_and_the_same_seed_gives_the_same(people_file: Path) -> None:
    first = _ask(people_file)
    widths = [part["width"] for part in first["parts"]]
    assert all(wider >= narrower for wider, narrower in pairwise(widths))
    assert sum(part["share_of_width"] for part in first["parts"]) == pytest.approx(1, abs=1e-3)
    assert _ask(people_file) == first
    assert _ask(people_file, "--seed", "8")["parts"] != first["parts"]


def test_margins_that_may_be_further_off_widen_the_range(people_file: Path) -> None:
    widths = [
        next(
            p["width"] for p in _ask(people_file, "--spread", s)["parts"] if p["part"] == "margins"
        )
        for s in ("0.001", "0.05", "0.3")
    ]
    assert widths[0] < 20 < widths[1] < widths[2]


def test_ends_are_added_and_errors_are_combined_by_squares() -> None:
    words = Text("甲", "a")
    parts = (
        UncertainPart("readings", words, 90, 100, "added", words),
        UncertainPart("unknown", words, 100, 105, "added", words),
        UncertainPart("sample", words, 97, 103, "squared", words),
        UncertainPart("margins", words, 96, 104, "squared", words),
    )
    result = HeadlineRange(100, 1_000, parts, (), ())
    assert (result.least, result.most) == (100 - 10 - 5, 100 + 5 + 5)
    assert result.share_of_width(parts[0]) == pytest.approx(10 / 29)


def test_a_whole_register_has_no_sampling_error() -> None:
    table = draw_people(load_margins("shanghai"), 500, 5).replace_schema_metadata(None)
    people = people_of(SHANGHAI.vocabulary, table, build_counting_rule(SHANGHAI.rules_on(ON), ON))
    result = measure_uncertainty(people, SHANGHAI, ON)
    [sample] = [part for part in result.parts if part.id == "sample"]
    assert sample.width == 0
    assert "margins" not in {part.id for part in result.parts}


def test_a_reading_that_needs_a_column_that_is_missing_is_told() -> None:
    from jifen.lab.uncertainty.readings import count_readings
    from jifen.scoring.population.program import build_program

    table = draw_people(load_margins("shanghai"), 300, 5)
    needed = set(build_program(SHANGHAI.rules_on(ON)).facts)
    extra = [
        fact
        for switch in SHANGHAI.switches
        for reading in switch.readings
        for fact in build_program(SHANGHAI.rules_on(ON, {switch.id: reading.id})).facts
        if fact not in needed
    ]
    people = people_of(
        SHANGHAI.vocabulary,
        table.drop_columns([fact for fact in dict.fromkeys(extra) if fact in table.column_names]),
        build_counting_rule(SHANGHAI.rules_on(ON), ON),
    )
    counts, missing = count_readings(people, SHANGHAI, ON)
    assert bool(missing) == bool(extra)
    assert counts


def test_the_report_and_the_words_are_in_the_language_that_was_asked_for(
    people_file: Path, tmp_path: Path
) -> None:
    words = ["lab", "uncertainty", "shanghai", str(people_file), "--on", str(ON), "--draws", "5"]
    page = tmp_path / "range.html"
    english = RUNNER.invoke(app, [*words, "--lang", "en", "--html", str(page)])
    assert "what widens it, the widest first:" in english.stdout
    assert "确定" not in english.stdout
    chinese = RUNNER.invoke(app, words)
    assert "不确定来自（宽者在前）" in chinese.stdout
    assert "What widens the range" in page.read_text("utf-8")
    wrong = RUNNER.invoke(app, [*words, "--spread", "1.5"])
    assert (wrong.exit_code, "expected a share above 0 and below 1" in wrong.stderr) == (2, True)


MARGIN = """
language: "1"
margins: ours
city: shanghai
as_of: 2026-01-01
label: {zh: 试, en: Try}
note: {zh: 试, en: Try}
scores: [age]
facts:
  - id: education
    options: {none: 0.5, college: 0.2, bachelor: 0.05, bachelor_with_degree: 0.2, master: 0.04,
      doctor: 0.01}
    confidence: unsure
"""
ANSWERS = ("none", "college", "bachelor", "bachelor_with_degree", "master", "doctor", None)


def test_polars_recomputes_the_range_of_a_margin(people_file: Path, tmp_path: Path) -> None:
    """With one margin no raking is needed: the people of each answer count as much more or less as
    its drawn share is larger or smaller than theirs."""
    (tmp_path / "ours.yaml").write_text(MARGIN, "utf-8")
    more = ("--margins", str(tmp_path / "ours.yaml"), "--spread", "0.3")
    document = _ask(people_file, *more)
    [part] = [part for part in document["parts"] if part["part"] == "margins"]
    answers = pl.Series("answer", pq.read_table(people_file)["education"].to_pylist(), pl.String)
    frame = _score(people_file).with_columns(
        answers.fill_null("—"), pl.col("reached").fill_null(value=False)
    )
    held = frame.group_by("answer").agg(
        pl.col("w").sum(), pl.col("w").filter(pl.col("reached")).sum().alias("at_line")
    )
    parts = pl.DataFrame({"answer": [answer or "—" for answer in ANSWERS]})
    sums = parts.join(held, on="answer", how="left", maintain_order="left").fill_null(0)
    generator = np.random.Generator(np.random.Philox(key=[7, 0]))
    counted = []
    for _ in range(20):
        factors = pl.Series("f", 1 + generator.uniform(-0.3, 0.3, len(ANSWERS)))
        raised = float((sums["w"] * factors).sum()) / float(sums["w"].sum())
        counted.append(float((sums["at_line"] * factors).sum()) / raised)
    ends = np.quantile(counted, [0.025, 0.975])
    assert (part["least"], part["most"]) == pytest.approx(tuple(ends), abs=0.51)
    assert part["width"] > 10


def test_words_of_a_report_stand_left_and_figures_right(people_file: Path, tmp_path: Path) -> None:
    page = tmp_path / "range.html"
    words = ["lab", "uncertainty", "shanghai", str(people_file), "--on", str(ON), "--draws", "5"]
    assert RUNNER.invoke(app, [*words, "--html", str(page)]).exit_code == 0
    text = page.read_text("utf-8")
    assert '<th scope="col" class="words">how</th>' in text
    assert '<th scope="col" class="words">说明</th>' in text
    assert '<td class="words">3,000 rows, a 95 % interval</td>' in text
    assert '<th scope="col">at least</th>' in text
    rows = (("a", "1,200–1,300 人", "", "5%"), ("b", "3 人", "不详", "—"))
    assert ChartTable(("a", "b", "c", "d"), rows).columns_of_words == {0, 2}
