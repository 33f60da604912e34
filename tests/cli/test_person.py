"""`jifen assess` and `jifen compare` as a user or a program runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

GOOD = """\
birth_date: 1990-05-01
permit_valid: true
employed_and_insured: true
insured_months: 36
insured_months_last_12: 12
education: bachelor_with_degree
study_mode: full_time
title: none
base_08x_months_last_48: 0
base_1x_months_last_48: 0
base_2x_months_last_48: 0
base_3x_months_last_36: 0
entrepreneur: false
startup_intermediary: false
shortage_major: false
fresh_graduate: false
average_annual_tax: 0
average_local_staff: 0
public_service_months: 0
outer_suburb_months: 0
award: none
spouse_local_months: null
false_material_dates: []
detention_dates: []
ordinary_crime_dates: []
serious_crime: false
"""


def jifen(*arguments: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
    raw = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "jifen", *arguments],
        input=raw,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def assess(facts: str | bytes, *more: str, city: str = "shanghai", on: str = "2025-06-01") -> Any:
    return jifen("assess", city, "--on", on, "--facts", "-", *more, stdin=facts)


def test_the_json_is_that_of_the_contract() -> None:
    done = assess(GOOD, "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    result = json.loads(done.stdout)
    assert list(result) == [
        "schema",
        "policy",
        "version",
        "policy_hash",
        "on",
        "eligible",
        "conditions",
        "vetoed",
        "total",
        "bounds",
        "threshold",
        "reached",
        "missing",
        "unused",
        "lines",
        "presumed",
        "standing",
    ]
    assert result["presumed"] == {"bounds": [129, 129], "facts": {}}
    assert result["standing"]["state"] == "reached"
    assert (result["standing"]["number"], result["standing"]["over"]) == (129, 9)
    assert result["schema"] == "jifen.assessment.v1"
    assert result["policy"] == "shanghai-points"
    assert result["version"] == "2018"
    assert result["policy_hash"].startswith("sha256:")
    assert (result["eligible"], result["vetoed"], result["reached"]) == (True, False, True)
    assert (result["total"], result["bounds"], result["threshold"]) == (129, [129, 129], 120)
    assert set(result["conditions"][0]) == {"id", "met", "clause", "label"}
    age = next(line for line in result["lines"] if line["id"] == "age")
    assert set(age) == {
        "id",
        "label",
        "points",
        "bounds",
        "counted",
        "group",
        "facts",
        "rule",
        "clause",
        "confidence",
    }
    assert (age["label"], age["points"], age["facts"]) == ("年龄", 30, {"age": 35})
    title = next(line for line in result["lines"] if line["id"] == "title")
    assert title["counted"] is False


def test_missing_facts_widen_the_bounds_and_are_listed() -> None:
    partial = "".join(line for line in GOOD.splitlines(True) if not line.startswith("title"))
    result = json.loads(assess(partial, "--json").stdout)
    assert result["total"] is None
    assert result["bounds"] == [129, 179]
    assert result["missing"] == ["title", "base_1x_months_last_12"]
    assert result["reached"] is True


def test_unused_facts_are_accepted_and_listed() -> None:
    result = json.loads(assess(GOOD, "--json", "--version", "2013").stdout)
    assert set(result["unused"]) >= {"entrepreneur", "startup_intermediary"}


def test_json_input_and_a_file_work_as_well(tmp_path: Path) -> None:
    import yaml

    path = tmp_path / "me.json"
    facts = yaml.safe_load(GOOD) | {"birth_date": "1990-05-01"}
    path.write_text(json.dumps(facts, indent="\t"), encoding="utf-8")
    done = jifen("assess", "shanghai", "--on", "2025-06-01", "--facts", str(path), "--json")
    assert json.loads(done.stdout)["total"] == 129


def test_tenths_are_written_without_binary_noise() -> None:
    facts = "income_tax_last_year: 35300\n"
    done = assess(facts, "--json", city="chengdu", on="2019-06-15")
    line = next(x for x in json.loads(done.stdout)["lines"] if "income_tax" in str(x["facts"]))
    assert line["points"] == 7
    facts = "income_tax_last_year: 11300\n"
    done = assess(facts, "--json", city="chengdu", on="2019-06-15")
    line = next(x for x in json.loads(done.stdout)["lines"] if "income_tax" in str(x["facts"]))
    assert '"points": 2.2' in json.dumps(line)


def test_the_text_says_total_verdict_reasons_and_purpose() -> None:
    done = assess(GOOD)
    assert "总分  129" in done.stdout
    assert "结果  达到 120 分线，高出 9 分；申请条件全部满足。" in done.stdout
    assert "年龄 35 周岁" in done.stdout
    assert "不等于落户" in done.stdout
    english = assess(GOOD, "--lang", "en")
    assert "Total  129" in english.stdout
    assert "not household registration" in english.stdout


def test_derived_facts_are_shown_month_by_month() -> None:
    facts = "contributions:\n  - {from: 2024-06, to: 2025-05, base: 13000, status: paid}\n"
    done = assess(facts, "--months", "--lang", "en")
    assert "insured_months) = 12" in done.stdout
    assert "2024-06 ✓ 13000 ≥ 1 × 12183" in done.stdout


def test_warnings_go_to_stderr_and_the_result_stays_whole() -> None:
    done = assess(GOOD + "family_planning_breach: true\n", "--json", "--lang", "en")
    assert done.returncode == 0
    assert "no longer a veto" in done.stderr
    assert json.loads(done.stdout)["reached"] is True
    veto = ("--reading", "family_planning_after_2021=veto")
    done = assess(GOOD + "family_planning_breach: true\n", "--json", *veto)
    assert json.loads(done.stdout)["vetoed"] is True
    assert json.loads(done.stdout)["reached"] is False


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ("insured_month: 3\n", "insured_months"),
        ("education: masters\n", "master"),
        ("insured_months: -3\n", "<stdin>:1:1"),
        ("insured_months: 2.5\n", "整数"),
        ("birth_date: 2030-01-01\n", "2030-01-01"),
        ("birth_date: 1990-02-30\n", "1990-02-30"),
        ("insured_months: 约12个月\n", "约12个月"),
        ("a: [1, 2\n", "JF-P001"),
        ('{"a": 1]', "JSON"),
        ('{"title": "none", "title": "none"}', "title"),
        ("title: none\ntitle: senior\n", "JF-P005"),
        ("- 1\n- 2\n", "JF-F050"),
        ("", "JF-F050"),
        ("just words\n", "JF-F050"),
        ("a: &x 1\nb: *x\n", "JF-P006"),
        ("a: " + "[" * 5000 + "]" * 5000, "JF-P004"),
        ('{"a":' * 50_000, "JSON"),
        ("\ttitle: none\n", "JF-P001"),
        (b"title: \xff\xfe\n", "UTF-8"),
        (b"title: none\x00\n", "JF-P001"),
        (b"#" + b"x" * 2_100_000, "JF-P003"),
        ("title: 1\n---\ntitle: 2\n", "JF-P001"),
        ("detention_dates: soon\n", "detention_dates"),
        ("contributions: {from: 2024-01}\n", "contributions"),
        ("permit: true\n", "permit"),
        ("identity_number: 123\n", "identity_number"),
    ],
)
def test_bad_facts_end_with_2_a_message_and_no_traceback(facts: str | bytes, words: str) -> None:
    done = assess(facts)
    assert done.returncode == 2, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr) < 6_000


def test_all_faults_of_a_file_come_in_one_run() -> None:
    done = assess("insured_months: -3\neducation: x\ntitl: none\n")
    assert "<stdin>:1:1" in done.stderr
    assert "<stdin>:2:1" in done.stderr
    assert "<stdin>:3:1" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("assess",),
        ("assess", "shanghai"),
        ("assess", "shanghai", "--on", "2025-13-01", "--facts", "-"),
        ("assess", "shanghai", "--on", "today", "--facts", "-"),
        ("assess", "shangai", "--on", "2025-06-01", "--facts", "-"),
        ("assess", "shanghai", "--on", "2025-06-01", "--facts", "-", "--version", "1999"),
        ("assess", "shanghai", "--on", "2025-06-01", "--facts", "/nowhere/me.yaml"),
        ("assess", "shanghai", "--on", "2025-06-01", "--facts", "/"),
        ("assess", "shanghai", "--on", "2025-06-01", "--facts", "-", "--reading", "x=y"),
        ("assess", "shanghai", "--on", "2025-06-01", "--facts", "-", "--bogus"),
        ("compare", "shanghai@1", "--on", "2025-06-01", "--facts", "-"),
        ("nonsense",),
        ("policy", "show", "atlantis"),
        ("policy", "diff", "shanghai", "2015", "1999"),
    ],
)
def test_bad_usage_ends_with_2_and_no_traceback(arguments: tuple[str, ...]) -> None:
    done = jifen(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip() or done.stdout.strip()


def test_a_mistyped_city_brings_the_nearest_one() -> None:
    asked = ("assess", "shangai", "--on", "2025-06-01", "--facts", "-")
    assert "write 'shanghai'" in jifen(*asked, "--lang", "en").stderr
    chinese = jifen(*asked).stderr
    assert "写成“shanghai”" in chinese
    assert "未知的城市“shangai”" in chinese


@pytest.mark.parametrize(("city", "on"), [("shanghai", "2013-06-30"), ("chengdu", "2020-03-01")])
def test_no_policy_in_force_ends_with_3_and_says_which_there_are(city: str, on: str) -> None:
    done = assess(GOOD, city=city, on=on)
    assert done.returncode == 3
    assert "no policy" in done.stderr
    assert "2018" in done.stderr


@pytest.mark.parametrize(
    ("city", "on", "version"),
    [
        ("shanghai", "2013-07-01", "2013"),
        ("shanghai", "2015-06-30", "2013"),
        ("shanghai", "2015-07-01", "2015"),
        ("shanghai", "2017-12-31", "2015"),
        ("shanghai", "2018-01-01", "2018"),
        ("chengdu", "2019-12-31", "2018"),
        ("chengdu", "2020-08-28", "2020"),
        ("chengdu", "2024-02-19", "2020"),
        ("chengdu", "2024-02-20", "2024"),
    ],
)
def test_the_version_in_force_on_the_day_is_taken(city: str, on: str, version: str) -> None:
    done = assess("birth_date: 1980-01-01\n", "--json", city=city, on=on)
    assert json.loads(done.stdout)["version"] == version


def test_compare_sets_cities_and_versions_side_by_side() -> None:
    person = GOOD + "pension_months: 40\nmedical_months: 40\n"
    done = jifen(
        "compare",
        "shanghai",
        "shanghai@2013",
        "chengdu",
        "--on",
        "2025-06-01",
        "--facts",
        "-",
        "--json",
        stdin=person,
    )
    result = json.loads(done.stdout)
    assert result["schema"] == "jifen.comparison.v1"
    versions = [(a["policy"], a["version"]) for a in result["assessments"]]
    assert versions == [
        ("shanghai-points", "2018"),
        ("shanghai-points", "2013"),
        ("chengdu-points", "2024"),
    ]
    text = jifen(
        "compare", "shanghai", "chengdu", "--on", "2025-06-01", "--facts", "-", stdin=person
    )
    assert "shanghai 2018" in text.stdout
    assert "chengdu 2024" in text.stdout


def test_in_compare_an_id_outside_all_the_cities_named_is_an_error() -> None:
    person = GOOD + "pension_months: 40\n"
    arguments = ("--on", "2025-06-01", "--facts", "-")
    assert jifen("compare", "shanghai", *arguments, stdin=person).returncode == 2
    assert jifen("compare", "shanghai", "chengdu", *arguments, stdin=person).returncode == 0


def test_in_compare_an_answer_of_one_city_is_unknown_in_the_other() -> None:
    person = GOOD.replace("award: none", "award: comprehensive")
    done = jifen(
        "compare",
        "shanghai",
        "chengdu",
        "--on",
        "2025-06-01",
        "--facts",
        "-",
        "--json",
        stdin=person,
    )
    result = json.loads(done.stdout)
    assert result["set_aside"] == [[], ["award"]]
    assert "award" in result["assessments"][1]["missing"]


def test_cities_are_listed_for_people_and_programs() -> None:
    assert "上海" in jifen("cities").stdout
    listed = json.loads(jifen("cities", "--json").stdout)
    assert [city["city"] for city in listed][:2] == ["shanghai", "chengdu"]
    assert [v["version"] for v in listed[1]["versions"]] == ["2018", "2020", "2024"]


@pytest.mark.parametrize("command", ["assess", "compare", "cities", "serve", "policy"])
def test_every_command_has_help(command: str) -> None:
    done = jifen(command, "--help")
    assert done.returncode == 0
    assert "usage" in done.stdout.lower()


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    command = f"{sys.executable} -m jifen cities --json | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert b"Traceback" not in done.stderr


def test_a_file_that_cannot_be_read_is_told_in_the_reader_s_language() -> None:
    twice = "title: none\ntitle: senior\n"
    assert "键“title”重复出现" in assess(twice).stderr
    assert "the key 'title' a second time" in assess(twice, "--lang", "en").stderr


@pytest.mark.parametrize(
    "facts",
    [
        '{"insured_months": ' + "9" * 5000 + "}",
        '{"insured_months": 1e9999999999999999999999}',
        '{"insured_months": NaN}',
        "\n".join(f"k{n}: 1" for n in range(5_000)),
        "contributions: [" + "{from: 2024-01, to: 2024-02, a: 1, b: 2}, " * 500 + "]",
        "identity_number 510104199001011234\n",
        "birth_date: 510104199001011234\n",
        "510104199001011234: none\n",
        "identity_number: 510104199001011234: x\n",
        '{"ed\\u001b[31mu": 1}',
    ],
)
def test_a_hostile_file_costs_little_and_shows_no_identity_number(facts: str) -> None:
    done = assess(facts)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 60_000
    assert "199001011234" not in done.stderr
    assert "\x1b" not in done.stderr


def test_yaml_that_looks_like_json_is_yaml() -> None:
    result = json.loads(assess("{insured_months: 24, title: none}", "--json").stdout)
    line = next(x for x in result["lines"] if x["id"] == "insurance_years")
    assert line["points"] == 6


def test_a_closed_input_and_a_full_disk_are_told() -> None:
    head = f"{sys.executable} -m jifen assess shanghai --on 2025-06-01 --json --facts -"
    for command in (f"{head} <&-", f"echo 'title: none' | {head} > /dev/full"):
        done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)
        assert done.returncode == 2, command
        assert b"Traceback" not in done.stderr
        assert done.stderr


def test_compare_knows_the_facts_of_a_city_without_a_measure_on_that_day() -> None:
    arguments = ("--on", "2020-05-01", "--facts", "-", "--json")
    done = jifen("compare", "shanghai", "chengdu", *arguments, stdin="pension_months: 60\n")
    assert done.returncode == 0
    result = json.loads(done.stdout)
    assert result["not_in_force"] == ["chengdu"]
    assert result["assessments"][0]["unused"] == []


def test_compare_refuses_a_reading_that_nobody_has() -> None:
    arguments = ("--on", "2025-06-01", "--facts", "-", "--reading", "insurance_cont=continuous")
    done = jifen("compare", "shanghai", "chengdu", *arguments, stdin="title: none\n")
    assert done.returncode == 2
    assert "insurance_count" in done.stderr
