"""Nothing is simulated unchecked: reforms, sweeps and projections are held to the static checks."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from jifen.cities import load
from jifen.cli.app import app
from jifen.lab.proposals import check_proposals, check_sweep, list_checked_variants
from jifen.lab.reforms import load_reform
from jifen.lab.reforms.cases import find_changed_cases
from jifen.lab.sweeps.sweep_loading import load_sweep
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from tests.people.changed_policies import ON, SHANGHAI, change_policy
from tests.people.tables import build_table

RUNNER = CliRunner()
HEAD = 'language: "1"\nlabel: {zh: 试, en: Try}\npolicy: shanghai-points\n'
GAP = "indicators.age.scale.bands.1: {from: 56, to: 58, points: 5}"
OVERLAP = "indicators.age.scale.bands.1: {from: 30, to: 60, points: 5}"
EXPECTED = (
    "indicators.insurance_years.expect_non_decreasing_in: [insured_months]",
    "indicators.insurance_years.per_unit.each: -3",
)
LOW_LINE = "decision.lines.0.points: -5"
FINE = "indicators.investment_tax.per_unit.most: null"
SOUND = "indicators.education.choice.points.master: 90"


def _reform(folder: Path, *change: str) -> Path:
    path = folder / "try.yaml"
    lines = "".join(f"  {line}\n" for line in change)
    path.write_text(f"{HEAD}reform: try\nchange:\n{lines}", encoding="utf-8")
    return path


def _load(folder: Path, *change: str) -> Policy:
    return load_reform(_reform(folder, *change), SHANGHAI)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ([GAP], "JF-C101", "no band of 'age' for 59 to 60 years of age"),
        ([OVERLAP], "JF-C102", "30 to 55 years of age ('age') in band 1 and in band 2"),
        (EXPECTED, "JF-C109", "3 points fewer"),
        ([LOW_LINE], "JF-C120", "a line of -5 points"),
        ([FINE], "JF-L006", "'investment_tax' gives too many different points"),
    ],
    ids=["gap", "overlap", "expectation", "line below 0", "uncapped money"],
)
def test_what_the_checks_call_an_error_is_not_simulated(
    tmp_path: Path, change: list[str], code: str, words: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        check_proposals([_load(tmp_path, *change)], [ON])
    fault = next(fault for fault in caught.value.faults if fault.code == code)
    assert words in fault.found
    # the fault stands in the reform's own file and quotes the reform's own line
    lines = (tmp_path / "try.yaml").read_text(encoding="utf-8").splitlines()
    assert fault.place.file == "try.yaml"
    assert fault.line_text == lines[fault.place.line - 1]
    assert fault.in_language("zh").found != fault.found


def test_a_fault_in_a_reform_quotes_the_text_of_the_reform(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        check_proposals([_load(tmp_path, GAP)], [ON])
    (fault, *_) = (fault for fault in caught.value.faults if fault.code == "JF-C101")
    assert str(fault.place) == "try.yaml:6:33"
    assert fault.line_text == f"  {GAP}"


def test_a_sound_reform_has_no_faults_and_keeps_those_of_its_measure_apart(tmp_path: Path) -> None:
    assert check_proposals([_load(tmp_path, SOUND)], [ON]).faults == ()


def test_a_warning_is_shown_and_refuses_nothing(tmp_path: Path) -> None:
    checked = check_proposals([_load(tmp_path, "groups.tax_or_jobs.most: 5000")], [ON])
    assert {fault.code for fault in checked.faults} == {"JF-C104"}
    assert {fault.severity for fault in checked.faults} == {"warning"}


def test_a_reform_is_checked_on_the_days_that_are_simulated(tmp_path: Path) -> None:
    """Where it leads nowhere on another day, that day is not asked."""
    reform = _load(tmp_path, SOUND)
    assert check_proposals([reform], [date(2019, 1, 1), ON, date(2030, 1, 1)]).faults == ()


# ---------------------------------------------------------------- sweeps


def _sweep(folder: Path, *vary: str, mode: str = "grid") -> Path:
    lines = "".join(f"  - {line}\n" for line in vary)
    path = folder / "sweep.yaml"
    path.write_text(f"{HEAD}sweep: try\nmode: {mode}\nvary:\n{lines}", encoding="utf-8")
    return path


def _varied(ident: str, path: str, values: str) -> str:
    return f"{{id: {ident}, label: {{zh: 值, en: Value}}, paths: [{path}], {values}}}"


AGE = "indicators.age.scale.bands"


def test_figures_of_one_indicator_are_checked_together_and_others_alone(tmp_path: Path) -> None:
    plan = load_sweep(
        _sweep(
            tmp_path,
            _varied("to", f"{AGE}.0.to", "values: [54, 55, 56]"),
            _varied("from", f"{AGE}.1.from", "values: [56, 57]"),
            _varied("line", "decision.lines.0.points", "range: {from: 100, to: 130, step: 1}"),
        ),
        SHANGHAI,
    )
    shapes = list_checked_variants(plan, SHANGHAI)
    assert len(shapes) == 3 * 2 + 31 - 1  # of 186 variants
    with pytest.raises(PolicyError) as caught:
        check_sweep(plan, SHANGHAI, ON)
    assert {fault.code for fault in caught.value.faults} == {"JF-C101", "JF-C102"}
    assert {fault.place.file for fault in caught.value.faults} == {"sweep.yaml"}


def test_one_faulty_value_of_many_refuses_the_sweep(tmp_path: Path) -> None:
    values = "range: {from: -5, to: 130, step: 5}"
    vary = _varied("line", "decision.lines.0.points", values)
    plan = load_sweep(_sweep(tmp_path, vary), SHANGHAI)
    with pytest.raises(PolicyError, match="a line of -5 points"):
        check_sweep(plan, SHANGHAI, ON)
    assert check_sweep(plan, SHANGHAI, ON, unchecked=True).unchecked


def test_values_side_by_side_are_checked_as_they_are_used(tmp_path: Path) -> None:
    vary = (
        _varied("to", f"{AGE}.0.to", "values: [55, 54]"),
        _varied("from", f"{AGE}.1.from", "values: [56, 55]"),
    )
    plan = load_sweep(_sweep(tmp_path, *vary, mode="list"), SHANGHAI)
    assert check_sweep(plan, SHANGHAI, ON).faults == ()


# ---------------------------------------------------------------- the commands


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few people."""
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    pq.write_table(build_table(SHANGHAI.rules_on(ON), 300, 5, conduct=False), path)
    return path


def _run(*words: Any) -> Result:
    return RUNNER.invoke(app, ["lab", *map(str, words), "--on", ON.isoformat()])


def _commands(folder: Path, people: Path, change: str) -> dict[str, list[Any]]:
    path, _, value = change.partition(": ")
    sweep = _sweep(folder, _varied("value", path, f"values: [{value}]"))
    reform = _reform(folder, change)
    return {
        "reform": ["reform", "shanghai", people, "--reform", reform],
        "sweep": ["sweep", "shanghai", people, sweep],
        "years": ["years", "shanghai", people, "--years", "1", "--reform", reform],
    }


@pytest.mark.parametrize("command", ["reform", "sweep", "years"])
def test_every_command_refuses_faulty_rules_in_the_reader_s_language(
    tmp_path: Path, people: Path, command: str
) -> None:
    words = _commands(tmp_path, people, LOW_LINE)[command]
    english = _run(*words, "--lang", "en")
    assert english.exit_code == 2
    assert english.stdout == ""
    assert "JF-C120 error" in english.stderr
    assert "found:    a line of -5 points" in english.stderr
    chinese = _run(*words)
    assert chinese.exit_code == 2
    assert "JF-C120 错误" in chinese.stderr
    assert "现为：分数线 -5 分" in chinese.stderr
    assert "found:" not in chinese.stderr


@pytest.mark.parametrize("command", ["reform", "sweep", "years"])
def test_unchecked_rules_are_simulated_and_every_output_says_so(
    tmp_path: Path, people: Path, command: str
) -> None:
    words = [*_commands(tmp_path, people, LOW_LINE)[command], "--unchecked"]
    page, out = tmp_path / "page.html", tmp_path / "out"
    text = _run(*words, "--lang", "en", "--html", page, "-o", out)
    assert text.exit_code == 0, text.output
    assert "Unchecked: these rules failed the static checks" in text.stdout
    assert "JF-C120 error" in text.stderr
    assert "未经检查" in page.read_text(encoding="utf-8")
    tables = sorted(out.glob("*.parquet"))
    assert tables
    for table in tables:
        assert "unchecked" in pq.read_table(table).column_names, table.name
    said = json.loads(_run(*words, "--json").stdout)
    assert said["unchecked"] is True
    assert [fault["code"] for fault in said["faults"]] == ["JF-C120"]


@pytest.mark.parametrize("command", ["reform", "sweep", "years"])
def test_checked_rules_are_not_called_unchecked(tmp_path: Path, people: Path, command: str) -> None:
    words = _commands(tmp_path, people, SOUND)[command]
    said = json.loads(_run(*words, "--json").stdout)
    assert (said["unchecked"], said["faults"]) == (False, [])
    assert "Unchecked" not in _run(*words, "--lang", "en").stdout


def test_rules_that_cannot_be_built_are_refused_unchecked_too(tmp_path: Path, people: Path) -> None:
    words = _commands(tmp_path, people, "indicators.education.choice.points.mastre: 90")["reform"]
    result = _run(*words, "--unchecked", "--lang", "en")
    assert result.exit_code == 2
    assert "JF-P024" in result.stderr or "JF-P020" in result.stderr
    assert "try.yaml:6:" in result.stderr


# ---------------------------------------------------------------- worked cases


def test_the_worked_cases_that_a_reform_changes_are_listed_with_before_and_after(
    tmp_path: Path, people: Path
) -> None:
    reform = _load(tmp_path, SOUND)
    changes = find_changed_cases(SHANGHAI, reform)
    assert changes
    for one in changes:
        assert one.before != one.after
    words = _commands(tmp_path, people, SOUND)["reform"]
    out = tmp_path / "out"
    text = _run(*words, "--lang", "en", "-o", out, "--format", "csv").stdout
    said = json.loads(_run(*words, "--json").stdout)["reforms"][0]["cases"]
    assert [one["case"] for one in said] == [one.id for one in changes]
    assert set(said[0]) == {"case", "label", "before", "after"}
    assert set(said[0]["before"]) == {"least", "most", "reached"}
    rows = pa_csv.read_csv(out / "reform_cases.csv").to_pylist()
    assert [row["case"] for row in rows] == [one.id for one in changes]
    first = changes[0]
    line = f"{first.id}: {first.before.describe_outcome().en} → {first.after.describe_outcome().en}"
    assert line in text
    page = tmp_path / "page.html"
    _run(*words, "--html", page)
    assert f"{first.id}：{first.label.zh}" in page.read_text(encoding="utf-8")


def test_a_reform_of_the_line_changes_who_reaches_it_in_the_cases() -> None:
    stricter = change_policy(SHANGHAI, decision__lines__0__points="10000")
    for one in find_changed_cases(SHANGHAI, stricter):
        assert (one.before.least, one.before.most) == (one.after.least, one.after.most)
        assert one.after.reached is not True


def test_a_ranking_that_a_reform_turns_round_is_a_changed_case() -> None:
    policy = load("chengdu", "2018")
    same = change_policy(policy, decision__lines__0__points="1")
    assert all(one.before.order == one.after.order for one in find_changed_cases(policy, same))
