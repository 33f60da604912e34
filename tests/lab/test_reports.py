"""Reports on a small weighted table: polars recomputes their figures from the scored persons, in
both languages, with the changes, the lines and the base case told."""

import re
from collections.abc import Iterator
from html import unescape
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
from jifen.policy.diff import rules_changes
from jifen.scoring.population.scorer import score_population
from tests.people.changed_policies import ON, SHANGHAI

RUNNER = CliRunner()
ROWS = 1_500
WEIGHTS = np.random.default_rng(8).choice([0.5, 1.0, 2.0], ROWS)
REFORM = """language: "1"
reform: less
label: {zh: 学历降分, en: Fewer points}
policy: shanghai-points
change:
  indicators.education.choice.points.bachelor_with_degree: 60
  indicators.award: null
  decision.lines.0.points: 110
"""
SWEEP = """language: "1"
sweep: grid
label: {zh: 方案, en: Grid}
policy: shanghai-points
vary:
  - {id: degree, label: {zh: 本科, en: Bachelor}, paths: [indicators.education.choice.points.bachelor_with_degree], values: [80, 90, 100]}
  - {id: line, label: {zh: 标准分, en: Line}, paths: [decision.lines.0.points], values: [%s]}
"""  # noqa: E501 - one line a figure
BRIEF = """language: "1"
propose: fewer
label: {zh: 少一些, en: A few less}
policy: shanghai-points
vary:
  - {id: degree, label: {zh: 本科, en: Bachelor}, paths: [indicators.education.choice.points.bachelor_with_degree], values: [80, 85, 90, 95]}
  - {id: line, label: {zh: 标准分, en: Line}, paths: [decision.lines.0.points], range: {from: 115, to: 125, step: 1}}
admit: {share_of_today: 0.95, within: 40}
limits:
  changed: 2
  groups: [{by: education, most_loss: 0.5}]
prefer: [change, worst_loss]
"""  # noqa: E501 - one line a figure
Cells = list[list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    table = draw_people(load_margins("shanghai"), ROWS, 6, unknown=0.004)
    pq.write_table(table.append_column("w", pa.array(WEIGHTS)), folder / "people.parquet")
    (folder / "less.yaml").write_text(REFORM, encoding="utf-8")
    (folder / "grid.yaml").write_text(SWEEP % "115, 120", encoding="utf-8")
    (folder / "brief.yaml").write_text(BRIEF, encoding="utf-8")
    (folder / "other.yaml").write_text(SWEEP % "110, 115", encoding="utf-8")
    return folder


def write_report(folder: Path, *words: str) -> str:
    html = folder / f"{words[0]}-{words[-1].strip('-').replace('/', '_')[-20:]}.html"
    order = ["lab", words[0], "shanghai", str(folder / "people.parquet"), *words[1:]]
    done = RUNNER.invoke(app, [*order, "--on", str(ON), "--weight", "w", "--html", str(html)])
    assert done.exit_code == 0, (done.output, done.exception)
    return html.read_text(encoding="utf-8")


def split_languages(page: str) -> dict[str, str]:
    _, zh, en = re.split(r'<div class="zh" lang="zh-CN">|<div class="en" lang="en">', page)
    return {"zh": zh, "en": en}


def read_tables(half: str) -> Iterator[Cells]:
    for table in re.findall(r"<table>(.*?)</table>", half, re.DOTALL):
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        yield [[unescape(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r)] for r in rows]


def find_table(half: str, *headings: str) -> Cells:
    [found] = [t for t in read_tables(half) if tuple(t[0][: len(headings)]) == headings]
    return found


def to_number(cell: str) -> float:
    return float(cell.replace(",", "").replace("−", "-"))


@pytest.fixture(scope="module")
def persons(folder: Path) -> pl.DataFrame:
    table = pq.read_table(folder / "people.parquet")
    frame = pl.DataFrame(table.select(["w", "sex"])).with_columns(pl.col("sex").cast(pl.String))
    for name, policy in (
        ("before", SHANGHAI),
        ("after", load_reform(folder / "less.yaml", SHANGHAI)),
    ):
        scored = score_population(policy, table, on=ON)
        reached = pl.Series(name, scored.column("reached").to_pylist(), pl.Boolean)
        frame = frame.with_columns(reached)
    return frame


def weigh(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return float(frame.filter(condition)["w"].to_numpy().sum())


NAMES = {"zh": {"女": "female", "男": "male"}, "en": {"Female": "female", "Male": "male"}}


def test_a_run_has_the_people_of_the_persons_by_class_and_by_group(
    folder: Path, persons: pl.DataFrame
) -> None:
    halves = split_languages(write_report(folder, "run", "--by", "sex"))
    heads = {"zh": ("性别", "人数"), "en": ("Sex", "people")}
    for lang, half in halves.items():
        rows = find_table(half, *heads[lang])[1:]
        assert {row[0] for row in rows} == set(NAMES[lang])
        for row in rows:
            own = persons.filter(pl.col("sex") == NAMES[lang][row[0]])
            everybody = float(own["w"].to_numpy().sum())
            assert to_number(row[1]) == pytest.approx(everybody, abs=0.006)
            assert to_number(row[3]) == pytest.approx(weigh(own, pl.col("before")), abs=0.006)
            perhaps = weigh(own, pl.col("before").is_null())
            assert to_number(row[4]) == pytest.approx(perhaps, abs=0.006)


def test_a_reform_has_the_flows_of_the_persons_in_all_and_by_group(
    folder: Path, persons: pl.DataFrame
) -> None:
    reform = ("--reform", str(folder / "less.yaml"), "--by", "sex")
    halves = split_languages(write_report(folder, "reform", *reform))
    before, after = pl.col("before"), pl.col("after")
    flows: dict[str, tuple[str, Any]] = {
        "新达到": ("newly at the line", ~before & after),
        "不再达到": ("no longer at the line", before & ~after),
        "前后均达到": ("at the line before and after", before & after),
        "前后均未达到": ("below before and after", ~before & ~after),
        "前或后尚不能确定": ("open before or after", before.is_null() | after.is_null()),
    }
    for lang, half in halves.items():
        cells = {row[0]: row[1] for table in read_tables(half) for row in table if len(row) == 2}
        for zh, (en, condition) in flows.items():
            found = to_number(cells[zh if lang == "zh" else en])
            assert found == pytest.approx(weigh(persons, condition), abs=0.006)
        heads = ("性别", "人数") if lang == "zh" else ("Sex", "people")
        for row in find_table(half, *heads)[1:]:
            own = persons.filter(pl.col("sex") == NAMES[lang][row[0]])
            wanted = [before, before.is_null(), after, after.is_null()]
            for cell, condition in zip(row[2:6], wanted, strict=True):
                assert to_number(cell) == pytest.approx(weigh(own, condition), abs=0.006)


def test_a_reform_is_told_as_the_difference_of_two_measures_tells_it(folder: Path) -> None:
    page = write_report(folder, "reform", "--reform", str(folder / "less.yaml"))
    changes = rules_changes(
        SHANGHAI.rules_on(ON), load_reform(folder / "less.yaml", SHANGHAI).rules_on(ON)
    )
    assert len(changes) >= 3
    for lang, half in split_languages(page).items():
        rows = find_table(half, "条款" if lang == "zh" else "clause")[1:]
        told = [
            [change.label(lang), change.before(lang) or "—", change.after(lang) or "—"]  # type: ignore[arg-type]
            for change in changes
        ]
        assert rows == told
        assert "bachelor_with_degree" not in half
        lines = ("现行线 120", "改革后线 110") if lang == "zh" else (
            "line today 120", "line after the reform 110")  # fmt: skip
        assert all(f">{words}</text>" in half for words in lines)


def test_a_sweep_shows_every_variant_and_outlines_the_rules_of_today(folder: Path) -> None:
    page = write_report(folder, "sweep", str(folder / "grid.yaml"))
    for lang, half in split_languages(page).items():
        base = "现行（基准）" if lang == "zh" else "today (the base case)"
        assert f">{base}</text>" in half  # the legend of the map
        assert half.count(f">{base}</text>") == 2  # the legends of the map and of the scatter
        assert ">90 / 120</text>" in half  # beside its mark
        marks = re.findall(r"<title>\d+ / \d+[^<]*</title>", half)
        assert len(marks) == 6
        assert half.count('stroke-width="3"') == 4  # cell and mark, and in both legends
        squares = re.findall(r'<rect[^>]*width="10" height="10"[^>]*><title>', half)
        rows = find_table(half, "确定达到人数" if lang == "zh" else "people surely at the line")
        assert len(squares) == len(rows) - 1


def test_a_sweep_without_the_rules_of_today_says_so(folder: Path) -> None:
    halves = split_languages(write_report(folder, "sweep", str(folder / "other.yaml")))
    assert "现行规定不在这些方案之中" in halves["zh"]
    assert "The rules of today are not among these variants" in halves["en"]
    assert 'stroke-width="3"' not in halves["zh"]


KINDS = {
    "run": ("run", "--by", "sex", "--by", "district"),
    "reform": ("reform", "--reform", "less.yaml", "--by", "education"),
    "sweep": ("sweep", "grid.yaml"),
    "years": ("years", "--years", "1", "--reform", "less.yaml"),
    "quota": ("quota", "--admit", "300"),
    "propose": ("propose", "brief.yaml", "--seconds", "5"),
    "fairness": ("fairness", "--reform", "less.yaml"),
    "uncertainty": ("uncertainty", "--draws", "3"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_in_one_language_throughout(folder: Path, kind: str) -> None:
    """Labels of files, facts and groups too. What identifies a file or a source stays as it is:
    where the figures come from (`dd`), citations with an address, the name of an assumptions
    file."""
    words = [str(folder / word) if word.endswith(".yaml") else word for word in KINDS[kind]]
    halves = split_languages(write_report(folder, *words))
    texts = {lang: list(_list_texts(half)) for lang, half in halves.items()}
    assert len(texts["zh"]) == len(texts["en"]) > 30
    assert [text for text in texts["en"] if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)] == []
    assert [text for text in texts["zh"] if re.search(r"[A-Za-z_]{2}", text)] == []


def _list_texts(half: str) -> Iterator[str]:
    half = re.sub(r"<dd>.*?</dd>", "", half, flags=re.DOTALL)
    for text in re.findall(r">([^<>]+)<", half) + re.findall(r'aria-label="([^"]*)"', half):
        shown = unescape(text).replace("shanghai-years", "").strip()
        if shown and "http" not in shown:
            yield shown
