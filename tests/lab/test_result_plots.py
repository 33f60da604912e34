"""What the answers of the library draw, and the page that they write."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

import jifen
from jifen.charts import Bars, HeatMap
from jifen.cli.app import app
from jifen.lab.library import Result
from jifen.lab.people import draw_people, load_margins

ON = date(2025, 6, 1)
LESS = {"indicators.education.choice.points.master": 60}
GRID = {
    "decision.lines.0.points": [100, 120],
    "indicators.education.choice.points.master": [60, 100],
}


@pytest.fixture(scope="module")
def people() -> jifen.Population:  # type: ignore[valid-type] # it makes a class of the lab
    drawn = draw_people(load_margins("shanghai"), 4_000, 7)
    return jifen.Population("shanghai", drawn, ON, by=["district"])


@pytest.fixture(scope="module")
def answers(people: Any) -> dict[str, Result]:
    made = [
        jifen.run("shanghai", people, ON, by=["education"]),
        jifen.quota("shanghai", people, ON, admit=300),
        jifen.reform("shanghai", people, ON, LESS, by=["education"]),
        jifen.sweep("shanghai", people, ON, GRID),
        jifen.years("shanghai", people, ON, years=1),
        jifen.rake("shanghai", people, ON),
        jifen.uncertainty("shanghai", people, ON, draws=4),
        jifen.fairness("shanghai", people, ON, LESS, by=["district"]),
    ]
    return {answer.name: answer for answer in made}


def test_every_answer_is_drawn_in_both_languages(answers: dict[str, Result]) -> None:
    for name, answer in answers.items():
        assert answer.plots, name
        for number, title in enumerate(answer.plots):
            english = answer.plot(number, "en")
            assert english.title == title
            assert answer.plot(title, "en").to_svg() == english.to_svg()
            assert answer.plot(answer.plot(number).title).title == answer.plot(number).title
        assert "<svg" in answer._repr_html_()
        assert len(repr(answer)) < 120


def test_a_plot_that_is_not_there_is_refused_with_those_that_are(
    answers: dict[str, Result],
) -> None:
    with pytest.raises(KeyError, match="there are: 0: People admitted by each line"):
        answers["quota"].plot("people")
    with pytest.raises(KeyError, match="no plot 0; there are: none"):
        Result("empty", {}, {}, lambda _: "").plot()


def test_a_plot_has_the_figures_of_the_tables(answers: dict[str, Result]) -> None:
    quota = answers["quota"].plot().chart
    assert isinstance(quota, Bars)
    frame = pl.DataFrame(answers["quota"].to_arrow("around")).sort("line")
    assert list(quota.series[0].values) == frame["admitted_least"].to_list()
    sweep = answers["sweep"].plot().chart
    assert isinstance(sweep, HeatMap)
    flat = [value for row in sweep.values for value in row]
    assert flat == pl.DataFrame(answers["sweep"])["reached_surely"].to_list()
    fitted = answers["rake"].plot("Education: the share of each part", "en")
    shares = pl.DataFrame(answers["rake"].to_arrow("shares")).filter(margin="education")
    assert [row[1] for row in fitted.to_table().rows] == [
        f"{100 * share:g}" for share in shares["asked"]
    ]


def test_tables_have_what_their_ids_are_called(answers: dict[str, Result]) -> None:
    [age] = pl.DataFrame(answers["run"].to_arrow("run_indicators")).filter(id="age").to_dicts()
    assert (age["label_zh"], age["label_en"]) == ("年龄", "Age")
    for name, table in (("run", "run_groups"), ("reform", "reform_groups")):
        groups = pl.DataFrame(answers[name].to_arrow(table)).filter(by="education")
        named = {row["group_id"]: (row["group_zh"], row["group"]) for row in groups.to_dicts()}
        assert named["master"] == ("硕士研究生学历学位", "Master's graduation and degree"), name
    parts = pl.DataFrame(answers["uncertainty"].to_arrow("parts"))
    assert {"label_zh", "label_en"} <= set(parts.columns)


def test_a_report_is_that_of_the_command_and_opens_in_the_asked_language(
    answers: dict[str, Result], people: Any, tmp_path: Path
) -> None:
    for name, answer in answers.items():
        if name == "rake":
            continue
        page = answer.save_report(tmp_path / f"{name}.html", "en").read_text(encoding="utf-8")
        assert page.lstrip().startswith('<!doctype html>\n<html lang="en">')
        assert 'id="to-en" checked' in page
        assert 'id="to-zh" checked' in answer.to_html()
    with pytest.raises(ValueError, match="rake has no report"):
        answers["rake"].to_html("en")


def test_the_command_writes_a_quota_as_a_page_in_its_language(people: Any, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    file, html = tmp_path / "people.parquet", tmp_path / "quota.html"
    pq.write_table(people.to_arrow(), file)
    words = ["lab", "quota", "shanghai", str(file), "--on", str(ON), "--admit", "300"]
    done = CliRunner().invoke(app, [*words, "--html", str(html), "--lang", "en"])
    assert done.exit_code == 0, done.output
    page = html.read_text(encoding="utf-8")
    assert "<title>Shanghai residence-permit points, from 2018: a line for a quota</title>" in page
    found = jifen.quota("shanghai", people, ON, admit=300)
    assert f"For 300 people: the line {found['line']:g} admits" in page
    assert f"{found['line']:g} (this quota)" in page
    assert f"{found['line']:g} 分（本名额）" in page


def test_score_takes_what_a_population_gives(people: Any) -> None:
    scored = jifen.score("shanghai", people, ON)
    assert scored.equals(jifen.score_population("shanghai", people.to_arrow(), ON))
    run = jifen.run("shanghai", people, ON)
    assert sum(scored.column("reached").to_pylist()) == run["reached"]["surely"]
