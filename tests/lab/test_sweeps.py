"""Very many variants at once: each counts as if it were alone."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from jifen.cities import load
from jifen.lab.population import People
from jifen.lab.scoring import score_people
from jifen.lab.sweeps.serialization import build_grid, find_frontier, list_variant_results, to_table
from jifen.lab.sweeps.sweep_loading import load_sweep
from jifen.lab.sweeps.sweeper import Sweeper, SweepResult, run_sweep
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import build_programs
from tests.measures import WITH_LINE, a_day
from tests.people.changed_policies import ON, SHANGHAI, Packed, change_policy

FILE = """language: "1"
sweep: degree-and-line
label: {zh: 学历与线, en: Degree and line}
policy: shanghai-points
vary:
  - {id: bachelor, label: {zh: 本科, en: Bachelor},
     paths: [indicators.education.choice.points.bachelor_with_degree], values: [60, 90]}
  - {id: line, label: {zh: 线, en: Line}, paths: [decision.lines.0.points],
     range: {from: 100, to: 130, step: 10}}
"""


def _assert_each_alone(people: People, policies: list[Policy], result: SweepResult) -> None:
    programs = build_programs(tuple(policy.rules_on(ON) for policy in policies))
    for number, program in enumerate(programs):
        (alone,) = score_people(people, [program], ON)
        assert result.reached[number].sum() == np.count_nonzero(alone.reached), number
        assert result.perhaps[number].sum() == np.count_nonzero(alone.perhaps), number


def _everything(k: int) -> dict[str, str]:
    points = "indicators__{}__condition__points"
    return {
        "decision__lines__0__points": str(100 + k % 30),
        "floor": str(-(k % 3)),
        "groups__tax_or_jobs__most": str(40 + k),
        "groups__bonus__most": str(90 + k % 7),
        "indicators__age__scale__bands__1__points": str(k % 20),
        "indicators__education__choice__points__bachelor": str(50 + k % 40),
        "indicators__insurance_years__per_unit__each": str(2 + k % 3),
        "indicators__investment_tax__per_unit__every": f"{60_000 + 5_000 * (k % 9)} yuan",
        "indicators__contribution_base__first_of__steps__1__points": str(100 + k),
        "indicators__detention__each_record__each": str(-30 - k),
        "conditions__insured_six_months__when": f"insured_months_last_12 >= {4 + k % 4}",
        points.format("fresh_graduate"): str(k % 12),
    }


def test_every_variant_counts_as_if_it_were_alone(packed: Packed) -> None:
    people = packed("shanghai", "2018", 3_000, unknown=0.01)
    policies = [change_policy(SHANGHAI, **_everything(k)) for k in range(70)]
    result = run_sweep(people, policies, ON, group="education")
    assert result.reached.sum() > 0
    assert result.perhaps.sum() > 0
    _assert_each_alone(people, policies, result)


def test_groups_and_sums_are_those_of_the_kernels(packed: Packed) -> None:
    people = packed("shanghai", "2018", 2_000, unknown=0.002)
    policies = [change_policy(SHANGHAI, **_everything(k)) for k in range(9)]
    programs = build_programs(tuple(policy.rules_on(ON) for policy in policies))
    counted = Sweeper(people, programs, ON, people.group_by("age:10"))
    quick, slow = counted.count_all(2, None), counted.score_one_by_one(1, None)
    for name in ("reached", "perhaps", "sums", "known", "usable"):
        assert np.array_equal(getattr(quick, name), getattr(slow, name)), name
    assert quick.perhaps.sum() > 0
    assert quick.known.sum() < 2_000


FINE = [("guangzhou", "2023")]
"""Measures of which an indicator has more steps than a sweep holds."""
MULTIPLIED = [("zhongshan", "2014")]
SWEPT = [one for one in WITH_LINE if one not in (*FINE, *MULTIPLIED)]


@pytest.mark.parametrize(("city", "version"), FINE)
def test_an_indicator_of_very_many_steps_is_named(packed: Packed, city: str, version: str) -> None:
    policy = load(city, version)
    lines = [change_policy(policy, decision__lines__0__points=str(5 * k)) for k in range(2)]
    with pytest.raises(TableError, match=r"the indicator 'patents' has .* different cases"):
        run_sweep(packed(city, version, 50, conduct=False), lines, a_day(policy))


def test_a_measure_that_multiplies_a_total_is_refused_in_words(packed: Packed) -> None:
    policy = load("zhongshan", "2014")
    lines = [change_policy(policy, decision__lines__0__points=str(5 * k)) for k in range(2)]
    with pytest.raises(TableError, match="multiplies a total, which a sweep does not do"):
        run_sweep(packed("zhongshan", "2014", 50, conduct=False), lines, a_day(policy))


@pytest.mark.parametrize(("city", "version"), SWEPT)
def test_every_measure_can_be_swept(packed: Packed, city: str, version: str) -> None:
    """Chengdu 2018 has hundredths: its points leave 16 bits, and it is scored one by one."""
    policy = load(city, version)
    on = a_day(policy)
    people = packed(city, version, 500, conduct=False)
    lines = [change_policy(policy, decision__lines__0__points=str(5 * k)) for k in range(5)]
    result = run_sweep(people, lines, on)
    programs = build_programs(tuple(one.rules_on(on) for one in lines))
    for number, program in enumerate(programs):
        (alone,) = score_people(people, [program], on)
        assert result.reached[number].sum() == np.count_nonzero(alone.reached)


def test_one_variant_and_no_people(packed: Packed) -> None:
    assert run_sweep(packed("shanghai", "2018", 0), [SHANGHAI], ON).reached.tolist() == [[0]]


def test_variants_that_add_an_indicator_are_refused(packed: Packed) -> None:
    with pytest.raises(TableError, match="differ in figures only"):
        run_sweep(
            packed("shanghai", "2018", 5),
            [SHANGHAI, change_policy(SHANGHAI, indicators__age="null")],
            ON,
        )


def _load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "sweep.yaml"
    path.write_text(text, encoding="utf-8")
    return load_sweep(path, SHANGHAI)


def test_a_grid_has_every_combination_and_a_frontier(packed: Packed, tmp_path: Path) -> None:
    path = tmp_path / "sweep.yaml"
    path.write_text(FILE, encoding="utf-8")
    plan = load_sweep(path, SHANGHAI)
    people = packed("shanghai", "2018", 1_500, conduct=False)
    result = run_sweep(people, list(plan.list_variants(SHANGHAI)), ON)
    found = list_variant_results(plan, result)
    assert [one.values for one in found][:3] == [("60", "100"), ("60", "110"), ("60", "120")]
    assert len(found) == 8
    cells = build_grid(plan, result_variants := found)
    assert cells is not None
    assert cells.shape == (2, 4)
    assert (np.diff(cells, axis=1) <= 0).all()  # a higher line admits no more people
    best = find_frontier(result_variants)
    for one, other in pairwise(best):
        assert other.mean > one.mean
        assert other.reached >= one.reached
    assert to_table(plan, result).num_rows == 8


def test_lists_run_side_by_side(tmp_path: Path) -> None:
    text = FILE.replace("vary:", "mode: list\nvary:").replace(
        "values: [60, 90]", "values: [1, 2, 3, 4]"
    )
    path = tmp_path / "sweep.yaml"
    path.write_text(text, encoding="utf-8")
    assert list(load_sweep(path, SHANGHAI).list_choices()) == [(0, 0), (1, 1), (2, 2), (3, 3)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("values: [60, 90]", "note: x", "JF-P0"),
        ("step: 10", "step: 0", "a range from 100 to 130 by 0"),
        ("to: 130", "to: 90", "a range from 100 to 90"),
        ("vary:", "mode: list\nvary:", "lists of 2, 4 values side by side"),
        ("to: 130, step: 10", "to: 100000, step: 1", "a range from"),
        ("shanghai-points", "chengdu-points", "JF-P034"),
    ],
)
def test_a_faulty_sweep_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    with pytest.raises(PolicyError, match=words) as caught:
        _load(tmp_path, FILE.replace(old, new))
    assert "sweep.yaml:" in str(caught.value)
