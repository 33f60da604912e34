"""Changes to a document: overlays, readings, and the old tree that is never touched."""

from datetime import date
from decimal import Decimal

import pytest

from jifen.policy.fault import Fault, PolicyError
from jifen.policy.patch import apply_changes
from jifen.policy.source import Node, parse_yaml
from tests.policy.faults import changed, policy


def _patch(text: str, **changes: str) -> tuple[object, list[Fault]]:
    faults: list[Fault] = []
    nodes = {
        path.replace("__", "."): parse_yaml(value, "change") for path, value in changes.items()
    }
    return apply_changes(parse_yaml(text), nodes, faults).to_plain(), faults


def test_a_path_names_keys_ids_and_numbers() -> None:
    text = "groups: [{id: a, most: 1}, {id: b, steps: [{p: 1}, {p: 2}]}]"
    done, faults = _patch(text, groups__b__steps__1__p="9", groups__a__most="5")
    assert faults == []
    assert done == {
        "groups": [{"id": "a", "most": "5"}, {"id": "b", "steps": [{"p": "1"}, {"p": "9"}]}]
    }


def test_null_takes_a_key_away_and_a_new_key_is_added_at_the_end_of_a_path() -> None:
    assert _patch("a: {b: 1, c: 2}", a__b="null", a__d="3")[0] == {"a": {"c": "2", "d": "3"}}


def test_the_old_tree_is_never_touched() -> None:
    old = parse_yaml("a: {b: [1, 2]}")
    before = old.to_plain()
    new = apply_changes(old, {"a.b": Node("9", old.place)}, [])
    assert old.to_plain() == before
    assert new.to_plain() == {"a": {"b": "9"}}


def test_taking_away_a_key_that_is_not_there_changes_nothing() -> None:
    assert _patch("a: {b: 1}", a__c="null")[0] == {"a": {"b": "1"}}


def test_a_path_that_leads_nowhere_names_the_nearest() -> None:
    _, faults = _patch("indicators: [{id: age, p: 1}]", indicators__ages__p="2")
    assert faults[0].code == "JF-P024"
    assert faults[0].remedy == "write 'age'"


def test_an_overlay_holds_on_its_first_and_last_day_only() -> None:
    made = policy()
    scores = {
        day: made.rules_on(day).find_indicator("age").mechanism.compile_score(1)({"age": 40})
        for day in map(date.fromisoformat, ("2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01"))
    }
    assert list(scores.values()) == [40, 45, 45, 40]


def test_rules_of_one_question_are_one_object() -> None:
    made = policy()
    assert made.rules_on(date(2020, 1, 1)) is made.rules_on(date(2021, 6, 1))
    assert made.rules_on(date(2020, 1, 1)) is not made.rules_on(date(2022, 6, 1))


def test_a_reading_changes_the_rules_and_says_so() -> None:
    made = policy()
    day = date(2020, 1, 1)
    by_default, open_ended = made.rules_on(day), made.rules_on(day, {"insurance_cap": "open"})
    assert by_default.readings == (("insurance_cap", "capped"),)
    assert open_ended.readings == (("insurance_cap", "open"),)
    months = {"insured_months": 720}
    assert by_default.find_indicator("insurance").mechanism.compile_score(1)(months) == 60
    assert open_ended.find_indicator("insurance").mechanism.compile_score(1)(months) == 180


@pytest.mark.parametrize(
    ("readings", "found"),
    [
        ({"insurance_caps": "open"}, "the unknown switch 'insurance_caps'"),
        ({"insurance_cap": "opened"}, "the unknown reading of 'insurance_cap' 'opened'"),
    ],
)
def test_an_unknown_reading_is_refused_with_the_known_ones(
    readings: dict[str, str], found: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        policy().rules_on(date(2020, 1, 1), readings)
    assert caught.value.faults[0].code == "JF-P025"
    assert caught.value.faults[0].found == found


def test_an_overlay_and_a_reading_may_change_the_same_policy() -> None:
    made = changed(("indicators.insurance.per_unit.most: null", "indicators.age.label.en: Years"))
    rules = made.rules_on(date(2022, 6, 1), {"insurance_cap": "open"})
    assert rules.find_indicator("age").label.en == "Years"
    assert rules.find_indicator("age").mechanism.compile_score(1)({"age": 40}) == 45


def test_the_hash_changes_with_the_document_and_with_nothing_else() -> None:
    assert policy().hash == policy().hash
    assert policy().hash != changed(("points: 40}", "points: 41}")).hash


def test_a_null_in_a_document_is_a_value_left_out() -> None:
    assert changed(("floor: 0", "floor: null")).rules_on(date(2020, 1, 1)).floor is None
    assert policy().rules_on(date(2020, 1, 1)).floor == Decimal(0)
