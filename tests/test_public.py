"""`import jifen`: the names that it promises, cheap to load, with values a reader can use."""

import doctest
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow.compute as pc
import pytest

import jifen
from jifen.facts import FactsError
from jifen.policy.fault import PolicyError
from tests.people.notebook_tables import read_html_tables

GUIDE = Path(__file__).parent.parent / "docs" / "python.md"
FACTS = {"birth_date": "1990-05-01", "permit_valid": True, "education": "bachelor_with_degree"}
DAY = "2025-06-01"
MUST_WAIT = ("yaml", "jinja2", "numpy", "pyarrow", "llvmlite", "django", "jifen.policy")


def test_the_examples_of_the_guide_are_true() -> None:
    options = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    failed, tried = doctest.testfile(str(GUIDE), module_relative=False, optionflags=options)
    assert (failed, tried > 12) == (0, True)


def modules_after(code: str) -> set[str]:
    """What a fresh interpreter has loaded after some code."""
    shown = f"{code}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_jifen_loads_nothing_that_is_not_asked_for() -> None:
    assert modules_after("import jifen").isdisjoint(MUST_WAIT)


def test_one_person_is_scored_without_arrays_and_without_the_office() -> None:
    loaded = modules_after(f"import jifen; jifen.assess('shanghai', {FACTS!r}, {DAY!r})")
    assert loaded.isdisjoint({"numpy", "pyarrow", "llvmlite", "django"})


def test_the_questions_about_many_people_wait_until_they_are_asked() -> None:
    names = "jifen.years, jifen.rake, jifen.uncertainty, jifen.Population, jifen.route, jifen.run"
    loaded = modules_after(f"import jifen; {names}")
    assert "jifen.public_people" in loaded
    assert loaded.isdisjoint({"numpy", "pyarrow", "llvmlite", "django", "jifen.lab"})
    assert modules_after("import jifen; jifen.assess").isdisjoint({"jifen.public_people"})


def test_every_name_is_there_and_documented() -> None:
    assert set(jifen.__all__) <= set(dir(jifen))
    for name in jifen.__all__:
        value = getattr(jifen, name)
        assert name in ("__version__", "Absent") or value.__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'asess'"):
        _ = jifen.asess


def test_days_are_dates_or_text_and_measures_are_names_or_policies() -> None:
    policy = jifen.load("shanghai", "2018")
    by_name = jifen.assess("shanghai", FACTS, DAY)
    by_version = jifen.assess("shanghai@2018", FACTS, date(2025, 6, 1))
    by_policy = jifen.assess(policy, FACTS, DAY)
    assert by_name.to_dict() == by_version.to_dict() == by_policy.to_dict()
    assert jifen.in_force("shanghai", DAY) is policy


def test_an_absent_fact_is_one_that_is_left_out() -> None:
    told = jifen.assess("shanghai", {**FACTS, "title": jifen.Absent}, DAY)
    assert told.to_dict() == jifen.assess("shanghai", FACTS, DAY).to_dict()
    applies_not = jifen.assess("shanghai", {**FACTS, "average_annual_tax": None}, DAY)
    assert "average_annual_tax" in told.missing
    assert "average_annual_tax" not in applies_not.missing


def test_points_are_decimals_also_where_the_measure_has_tenths() -> None:
    facts = {"birth_date": "1985-01-01", "qualification": "senior_title"}
    result = jifen.assess("chengdu@2018", facts, "2019-06-01")
    assert result.rules.precision == 1
    for line in result.lines:
        assert [type(end) for end in line.bounds] == [Decimal, Decimal]
        assert line.bounds == (result.points(line.scaled_low), result.points(line.scaled_high))
    scaled = sum(line.scaled_low for line in result.lines if line.scaled_low > 0)
    assert scaled >= 100, "so that a tenth taken for a point would show"
    assert (
        sum(line.bounds[0] for line in result.lines if line.scaled_low > 0) == Decimal(scaled) / 10
    )


def test_what_a_reader_prints_is_short() -> None:
    answer = jifen.plan("shanghai", FACTS, DAY, years=1, moves=1)
    result = answer.today
    both = jifen.compare(["shanghai", "chengdu"], FACTS, DAY)
    for value in (result, result.rules, result.lines[0], result.lines[0].indicator, both, answer):
        assert len(repr(value)) < 400, repr(value)
    assert "reached: None" in repr(result)
    assert repr(result.line("age")) == "<LineResult age: 30 points>"


def test_an_assessment_shows_its_lines_in_a_notebook_and_as_a_table() -> None:
    both = jifen.compare(["shanghai", "chengdu@2018"], FACTS, DAY)
    for result, shown in zip(both.assessments, read_html_tables(both._repr_html_()), strict=True):
        ids = [line.indicator.id for line in result.lines]
        assert [row[0] for row in shown[1:]] == ids
        frame = pl.DataFrame(result)
        assert frame["id"].to_list() == ids
        ends = list(zip(frame["least"], frame["most"], strict=True))
        assert ends == [line.bounds for line in result.lines]
    age = both.assessments[0].to_arrow().filter(pc.field("id") == "age").to_pylist()[0]
    assert (age["label_zh"], age["least"], age["most"]) == ("年龄", 30, 30)


def test_a_plan_by_a_version_holds_for_every_day() -> None:
    by_city = jifen.plan("chengdu", {}, "2019-06-01", years=3, moves=1)
    by_version = jifen.plan("chengdu@2018", {}, "2019-06-01", years=3, moves=1)
    assert {step.version for step in by_city.forecast.steps} > {"2018"}
    assert {step.version for step in by_version.forecast.steps} == {"2018"}


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: jifen.load("shangai", "2018"), PolicyError, "write 'shanghai'"),
        (lambda: jifen.load("shanghai", "1999"), PolicyError, "one of: 2013, 2015, 2018"),
        (lambda: jifen.assess("shanghai", {}, "1999-01-01"), jifen.NotInForce, "2013-07-01"),
        (lambda: jifen.assess("shanghai", {}, "1.6.2025"), ValueError, "write YYYY-MM-DD"),
        (
            lambda: jifen.assess("shanghai", {"education": "masters"}, DAY, lang="en"),
            FactsError,
            "Did you mean master",
        ),
        (
            lambda: jifen.plan("shanghai", {}, DAY, months={"collage": 3}, lang="en"),
            PolicyError,
            "college",
        ),
    ],
)
def test_an_error_says_what_to_do(
    call: Callable[[], object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        call()
