"""Measures of other countries, by the paths of their folders: every command takes them."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from jifen.cities import load
from jifen.cities.city_files import read_city
from jifen.cli.app import app
from jifen.policy.catalogue import LANGS
from jifen.policy.diff import find_difference
from jifen.policy.policy import Reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text
from tests.measures import a_day

FOLDER = Path(__file__).parents[2] / "examples" / "policies"
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_passes_every_check_and_runs_its_cases(name: str) -> None:
    result = run("policy", "check", str(FOLDER / name))
    assert result.exit_code == 0, result.output
    assert "\n0 errors, " in result.output
    assert " worked cases run" in result.output


def test_the_places_of_a_table_are_told_in_both_languages() -> None:
    rules = load(read_city(FOLDER / "japan"), "hsp").rules_on(date(2025, 6, 1))
    pay = rules.find_indicator("pay_by_age").mechanism
    chinese, english = (pay.describe_rule(rules.vocabulary, lang) for lang in LANGS)
    assert "年薪：9,000,000 至不到 10,000,000 日元：0 至不到 30 周岁：35 分" in chinese
    assert "9,000,000 to under 10,000,000 yen: 0 to under 30 years of age: 35 points" in english


def test_a_person_and_a_spouse_are_scored_by_path(tmp_path: Path) -> None:
    facts = tmp_path / "me.yaml"
    facts.write_text(
        "programme: cec\nspouse: coming\nage: 30\nfirst_language: english\n"
        "partner: {education: master, listening: 9}\n",
        encoding="utf-8",
    )
    result = run(
        "assess", str(FOLDER / "canada"), "--on", "2025-06-01", "--facts", str(facts), "--json"
    )
    assert result.exit_code == 0, result.output
    lines = {line["id"]: line for line in json.loads(result.output)["lines"]}
    assert lines["age"]["points"] == 95
    assert lines["spouse_education"]["points"] == 10
    assert lines["spouse_language"]["bounds"] == [5, 20]


def test_a_table_of_people_has_a_column_for_each_fact_of_the_spouse(tmp_path: Path) -> None:
    people = pa.table(
        {
            "age": [29, 29],
            "visa": ["v189", "v189"],
            "partner_status": ["other", "none"],
            "partner_age": [44, None],
            "partner_english": ["competent", None],
        }
    )
    pq.write_table(people, tmp_path / "people.parquet")
    out = tmp_path / "scored.parquet"
    place, on = str(FOLDER / "australia"), ("--on", "2025-06-01")
    names = read_names("australia") - {*people.column_names}
    assume = [word for name in sorted(names) for word in ("--assume", f"{name}=unknown")]
    result = run("score", place, str(tmp_path / "people.parquet"), *on, *assume, "-o", str(out))
    assert result.exit_code == 0, result.output
    scored = pq.read_table(out)
    assert scored["total_least"].to_pylist() == [30 + 5, 30 + 10]


def read_names(name: str) -> set[str]:
    city = read_city(FOLDER / name)
    policy = load(city, city.versions[-1].version)
    return set(policy.rules_on(a_day(policy)).used)


def test_a_change_of_a_table_is_told_with_the_points_that_differ() -> None:
    policy = load(read_city(FOLDER / "japan"), "hsp")
    path = "indicators.pay_by_age.table.points"
    cells = [[0] * 4, [15, 15, 0, 0], *[[20, 20, 20, 0]] * 5]
    node = parse_yaml(f"value: {json.dumps(cells)}").mapping["value"]
    changed = policy.apply_reform(Reform("less", Text("少", "Less"), {path: node}))
    told = json.dumps(find_difference(policy, changed).to_dict("en"))
    assert "Pay by age" in told
    assert '"before": 40, "after": 0' in told
