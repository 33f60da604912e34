"""Reforms: changes on top of a version that touch nothing but their own policy."""

from datetime import date

import pytest

from jifen.cities import load
from jifen.policy.fault import PolicyError
from jifen.policy.policy import Policy
from jifen.policy.reform import read_reform, refuse_other_policy
from jifen.policy.source import parse_yaml
from jifen.scoring import assess

ON = date(2025, 6, 1)
HEAD = """language: "1"
reform: try
label: {zh: 试行, en: Try}
policy: shanghai-points
change:
"""
BACHELOR = {"education": "bachelor_with_degree", "study_mode": "full_time", "title": "none"}


def _reformed(change: str, policy: Policy | None = None) -> Policy:
    lines = "".join(f"  {line}\n" for line in change.splitlines())
    reform, _ = read_reform(parse_yaml(HEAD + lines, "try.yaml"))
    return (policy or load("shanghai", "2018")).apply_reform(reform)


def _education(policy: Policy) -> int:
    return assess(policy, BACHELOR, ON).line("education").scaled_low


def test_a_value_is_changed_and_the_policy_itself_is_not() -> None:
    today = load("shanghai", "2018")
    reform = _reformed("indicators.education.choice.points.bachelor_with_degree: 80")
    assert _education(reform) == 80
    assert _education(today) == 90
    assert reform.hash != today.hash


def test_two_reforms_never_touch_each_other() -> None:
    one = _reformed("indicators.education.choice.points.bachelor_with_degree: 80")
    other = _reformed("indicators.age.scale.bands.1.points: 7")
    assert [_education(policy) for policy in (one, other, load("shanghai", "2018"))] == [80, 90, 90]
    assert len({one.hash, other.hash}) == 2


def test_a_reform_on_top_of_a_reform_has_both() -> None:
    one = _reformed("indicators.education.choice.points.bachelor_with_degree: 80")
    both = _reformed("indicators.award: null", one)
    assert _education(both) == 80
    assert "award" not in [indicator.id for indicator in both.rules_on(ON).indicators]


def test_an_indicator_is_taken_away_by_null() -> None:
    ids = [
        indicator.id for indicator in _reformed("indicators.award: null").rules_on(ON).indicators
    ]
    assert "award" not in ids
    assert "age" in ids


def test_an_indicator_is_added_by_its_own_id() -> None:
    made = _reformed(
        "indicators.night_school: {id: night_school, label: {zh: 夜校, en: Night school}, "
        "group: bonus, condition: {when: fresh_graduate, points: 7}, confidence: unsure}"
    )
    line = assess(made, {"fresh_graduate": True}, ON).line("night_school")
    assert (line.scaled_low, line.scaled_high) == (7, 7)


def test_an_item_of_another_id_is_not_added() -> None:
    made = _reformed("indicators.night_school: {id: evening_school, label: {zh: 夜校, en: N}}")
    with pytest.raises(PolicyError, match="JF-P024"):
        made.rules_on(ON)


def test_faults_of_the_changed_rules_are_told_where_they_stand() -> None:
    made = _reformed("indicators.education.choice.points.bachelor_with_degree: many")
    with pytest.raises(PolicyError) as caught:
        made.rules_on(ON)
    assert caught.value.faults[0].place.file == "try.yaml"


def test_a_reform_wins_over_an_overlay_of_the_day() -> None:
    steps = "indicators.outer_suburb.first_of.steps.0.per_unit.starts_at"
    months = {"outer_suburb_area": "lingang", "outer_suburb_months": 24}
    made = _reformed(f"{steps}: 36 months")
    assert assess(load("shanghai", "2018"), months, ON).line("outer_suburb").scaled_low > 0
    assert assess(made, months, ON).line("outer_suburb").scaled_high == 0


def test_a_reform_of_another_measure_is_refused() -> None:
    node = parse_yaml(HEAD.replace("shanghai-points", "chengdu-points") + "  a: 1\n", "try.yaml")
    _, ident = read_reform(node)
    with pytest.raises(PolicyError, match=r"try\.yaml:4:9: JF-P034 error"):
        refuse_other_policy(load("shanghai", "2018"), ident, node)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HEAD.replace("policy: shanghai-points\n", ""), "JF-P011"),
        (HEAD + "  a: 1\nchanges: {}\n", "JF-P01"),
        ("- a list\n", "JF-P012"),
    ],
)
def test_a_broken_reform_file_is_told(text: str, code: str) -> None:
    with pytest.raises(PolicyError, match=code):
        read_reform(parse_yaml(text, "try.yaml"))
