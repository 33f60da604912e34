"""`jifen route` as its users meet it: words, JSON, exit statuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from jifen.cli.app import app

ME = """
birth_date: 1985-03-14
permit_valid: true
employed_and_insured: true
education: college
study_mode: full_time
title: none
contributions:
  - {from: 2021-07, to: 2025-06, base: 9000, status: paid}
entrepreneur: false
startup_intermediary: false
shortage_major: false
fresh_graduate: false
average_annual_tax: null
average_local_staff: null
public_service_months: 0
outer_suburb_area: null
award: none
spouse_local_months: null
false_material_dates: []
detention_dates: [2021-09-10]
ordinary_crime_dates: []
serious_crime: false
family_planning_breach: false
"""


@pytest.fixture
def me(tmp_path: Path) -> Path:
    path = tmp_path / "me.yaml"
    path.write_text(ME, "utf-8")
    return path


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["route", *map(str, arguments)])


def _json(*arguments: object) -> Any:
    result = _run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_forecast_names_each_day_and_its_reason(me: Path) -> None:
    said = _run("shanghai", "--on", "2025-06-01", "--facts", me, "--lang", "en").stdout
    assert "not reached until 2035-06-01" in said
    assert "2026-09-10  ✗ 95" in said
    assert "Administrative detention -50 → 0 (Detentions in the last 5 years 1 → 0" in said
    assert "2029-03-14  ✗ 100" in said
    assert "Age 30 → 29 (Age 43 → 44" in said


def test_the_earliest_route_is_named_with_what_it_hangs_on(me: Path) -> None:
    found = _json("shanghai", "--on", "2025-06-01", "--facts", me)
    assert found["schema"] == "jifen.route.v1"
    assert found["first"] == "shanghai"
    (city,) = found["cities"]
    route = city["routes"][0]
    assert [move["id"] for move in route["moves"]] == ["intermediate", "base_1x"]
    # the title is there on 2026-06-01, the base has then been paid for a year: what is waited for
    # is the old detention, which leaves its five years on 2026-09-10
    assert (route["reached_on"], route["usual_on"]) == ("2026-09-10", "2027-06-01")
    assert route["hangs_on"] == ["intermediate"]
    assert route["cost"] is None
    assert city["forecast"]["reached_on"] is None
    assert city["bound"] is None


def test_moves_can_be_ruled_out_and_given_other_durations_and_costs(me: Path) -> None:
    found = _json(
        "shanghai", "--on", "2025-06-01", "--facts", me, "--without", "intermediate",
        "--without", "base_3x", "--takes", "bachelor=24", "--costs", "bachelor=12000",
    )  # fmt: skip
    route = found["cities"][0]["routes"][0]
    assert [move["id"] for move in route["moves"]] == ["bachelor"]
    assert (route["reached_on"], route["cost"]) == ("2027-06-01", 12000)


def test_impossible_is_said_with_its_bound(me: Path) -> None:
    without = [w for m in ("bachelor", "intermediate", "base_3x") for w in ("--without", m)]
    said = _run(
        "shanghai", "--on", "2025-06-01", "--facts", me, "--years", "1", "--lang", "en", *without
    ).stdout
    assert "impossible within 1 years: any set of moves" in said
    assert "come no nearer than 45 points (on 2026-06-01), the line is 120" in said


@pytest.mark.parametrize(
    "changed", [("serious_crime: false", "serious_crime: true"), ("college", "doctor")]
)
def test_whatever_the_outcome_every_move_that_is_offered_is_listed(
    me: Path, changed: tuple[str, str]
) -> None:
    me.write_text(ME.replace(*changed), "utf-8")
    asked = ("shanghai", "--on", "2025-06-01", "--facts", me, "--costs", "lingang=15000")
    (city,) = _json(*asked)["cities"]
    offered = [move for move in city["moves"] if move["status"] == "offered"]
    assert offered
    said = _run(*asked, "--lang", "en").stdout
    shown = said[said.index("Moves that are offered") :].splitlines()[1:]
    assert len(shown) == len(offered)
    for move, line in zip(offered, shown, strict=True):
        cost = "cost unknown" if move["cost"] is None else f"{move['cost']:,} yuan"
        assert f"({move['id']}) " in line
        assert f"{move['shortest']}–{move['usual']} months" in line
        assert cost in line
        assert f"[{move['confidence']}]" in line


def test_chinese_words_name_missing_facts_as_the_page_does(me: Path) -> None:
    me.write_text(ME.replace("title: none\n", "").replace("award: none\n", ""), "utf-8")
    said = _run("shanghai", "--on", "2025-06-01", "--facts", me).stdout
    assert "还缺：职称或技能等级 (title), 表彰奖励 (award)" in said
    assert "能否取得高级工（三级），还缺：职称或技能等级 (title)" in said


def test_a_person_at_the_line_gets_the_risks(me: Path) -> None:
    me.write_text(
        ME.replace("education: college", "education: master").replace("[2021-09-10]", "[]")
    )
    (city,) = _json("shanghai", "--on", "2025-06-01", "--facts", me)["cities"]
    assert city["reached"] is True
    assert city["routes"] is None
    assert city["risks"]["contributions_stop"]["lost_on"] == "2025-07-01"


def test_missing_facts_leave_it_open_and_are_named(me: Path) -> None:
    me.write_text(ME.replace("title: none\n", "").replace("award: none\n", ""))
    found = _json("shanghai", "--on", "2025-06-01", "--facts", me)
    city = found["cities"][0]
    assert city["missing"] == ["title", "award"]
    # an award gives up to 110 points: today it cannot be ruled out
    assert city["forecast"]["perhaps_on"] == "2025-06-01"
    assert city["forecast"]["reached_on"] is None
    standing = {move["id"]: move for move in city["moves"]}
    assert standing["level_4"]["status"] == "unknown"
    assert standing["level_4"]["missing"] == ["title"]


def test_several_cities_side_by_side(me: Path) -> None:
    found = _json("shanghai", "chengdu", "--on", "2025-06-01", "--facts", me)
    assert [city["city"] for city in found["cities"]] == ["shanghai", "chengdu"]
    said = _run("shanghai", "chengdu", "--on", "2025-06-01", "--facts", me, "--lang", "en").stdout
    assert "The line is reached first:\n  shanghai     2026-09-10  Intermediate prof" in said
    assert "taken as being of each city in turn" in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--without", "bachlor"], "JF-H011", "Did you mean bachelor?"),
        (["--years", "31"], "JF-H010", "from 1 to 30 years"),
        (["--moves", "9"], "JF-H010", "from 1 to 5 at once"),
        (["--takes", "bachelor=999"], "JF-H012", "from 0 to 360 months"),
        (["--costs", "bachelor=-5"], "JF-H012", "from 0 to 100,000,000 yuan"),
        (["--takes", "bachelor=soon"], "", "not a number of months, such as 12"),
        (["--takes", "bachelor"], "", "not of the form MOVE=MONTHS"),
        (["--pays", "lots"], "", "a multiple of the average wage"),
        (["--lang", "fr"], "", "write zh or en"),
        (["--reading", "none=such"], "JF-P025", "unknown"),
    ],
)
def test_bad_wishes_name_the_place_and_the_remedy(
    me: Path, arguments: list[str], code: str, words: str
) -> None:
    result = _run("shanghai", "--on", "2025-06-01", "--facts", me, "--lang", "en", *arguments)
    assert result.exit_code == 2
    assert code in result.stderr
    assert words in result.stderr


def test_a_move_that_no_city_knows_is_refused_with_several_too(me: Path) -> None:
    names = ("shanghai", "chengdu")
    asked = ("--on", "2025-06-01", "--facts", me, "--without", "bachlor", "--takes", "charty=3")
    result = _run(*names, *asked)
    assert result.exit_code == 2
    assert "未知的步骤“bachlor”" in result.stderr
    assert "可能想写 bachelor。" in result.stderr
    # a move of the second city only
    assert "可能想写 charity。" in result.stderr
    one_s_own = _run(*names, "--on", "2025-06-01", "--facts", me, "--without", "charity")
    assert one_s_own.exit_code == 0


def test_bad_facts_are_told_as_for_the_assessment(me: Path) -> None:
    me.write_text("education: masters\n")
    result = _run("shanghai", "--on", "2025-06-01", "--facts", me, "--lang", "en")
    assert result.exit_code == 2
    assert "JF-F002" in result.stderr
    assert "Did you mean master?" in result.stderr
    assert _run("shanghai", "--on", "2010-01-01", "--facts", me).exit_code == 3
    assert _run("shanghai", "--on", "soon", "--facts", me).exit_code == 2
    assert _run("atlantis", "--on", "2025-06-01", "--facts", me).exit_code == 2


def test_what_decides_on_the_earliest_day_is_asked_and_answered(me: Path) -> None:
    me.write_text(ME.replace("award: none\n", "").replace("[2021-09-10]", "[]"), "utf-8")
    asked = ("shanghai", "--on", "2025-06-01", "--facts", me)
    found = _json(*asked)["cities"][0]["earliest"]
    assert (found["best"], found["worst"], found["exact"]) == ("2025-06-01", "2026-06-01", False)
    (question,) = found["decided_by"]
    assert question["id"] == "award"
    assert question["question"] == "在沪工作期间获得的最高表彰？"
    assert question["answers"].startswith("none, special, comprehensive, provincial")
    said = _run(*asked).stdout
    assert "最早：最好 2025-06-01，最迟 2026-06-01，取决于（写进文件，或用 --fact 回答）：" in said
    assert "? 可能 2025-06-01" in said
    english = _run(*asked, "--lang", "en").stdout
    assert "Earliest: 2025-06-01 at best, 2026-06-01 at worst by these answers" in english
    assert "(award: none, special, comprehensive, provincial; null where it does not" in english
    answered = _json(*asked, "--fact", "award=none")["cities"][0]
    assert answered["earliest"]["exact"]
    assert answered["earliest"]["best"] == "2026-06-01"
    assert answered["open_routes"] == []


def test_a_fact_on_the_command_line_is_examined_as_one_in_the_file(me: Path) -> None:
    result = _run("shanghai", "--on", "2025-06-01", "--facts", me, "--fact", "award=nonne")
    assert result.exit_code == 2
    assert "--fact:1:1: JF-F002" in result.output
    assert "发现" in result.output or "nonne" in result.output
    shapeless = _run("shanghai", "--on", "2025-06-01", "--facts", me, "--fact", "award")
    assert shapeless.exit_code == 2
    assert "--fact: 'award' is not of the form FACT=VALUE" in shapeless.output
