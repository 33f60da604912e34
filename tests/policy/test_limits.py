"""Where a limit stands, what lies on it and just beyond it; and what is left when a file is cut."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.policy.book.timeline import PolicyTimeline
from jifen.policy.break_points import list_indicator_answers, list_representatives
from jifen.policy.checks.context import CheckRule, build_plain_fault_at
from jifen.policy.diff import find_difference
from jifen.policy.fault import DocumentError, Place, PolicyError
from jifen.policy.policy import Policy
from jifen.policy.series_file import read_series
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from tests.policy.faults import HERE, MINIMAL, changed, policy, vocabulary
from tests.policy.mechanisms.tools import codes, points, sound

_RULE = CheckRule("JF-C999", "error", "a rule of the test")


def faults_of(made: str) -> list[str]:
    try:
        policy(made).rules_on(date(2020, 1, 1))
    except PolicyError as error:
        return [fault.code for fault in error.faults]
    return []


@pytest.mark.parametrize(("length", "sound_"), [(2_000, True), (2_001, False)])
def test_a_condition_has_a_longest_text(length: int, sound_: bool) -> None:
    condition = "permit_valid" + " " * (length - 24) + "and age >= 1"
    assert len(condition) == length
    text = MINIMAL.replace("permit_valid and insured_months_last_12 >= 6", f'"{condition}"')
    assert (faults_of(text) == []) is sound_


@pytest.mark.parametrize(("brackets", "sound_"), [(40, True), (41, False)])
def test_a_condition_has_a_deepest_nesting(brackets: int, sound_: bool) -> None:
    condition = "(" * brackets + "permit_valid" + ")" * brackets
    text = MINIMAL.replace("permit_valid and insured_months_last_12 >= 6", f'"{condition}"')
    assert (faults_of(text) == []) is sound_


@pytest.mark.parametrize(
    ("on", "line"),
    [("2019-12-31", 60), ("2020-01-01", 60), ("2021-12-31", 60), ("2022-01-01", 70)],
)
def test_the_line_of_a_day_is_the_last_that_has_begun(on: str, line: int) -> None:
    old = "{from: 2020-01-01, until: 2024-12-31, points: 60, confidence: certain, sources: [S1]}"
    new = (
        "{from: 2020-01-01, until: 2021-12-31, points: 60, confidence: certain, sources: [S1]}\n"
        "    - {from: 2022-01-01, until: 2024-12-31, points: 70, confidence: likely}"
    )
    decision = changed((old, new)).rules_on(date(2020, 1, 1)).decision
    assert decision.threshold_on(date.fromisoformat(on)) == line


@pytest.mark.parametrize(
    ("line", "shown"), [(1, "language: a"), (2, "policy: b"), (0, ""), (3, ""), (-1, "")]
)
def test_a_fault_shows_its_line_where_there_is_one(line: int, shown: str) -> None:
    made = replace(policy(), lines=("language: a", "policy: b"))
    own = made.document.place.file
    fault = build_plain_fault_at(
        made, _RULE, Place(own, line, 1), "", "found", "expected", "remedy"
    )
    assert fault.line_text == shown
    other = build_plain_fault_at(
        made, _RULE, Place("other.yaml", 1, 1), "", "found", "expected", "remedy"
    )
    assert other.line_text == ""


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("a: [1", 2, ""),
        ("a: 1\nb: [2\n", 3, ""),
        ("a: 1\nb: ]\n", 2, "b: ]"),
        ("a: \x01", 1, "a: \x01"),
        ("a: 1\nb: \x01", 2, "b: \x01"),
        ("\x01", 1, "\x01"),
    ],
)
def test_broken_yaml_shows_its_line_where_the_file_has_it(text: str, line: int, shown: str) -> None:
    with pytest.raises(DocumentError) as error:
        parse_yaml(text, "x.yaml")
    [fault] = error.value.faults
    assert (fault.code, fault.place.file) == ("JF-P001", "x.yaml")
    assert (fault.place.line, fault.line_text) == (line, shown)


def test_a_control_character_is_found_in_its_column() -> None:
    for text, column in (("\x01", 1), ("a\x01", 2), ("a: 1\nb: \x01", 4)):
        with pytest.raises(DocumentError) as error:
            parse_yaml(text, "x.yaml")
        assert error.value.faults[0].place.column == column


def test_a_path_that_leads_beyond_a_missing_key_is_a_fault() -> None:
    made = changed(
        ("{indicators.age.scale.bands.1.points: 45}", "{indicators.age.nothing.here: 45}")
    )
    with pytest.raises(PolicyError) as error:
        made.rules_on(date(2022, 6, 1))
    assert [fault.code for fault in error.value.faults] == ["JF-P024"]


def test_rules_name_the_dated_changes_that_made_them() -> None:
    assert policy().rules_on(date(2022, 12, 31)).overlays == ("older-2022",)
    assert (
        policy().rules_on(date(2023, 1, 1)).overlays
        == policy().rules_on(date(2021, 12, 31)).overlays
        == ()
    )


def test_policies_are_the_same_by_their_hash_and_short_to_print() -> None:
    made = policy()
    others: tuple[dict[str, Any], ...] = (
        {"series": ("other",)},
        {"lines": ()},
        {"document": parse_yaml("a: 1")},
        {"vocabulary": None},
        {"_rules": {"a day": None}},
    )
    for other in others:
        assert replace(made, **other) == made
    assert replace(made, hash="sha256:0") != made
    for hidden in ("document=", "vocabulary=", "series=", "lines=", "_rules="):
        assert hidden not in repr(made)


SERIES = """
series:
  - id: wage
    label: {zh: 社平工资, en: Average wage}
    unit: yuan
    steps:
      - {from: 2020-01, to: 2020-12, value: 9000, confidence: certain, sources: [S1]}
      - {from: 2021-01, to: 2021-12, value: 9500, confidence: likely}
    sources:
      - {id: S1, where: example.org}
"""


def series_codes(old: str, new: str) -> list[str]:
    assert old in SERIES
    sink = Sink()
    series = read_series(parse_yaml(SERIES.replace(old, new)), sink)
    assert all(each.id == "wage" for each in series)
    return [fault.code for fault in sink.faults]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: wage", "id: wage", []),
        ("  - id: wage\n    label", "  - label", ["JF-P011"]),
        ("from: 2021-01, to: 2021-12", "from: 2021-02, to: 2021-12", []),
        ("from: 2021-01, to: 2021-12", "from: 2020-12, to: 2021-12", ["JF-P029"]),
        ("from: 2021-01, to: 2021-12", "from: 2021-02, to: 2021-02", []),
        ("from: 2021-01, to: 2021-12", "from: 2021-02, to: 2021-01", ["JF-P029"]),
    ],
)
def test_steps_of_a_series_follow_one_another(old: str, new: str, expected: list[str]) -> None:
    assert series_codes(old, new) == expected


def test_two_entries_without_an_id_are_not_one_id_twice() -> None:
    missing = MINIMAL.replace("  - id: detention\n    label", "  - label").replace(
        "  - id: serious_crime\n    label", "  - label"
    )
    assert faults_of(missing).count("JF-P011") == 2
    assert "JF-P017" not in faults_of(missing)


def test_a_band_that_is_no_mapping_is_a_fault_and_not_a_crash() -> None:
    assert codes("scale: {of: age, bands: [3]}") == ["JF-P012"]
    assert codes("scale: {of: age, bands: []}")


TENTHS = """
scale:
  of: age
  bands:
    - {from: 0, to: 55, points: 5.5, rises: {each: 0.5, side: below, pivot: 56, most: 7.5}}
"""


@pytest.mark.parametrize(("age", "tenths"), [(56, 0), (55, 60), (54, 65), (52, 75), (40, 75)])
def test_a_rise_is_counted_in_tenths_up_to_its_cap(age: int, tenths: int) -> None:
    assert points(TENTHS, precision=1, age=age) == tenths


def test_a_late_start_and_a_first_step_are_breaks() -> None:
    late = "per_unit: {of: insured_months, each: 1, every: 12 months, starts_at: 60 months}"
    assert list(sound(late).list_breaks()) == [("insured_months", Decimal(60))]
    first = "per_unit: {of: tax, each: 1, every: 100 yuan, first: {amount: 500 yuan, points: 3}}"
    assert list(sound(first).list_breaks()) == [("tax", Decimal(500))]


def test_values_beside_a_break_stand_for_a_number_and_all_answers_for_a_choice() -> None:
    facts = vocabulary()
    assert list_representatives(facts["age"], [Decimal(36)]) == (0, 35, 36, 37, 120)
    assert list_representatives(facts["age"], [Decimal(0), Decimal(120)]) == (0, 1, 119, 120)
    assert list_representatives(facts["permit_valid"], ()) == (False, True)
    assert list_representatives(facts["education"], ()) == ("none", "college", "bachelor")
    ratio = list_representatives(facts["base_ratio"], [Decimal(2)])
    assert ratio[0] == 0
    assert ratio[2] == 2
    assert ratio[-1] == 10
    assert ratio[1] < 2 < ratio[3]


def test_answers_to_a_number_are_all_its_breaks_and_alike_choices_are_one() -> None:
    rules = policy().rules_on(date(2020, 1, 1))
    ages = list_indicator_answers(rules.find_indicator("age"), rules.vocabulary)["age"]
    assert ages == (0, 1, 34, 35, 36, 37, 44, 45, 46, 47, 120)
    months = list_indicator_answers(rules.find_indicator("insurance"), rules.vocabulary)[
        "insured_months"
    ]
    assert months[0] is None
    assert (months[1], months[-1]) == (0, 720)
    twenty = changed(("college: 10, bachelor: 20", "college: 20, bachelor: 20")).rules_on(
        date(2020, 1, 1)
    )
    schools = list_indicator_answers(twenty.find_indicator("education"), twenty.vocabulary)[
        "education"
    ]
    assert len(schools) == 2


def test_a_vocabulary_has_a_section_and_a_fact() -> None:
    text = (HERE / "facts.yaml").read_text("utf-8").replace("section: person, ", "")
    section = "sections:\n  - {id: person, label: {zh: 本人, en: You}}\n"
    assert section in text
    whole = text[text.index("facts:") :]
    for old, new, faults in (
        (section, section, 0),
        (section, "sections: []\n", 1),
        (whole, "facts: []\n", 1),
    ):
        sink = Sink()
        read_vocabulary(parse_yaml(text.replace(old, new)), sink)
        assert len(sink.faults) == faults


RATIO = ("first_of:\n      steps:\n        - {when: base_ratio >= 3, points: 20}\n"
         "        - {when: base_ratio >= 2, points: 10}")  # fmt: skip


def _bands(points_from_two: int) -> Policy:
    bands = f"[{{from: 0, under: 2, points: 0}}, {{from: 2, points: {points_from_two}}}]"
    return changed((RATIO, f"scale: {{of: base_ratio, bands: {bands}}}"))


def test_bands_of_a_wide_fact_differ_by_stretches() -> None:
    changes = find_difference(_bands(10), _bands(15)).items
    [item] = [item for item in changes if item.change.id == "contribution_base"]
    assert [change.describe_change().en for change in item.points] == [
        "Base ratio 2 times or more: 10 points → 15 points (+5)"
    ]


def _since(year: int) -> Policy:
    text = MINIMAL.replace("in_force: {from: 2020-01-01", f"in_force: {{from: {year}-01-01")
    return policy(text)


@pytest.mark.parametrize(
    ("since", "years"),
    [
        (2017, list(range(2017, 2027))),
        (2015, list(range(2015, 2027))),
        (2014, list(range(2014, 2027, 2))),
    ],
)
def test_an_axis_of_time_has_at_most_twelve_years_on_it(since: int, years: list[int]) -> None:
    assert [tick.year for tick in PolicyTimeline([_since(since)], "en").ticks] == years
