"""What a reader of a faulty sweep or assumptions file sees."""

import re
from pathlib import Path

import pytest

from jifen.lab.people.margins_file import HERE, read_margins
from jifen.lab.sweeps.sweep_loading import load_sweep
from jifen.policy.fault import PolicyError
from tests.lab.years.projecting import document
from tests.lab.years.projecting import read as read_assumptions
from tests.people.changed_policies import SHANGHAI

SWEEP = """language: "1"
sweep: degree-and-line
label: {zh: 学历与线, en: Degree and line}
policy: shanghai-points
vary:
  - {id: bachelor, label: {zh: 本科, en: Bachelor},
     paths: [indicators.education.choice.points.bachelor_with_degree], values: [60, 90]}
  - {id: line, label: {zh: 线, en: Line}, paths: [decision.lines.0.points],
     range: {from: 100, to: 130, step: 10}}
"""


@pytest.mark.parametrize(
    ("old", "new", "found", "expected", "remedy"),
    [
        (
            "values: [60, 90]",
            "values: [60], range: {from: 1, to: 2, step: 1}",
            "values and range for 'bachelor'",
            "either 'values' or 'range'",
            "keep one of the two",
        ),
        (
            ", values: [60, 90]",
            "",
            "neither values nor range for 'bachelor'",
            "either 'values' or 'range'",
            "keep one of the two",
        ),
        (
            "to: 130",
            "to: 90",
            "a range from 100 to 90 by 10",
            "a step above 0 that leads from the first to the last value",
            "exchange the ends or correct the step",
        ),
        (
            "vary:",
            "mode: list\nvary:",
            "lists of 2, 4 values side by side",
            "lists of one length",
            "give every figure as many values, or write 'mode: grid'",
        ),
        (
            "to: 130, step: 10",
            "to: 20000, step: 1",
            "39,802 variants",
            "at most 20,000",
            "take fewer values or a larger step",
        ),
    ],
)
def test_values_that_no_sweep_can_take_are_told_with_what_to_do(
    tmp_path: Path, old: str, new: str, found: str, expected: str, remedy: str
) -> None:
    path = tmp_path / "sweep.yaml"
    path.write_text(SWEEP.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_sweep(path, SHANGHAI)
    words = str(caught.value)
    assert "sweep.yaml:" in words
    assert "JF-L005 error" in words
    assert f"found:    {found}\n" in words
    assert f"expected: {expected}\n" in words
    assert f"do:       {remedy}" in words


def test_the_assumptions_of_another_city_name_both_and_what_to_write() -> None:
    with pytest.raises(PolicyError) as caught:
        read_assumptions(document("chengdu"), "shanghai")
    words = str(caught.value)
    assert "trial.yaml:3:" in words
    assert "JF-Y006 error" in words
    assert "found:    assumptions for 'chengdu'\n" in words
    assert "expected: 'shanghai', whose people are projected\n" in words
    assert "do:       write 'city: shanghai', or give the file of that city" in words


CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_faults_of_the_lab_are_wholly_in_chinese_for_a_chinese_reader(tmp_path: Path) -> None:
    path = tmp_path / "sweep.yaml"
    path.write_text(SWEEP.replace("to: 130", "to: 90", 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_sweep(path, SHANGHAI)
    words = caught.value.to_text("zh")
    assert "sweep.yaml:9:13: JF-L005 错误\n" in words
    assert "现为：从 100 到 90、步长 10 的范围\n" in words
    assert "应为：大于 0、能从首值走到末值的步长\n" in words
    assert "处理：交换两端或更正步长" in words
    with pytest.raises(PolicyError) as other:
        read_assumptions(document("chengdu"), "shanghai")
    chinese = other.value.to_text("zh")
    assert "现为：“chengdu”的假设\n" in chinese
    assert "found:" not in chinese


def test_a_margins_file_is_told_in_both_languages(tmp_path: Path) -> None:
    text = (HERE / "shanghai.yaml").read_text(encoding="utf-8")
    path = tmp_path / "margins.yaml"
    path.write_text(text.replace("follows: {score: ", "follows: {score: x", 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_margins(path)
    (fault, *_) = caught.value.faults
    assert fault.code == "JF-L003"
    assert fault.found.startswith("the unknown score 'x")
    assert fault.in_language("zh").found.startswith("未知的得分“x")
