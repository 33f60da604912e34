"""A run, a quota and a comparison against counting by hand with the plain evaluator."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jifen.cities import load
from jifen.cli.app import app
from jifen.lab.analysis import analyse_people, compare_side_by_side, find_threshold_for_quota
from jifen.lab.analysis.quota_serialization import format_quota
from jifen.lab.analysis.run_serialization import format_run, run_to_dict, run_to_tables
from jifen.lab.analysis.side_by_side_serialization import format_side_by_side
from jifen.lab.people import draw_people as synthetic
from jifen.lab.people import load_margins
from jifen.lab.population import open_packed, pack_people
from jifen.policy.model import Rules
from jifen.policy.policy import Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from jifen.scoring import assess
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.scorer import score_population
from tests.measures import VERSIONS, a_day
from tests.people.changed_policies import ON, SHANGHAI, Packed
from tests.people.tables import build_table

PEOPLE = 300


def _rows(rules: Rules, **how: Any) -> list[dict[str, Any]]:
    rows = build_table(rules, PEOPLE, 7, **how).to_pylist()
    return [{k: v for k, v in row.items() if v is not None and k != "person"} for row in rows]


@pytest.mark.parametrize(("city", "version"), VERSIONS)
def test_a_run_counts_what_assess_says(packed: Packed, city: str, version: str) -> None:
    policy = load(city, version)
    on = a_day(policy)
    result = analyse_people(packed(city, version, PEOPLE), policy, on)
    found = [assess(policy, row, on) for row in _rows(policy.rules_on(on))]
    assert result.known == PEOPLE
    reached, admissible = result.reached, result.admissible
    assert reached.surely == reached.at_most == sum(one.reached is True for one in found)
    assert admissible.surely == sum(bool(one.eligible) and not one.vetoed for one in found)
    totals = sorted(float(one.total) for one in found if one.total is not None)
    assert result.mean == pytest.approx(float(np.mean(totals)))
    median = result.find_quantile(0.5)
    assert median is not None
    assert float(result.program.unscale_points(median)) == totals[PEOPLE // 2 - 1]
    for one in result.parts.indicators:
        lines = [a.line(one.id) for a in found]
        assert one.sum == sum(line.scaled_low for line in lines), one.id
        assert one.people == sum(line.scaled_low != 0 for line in lines), one.id
    for failed in result.parts.failed:
        not_met = [
            [c.requirement.id for c in a.conditions if c.met is False]
            + [veto.id for veto, stands in a.vetoes if stands]
            for a in found
        ]
        assert failed.people == sum(failed.id in ids for ids in not_met)
        assert failed.alone == sum(ids == [failed.id] for ids in not_met)


def test_one_birthday_is_everybody_a_year_older(packed: Packed) -> None:
    result = analyse_people(packed("shanghai", "2018", PEOPLE, conduct=False), SHANGHAI, ON)
    loses = 0
    for row in _rows(SHANGHAI.rules_on(ON), conduct=False):
        older = row | {"age": min(row["age"] + 1, 120)}
        loses += bool(assess(SHANGHAI, row, ON).reached) and not assess(SHANGHAI, older, ON).reached
    assert result.near.loses_by_birthday == loses


def test_one_step_of_a_choice_is_any_other_answer(packed: Packed) -> None:
    result = analyse_people(packed("shanghai", "2018", PEOPLE, conduct=False), SHANGHAI, ON)
    answers = SHANGHAI.vocabulary["education"].ids
    near = sum(
        not assess(SHANGHAI, row, ON).reached
        and any(assess(SHANGHAI, row | {"education": a}, ON).reached for a in answers)
        for row in _rows(SHANGHAI.rules_on(ON), conduct=False)
    )
    steps = {step.fact: step.people for step in result.near.steps}
    assert steps.get("education", 0) == near


def test_unknown_people_are_in_the_class_that_is_sure_or_open(packed: Packed) -> None:
    people = packed("shanghai", "2018", PEOPLE, unknown=0.05, conduct=False)
    result = analyse_people(people, SHANGHAI, ON, groups=["education"])
    found = [
        assess(SHANGHAI, row, ON)
        for row in _rows(SHANGHAI.rules_on(ON), unknown=0.05, conduct=False)
    ]
    surely = sum(one.reached is True for one in found)
    maybe = sum(one.reached is not False for one in found)
    # what assess settles although a fact is absent may stay open here, never the other way
    assert 0 < result.reached.surely <= surely
    assert result.reached.at_most >= maybe > surely
    (group,) = result.groups
    assert group.people.sum() == PEOPLE == result.reached.people
    assert group.reached.sum() == result.reached.surely
    assert group.perhaps.sum() == result.reached.perhaps
    assert group.known.sum() == result.known < PEOPLE


def test_a_quota_has_the_lowest_line_that_does_not_admit_more(packed: Packed) -> None:
    people = packed("shanghai", "2018", PEOPLE, conduct=False)
    found = [assess(SHANGHAI, row, ON) for row in _rows(SHANGHAI.rules_on(ON), conduct=False)]
    totals = sorted((int(a.total or 0) for a in found if a.eligible and not a.vetoed), reverse=True)
    for wanted in (1, 10, len(totals) // 2, len(totals), 10_000):
        result = find_threshold_for_quota(people, SHANGHAI, ON, wanted)
        assert result.is_certain
        line, admitted = result.line.line, result.line.least
        assert admitted == result.line.most == sum(t >= line for t in totals) <= wanted
        assert sum(t >= line - 1 for t in totals) > wanted or admitted == len(totals)
        if result.next_line is not None:
            assert result.ties == totals.count(result.next_line.line)
            assert result.next_line.least > wanted


def test_a_ranked_measure_ranks_by_its_tie_keys(packed: Packed) -> None:
    policy = load("chengdu", "2018")
    on = a_day(policy)
    people = packed("chengdu", "2018", PEOPLE, conduct=False)
    keys = []
    for row in _rows(policy.rules_on(on), conduct=False):
        one = assess(policy, row, on)
        if one.eligible and not one.vetoed:
            ties = [row.get(tie.fact) or 0 for tie in policy.rules_on(on).decision.ties]
            keys.append((one.total, *ties))
    keys.sort(reverse=True)
    wanted = max(len(keys) // 3, 1)
    result = find_threshold_for_quota(people, policy, on, wanted)
    assert result.ranked == sum(key >= keys[wanted - 1] for key in keys)


def test_a_quota_is_no_line_of_totals_where_places_have_quotas(packed: Packed) -> None:
    by_total = {"decision.ranked_by": parse_yaml("[total]", "test")}
    zhongshan = load("zhongshan", "2014").apply_reform(Reform("test", Text("试", "test"), by_total))
    with pytest.raises(TableError, match="fills the quotas of places first"):
        find_threshold_for_quota(packed("zhongshan", "2014", 5), zhongshan, date(2016, 4, 1), 10)


def test_a_quota_of_nobody_makes_no_sense(packed: Packed) -> None:
    with pytest.raises(TableError, match="must be above 0"):
        find_threshold_for_quota(packed("shanghai", "2018", 5), SHANGHAI, ON, 0)


def test_versions_side_by_side(tmp_path: Path) -> None:
    table = synthetic(load_margins("shanghai"), PEOPLE, 3)
    pq.write_table(table, tmp_path / "p.parquet")
    pack_people(SHANGHAI.vocabulary, tmp_path / "p.parquet", tmp_path / "p", counting_day=ON)
    people = open_packed(tmp_path / "p", SHANGHAI.vocabulary)
    policies = [load("shanghai", version) for version in ("2015", "2018")]
    result = compare_side_by_side([people, people], policies, ON)
    assert result.columns[0].on == policies[0].until  # it ended: asked on its last day
    reached = []
    for policy, column in zip(policies, result.columns, strict=True):
        scored = score_population(policy, table, on=column.on).column("reached").to_numpy()
        reached.append(scored)
        assert column.reached.surely == column.reached.at_most == scored.sum()
    for both, only in (
        (result.both.least, result.only.least),
        (result.both.most, result.only.most),
    ):
        assert both[0, 1] == (reached[0] & reached[1]).sum()
        assert only[1, 0] == (reached[1] & ~reached[0]).sum()
    assert result.none.least == result.none.most == (~(reached[0] | reached[1])).sum()
    assert "reach none" in format_side_by_side(result, "en")


def test_what_is_told_has_every_part(packed: Packed) -> None:
    result = analyse_people(
        packed("shanghai", "2018", PEOPLE), SHANGHAI, ON, groups=["education", "age:10"]
    )
    assert run_to_dict(result)["groups"]["education"]
    assert set(run_to_tables(result)) >= {
        "run_totals",
        "run_groups",
        "run_indicators",
        "run_conditions",
    }
    for lang in ("zh", "en"):
        assert "120" in format_run(result, lang)
    quota = find_threshold_for_quota(packed("shanghai", "2018", PEOPLE), SHANGHAI, ON, 5)
    assert "5" in format_quota(quota, "zh")


RUNS = [
    ["run", "shanghai", "{p}", "--by", "education", "--html", "{d}/r.html", "-o", "{d}/t"],
    ["quota", "shanghai", "{p}", "--admit", "20"],
    ["compare", "{p}", "shanghai@2015", "shanghai"],
    ["reform", "shanghai", "{p}", "--reform", "{d}/r.yaml", "--html", "{d}/r.html"],
    ["sweep", "shanghai", "{p}", "{d}/s.yaml", "--html", "{d}/r.html", "-o", "{d}/t"],
    ["years", "shanghai", "{p}", "--years", "2", "--html", "{d}/r.html"],
]


@pytest.mark.parametrize("words", RUNS, ids=lambda words: words[0])
@pytest.mark.parametrize("end", [["--json"], ["--lang", "en"]])
def test_every_command_of_the_lab(tmp_path: Path, words: list[str], end: list[str]) -> None:
    """On a synthetic population, from the file itself; each says that it is synthetic."""
    people = tmp_path / "p.parquet"
    made = ["lab", "people", "shanghai", "-n", "2000", "-o", str(people)]
    assert CliRunner().invoke(app, made).exit_code == 0
    change = "change: {indicators.award: null}\n"
    head = 'language: "1"\nlabel: {zh: 试, en: Try}\npolicy: shanghai-points\n'
    (tmp_path / "r.yaml").write_text(f"{head}reform: try\n{change}", encoding="utf-8")
    label = "{zh: 线, en: Line}"
    vary = f"{{id: line, label: {label}, paths: [decision.lines.0.points], values: [100, 120]}}"
    (tmp_path / "s.yaml").write_text(f"{head}sweep: try\nvary: [{vary}]\n", encoding="utf-8")
    filled = [w.replace("{p}", str(people)).replace("{d}", str(tmp_path)) for w in words]
    done = CliRunner().invoke(app, ["lab", *filled, "--on", "2025-06-01", *end])
    assert done.exit_code == 0, done.output
    assert "synthetic" in done.output.lower()
    page = tmp_path / "r.html"
    if "--html" in words:
        html = page.read_text(encoding="utf-8")
        assert "合成人口" in html
        assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in html


@pytest.mark.parametrize("words", RUNS, ids=lambda words: words[0])
def test_a_missing_file_and_a_day_without_a_measure(tmp_path: Path, words: list[str]) -> None:
    filled = [
        w.replace("{p}", str(tmp_path / "no.parquet")).replace("{d}", str(tmp_path)) for w in words
    ]
    lost = CliRunner().invoke(app, ["lab", *filled, "--on", "2025-06-01"])
    assert lost.exit_code == 2
    early = CliRunner().invoke(app, ["lab", *filled, "--on", "2001-06-01"])
    assert early.exit_code in (2, 3)
    assert not list(tmp_path.iterdir())
