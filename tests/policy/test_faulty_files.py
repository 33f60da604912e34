"""One faulty file per fault; the words beside it (.txt) are what a reader is told, exactly."""

from pathlib import Path

import pytest

from jifen.policy.checks import CODES, find_unused_facts
from jifen.policy.checks.policy_file import check_file
from jifen.policy.fault import DocumentError
from jifen.policy.series_file import read_series
from jifen.policy.shapes import Sink
from jifen.policy.source import MAX_BYTES, decode_bytes, parse_yaml
from tests.policy.faults import HERE, faults_of, policy, told, vocabulary

FAULTY = sorted((HERE / "faulty").rglob("*.yaml"))
GOOD = sorted((HERE / "good").rglob("*.yaml"))
ELSEWHERE = {
    "JF-P002": "below: bytes that are not text",
    "JF-P003": "below: a file that is too large",
    "JF-P094": "test_series_tables: a table of a series",
    "JF-P034": "test_reforms: a reform of another measure",
    "JF-P040": "test_policy_cli: a city that is not known",
    "JF-P041": "test_policy_cli: a version that is not known",
    "JF-P042": "test_data: two cities whose numbers begin alike",
}


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_a_faulty_file_is_told_in_these_words(path: Path) -> None:
    assert told(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_a_faulty_file_has_the_fault_of_its_name(path: Path) -> None:
    if path.stem.startswith("JF-"):
        assert path.stem[:7] in {fault.code for fault in faults_of(path)}


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_check_is_silent_on_a_good_file(path: Path) -> None:
    about = path.stem[:7]
    faults = faults_of(path)
    assert about not in {fault.code for fault in faults} or about == "JF-C110"
    assert [fault for fault in faults if fault.severity != "info"] == []


def test_there_is_no_cliff_where_nothing_falls() -> None:
    assert faults_of(HERE / "good" / "JF-C110-no-cliff.yaml") == []


def test_every_code_has_a_faulty_file(codes_in_source: set[str]) -> None:
    shown = {path.stem[:7] for path in FAULTY} | set(ELSEWHERE)
    assert codes_in_source - shown == set()


def test_every_check_has_a_good_file_too() -> None:
    proved = {path.stem[:7] for path in GOOD}
    assert set(CODES) - proved - {"JF-C112"} == set()


def test_no_fact_is_unused_where_each_is_read() -> None:
    assert list(find_unused_facts([policy()])) == []


def test_all_faults_of_a_file_are_said_in_one_run() -> None:
    codes = [fault.code for fault in faults_of(HERE / "faulty" / "several-faults.yaml")]
    assert codes == ["JF-P016", "JF-P012", "JF-P019", "JF-P022", "JF-P025"]


def test_the_same_fault_on_several_days_is_said_once() -> None:
    found = faults_of(HERE / "faulty" / "JF-C101-gap.yaml")
    assert [fault.code for fault in found].count("JF-C101") == 1


def test_bytes_that_are_not_text_are_named() -> None:
    policy, faults = check_file(b"title: ok\nname: \xd6\xd0", "gbk.yaml", vocabulary(), ())
    assert policy is None
    assert str(faults[0]).splitlines()[0] == "gbk.yaml:2:7: JF-P002 error"
    assert faults[0].found == "the byte 0xd6, which is not UTF-8"


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(DocumentError) as caught:
        decode_bytes(b" " * (MAX_BYTES + 1), "huge.yaml")
    assert caught.value.faults[0].code == "JF-P003"


def test_a_series_whose_stretches_overlap_is_refused() -> None:
    text = """series:
  - id: average-wage
    label: {zh: 工资, en: Wage}
    unit: yuan
    steps:
      - {from: 2020-01, to: 2020-12, value: 9000, confidence: likely}
      - {from: 2020-12, to: 2021-12, value: 9500, confidence: likely}
"""
    sink = Sink(tuple(text.splitlines()))
    read_series(parse_yaml(text, "series.yaml"), sink)
    assert [(f.code, f.place.line) for f in sink.faults] == [("JF-P029", 7)]


def test_every_faulty_file_is_told_in_chinese_too() -> None:
    """The whole list as its readers see it, so that the words are reviewed as prose."""
    printed = [
        f"{fault.in_language('zh')}\n"
        for path in FAULTY
        for fault in faults_of(path)
        if fault.severity != "info" or fault.code == path.stem[:7]
    ]
    expected = HERE / "printed" / "faults.zh.txt"
    assert "\n".join(printed) == expected.read_text(encoding="utf-8")


def test_a_fault_goes_from_one_language_to_the_other_and_back() -> None:
    english = next(
        f for f in faults_of(HERE / "faulty" / "JF-C101-gap.yaml") if f.code == "JF-C101"
    )
    chinese = english.in_language("zh")
    assert str(chinese).splitlines()[0].endswith("JF-C101 错误，位于指标“age”")
    assert chinese.found == "“age”的各档都不含 40 周岁"
    assert str(chinese.in_language("en")) == str(english)
