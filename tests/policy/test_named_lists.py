"""Named lists of answers, and limits that follow a dated figure."""

from datetime import date
from decimal import Decimal

import pytest

from jifen.policy.checks.context import list_boundaries
from jifen.policy.fault import PolicyError
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.policy_reader import read_policy
from jifen.policy.series_file import read_series
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from jifen.scoring import assess
from tests.policy.faults import HERE, MINIMAL, changed

LISTS = """lists:
  - {id: higher, of: education, answers: [college, bachelor], confidence: likely}
groups:
"""
SERIES = """series:
  - id: average-wage
    label: {zh: 平均工资, en: Average wage}
    unit: yuan
    steps:
      - {from: 2020-01, to: 2020-12, value: 8000, confidence: likely}
      - {from: 2021-01, to: 2021-12, value: 9000, confidence: likely}
"""
TAX = "  - {id: income, type: yuan, always_applies: true, label: {zh: 收入, en: Income}}\n"
INDICATOR = """indicators:
  - id: extra
    label: {zh: 附加, en: Extra}
    group: basic
    condition: {when: "%s", points: 5}
    confidence: likely
"""


def _with_condition(when: str, lists: str = LISTS) -> Policy:
    return changed(("groups:\n", lists), ("indicators:\n", INDICATOR % when))


def _extra(policy: Policy, on: date, **facts: object) -> Decimal:
    result = assess(policy, facts, on)
    return next(line for line in result.lines if line.indicator.id == "extra").bounds[0]


def test_a_condition_names_a_list_of_answers() -> None:
    named, written = (
        _with_condition("education in higher and age >= 18"),
        _with_condition("education in [college, bachelor] and age >= 18"),
    )
    rules: list[Rules] = [policy.rules_on(policy.since) for policy in (named, written)]
    assert rules[0].find_indicator("extra").mechanism.list_rows(rules[0].vocabulary) == (
        rules[1].find_indicator("extra").mechanism.list_rows(rules[1].vocabulary)
    )
    assert _extra(named, named.since, education="bachelor", age=30) == 5
    assert _extra(named, named.since, education="none", age=30) == 0


def test_an_overlay_changes_who_is_in_a_list_from_day_to_day() -> None:
    policy = changed(
        ("groups:\n", LISTS),
        ("indicators:\n", INDICATOR % "education in higher"),
        (
            "change: {indicators.age.scale.bands.1.points: 45}",
            "change: {lists.higher.answers: [bachelor]}",
        ),
    )
    assert _extra(policy, date(2021, 12, 31), education="college") == 5
    assert _extra(policy, date(2022, 1, 1), education="college") == 0
    assert _extra(policy, date(2023, 1, 1), education="college") == 5


@pytest.mark.parametrize(
    ("when", "lists", "code", "words"),
    [
        ("education in highest", LISTS, "JF-P018", "a list of the version: higher"),
        ("age in higher", LISTS, "JF-P028", "age"),
        ("age >= 2", LISTS.replace("college, bachelor", "college, master"), "JF-P020", "master"),
        ("age >= 2", LISTS.replace("college, b", "bachelor, b"), "JF-P093", "'bachelor' twice"),
        ("age >= 2 * average-wage", LISTS, "JF-P018", "a figure by that day: none"),
        ("age >= 2 * ", LISTS, "JF-P018", "a figure by that day: none"),
    ],
)
def test_a_faulty_list_or_multiple_is_told(when: str, lists: str, code: str, words: str) -> None:
    policy = _with_condition(when, lists)
    with pytest.raises(PolicyError) as error:
        policy.rules_on(policy.since)
    fault = next(fault for fault in error.value.faults if fault.code == code)
    assert words in f"{fault.found} {fault.expected}"


def _policy_with_wages(when: str = "income >= 12 * average-wage") -> Policy:
    sink = Sink()
    series = read_series(parse_yaml(SERIES), sink)
    facts = (HERE / "facts.yaml").read_text("utf-8").replace("facts:\n", f"facts:\n{TAX}", 1)
    vocabulary = read_vocabulary(parse_yaml(facts), sink)
    assert sink.faults == []
    text = MINIMAL.replace("indicators:\n", INDICATOR % when, 1)
    return read_policy(parse_yaml(text), vocabulary, series)


@pytest.mark.parametrize(
    ("on", "limit"),
    [
        (date(2020, 1, 1), 96_000),
        (date(2020, 12, 31), 96_000),
        (date(2021, 1, 1), 108_000),
        (date(2023, 6, 1), 108_000),  # the last figure goes on
    ],
)
def test_a_limit_follows_the_figure_of_the_day(on: date, limit: int) -> None:
    policy = _policy_with_wages()
    assert _extra(policy, on, income=limit) == 5
    assert _extra(policy, on, income=Decimal(limit) - Decimal("0.01")) == 0


def test_the_checks_look_at_each_day_on_which_a_figure_changes() -> None:
    assert date(2021, 1, 1) in list_boundaries(_policy_with_wages())
    assert date(2021, 1, 1) not in list_boundaries(_policy_with_wages("income >= 108000"))


def test_the_figure_is_that_of_the_counting_day() -> None:
    policy = _policy_with_wages()
    text = MINIMAL.replace("indicators:\n", INDICATOR % "income >= 12 * average-wage", 1)
    yearly = text.replace(
        "reference: {kind: on_the_day, confidence: likely}",
        "reference: {kind: yearly, month: 12, day: 31, confidence: likely}",
    )
    assert yearly != text
    later = read_policy(parse_yaml(yearly), policy.vocabulary, policy.series)
    assert _extra(later, date(2021, 6, 1), income=96_000) == 5  # counted to 31 December 2020
    assert _extra(policy, date(2021, 6, 1), income=96_000) == 0


def test_facts_share_a_list_of_answers() -> None:
    head = "city: sample\nsections: [{id: person, label: {zh: 本人, en: You}}]\n"
    lists = (
        "lists:\n  - id: towns\n    choices:\n"
        "      - {id: east, label: {zh: 东区, en: East}}\n"
        "      - {id: west, label: {zh: 西区, en: West}}\n"
    )
    facts = (
        "facts:\n  - {id: home, type: choice, label: {zh: 住地, en: Home}, choices: towns}\n"
        "  - {id: work, type: choice, label: {zh: 工作地, en: Work}, choices: towns}\n"
    )
    sink = Sink()
    read = read_vocabulary(parse_yaml(head + lists + facts), sink)
    assert sink.faults == []
    assert read["home"].ids == read["work"].ids == ("east", "west")
    assert read["home"].option_label("west").zh == "西区"


def test_a_list_of_choices_that_is_not_there_is_told() -> None:
    text = (
        "city: sample\nsections: [{id: person, label: {zh: 本人, en: You}}]\n"
        "facts:\n  - {id: home, type: choice, label: {zh: 住地, en: Home}, choices: towns}\n"
    )
    sink = Sink(tuple(text.splitlines()))
    read_vocabulary(parse_yaml(text), sink)
    assert sink.faults[0].code == "JF-P093"
    assert sink.faults[0].found == "the text 'towns' as the choices of a fact"
    assert sink.faults[0].in_language("zh").expected.startswith("各个选项，或本文件的一个列表")
