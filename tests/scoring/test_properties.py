"""What must hold for everybody, under every shipped policy."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts.situation import read_situation
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.policy_reader import read_policy
from jifen.policy.source import parse_yaml
from jifen.scoring import assess
from tests.hypothesis_profiles import each
from tests.measures import VERSIONS, a_day, days
from tests.people.strategies import asked_facts, complete_people, partly_known, possible_values

pytestmark = pytest.mark.parametrize(("city", "version"), VERSIONS)
EACH = each(60, 2_000, suppress_health_check=[HealthCheck.data_too_large])


def _rules(city: str, version: str) -> tuple[Policy, Rules, date]:
    policy = load(city, version)
    on = a_day(policy)
    return policy, policy.rules_on(on), on


@given(data=st.data())
@EACH
def test_a_person_of_whom_all_is_known_has_one_total(
    city: str, version: str, data: st.DataObject
) -> None:
    policy, rules, on = _rules(city, version)
    result = assess(policy, data.draw(complete_people(rules, on)), on)
    low, high = result.bounds
    assert low == high == result.total
    assert result.missing == ()
    assert None not in (result.eligible, result.vetoed, result.reached)


@given(data=st.data())
@EACH
def test_bounds_hold_for_every_completion_of_the_missing_facts(
    city: str, version: str, data: st.DataObject
) -> None:
    policy, rules, on = _rules(city, version)
    person = data.draw(complete_people(rules, on))
    partial = data.draw(partly_known(person))
    whole, part = assess(policy, person, on), assess(policy, partial, on)
    assert whole.total is not None
    assert part.bounds[0] <= whole.total <= part.bounds[1]
    for line_part, line_whole in zip(part.lines, whole.lines, strict=True):
        assert line_part.scaled_low <= line_whole.scaled_low <= line_part.scaled_high
    for said, true in (
        (part.eligible, whole.eligible),
        (part.vetoed, whole.vetoed),
        (part.reached, whole.reached),
    ):
        assert said is None or said is true
    assert whole.answered == whole.total
    assert set(part.missing) <= set(person) - set(partial)
    if part.bounds[0] != part.bounds[1]:
        assert part.missing


@given(data=st.data())
@EACH
def test_answering_a_missing_fact_only_narrows_the_bounds(
    city: str, version: str, data: st.DataObject
) -> None:
    policy, rules, on = _rules(city, version)
    person = data.draw(complete_people(rules, on))
    partial = data.draw(partly_known(person))
    before = assess(policy, partial, on)
    for ident in sorted(set(person) - set(partial)):
        partial[ident] = person[ident]
        after = assess(policy, partial, on)
        assert before.bounds[0] <= after.bounds[0] <= after.bounds[1] <= before.bounds[1]
        before = after


@given(data=st.data())
@EACH
def test_the_order_of_facts_does_not_matter(city: str, version: str, data: st.DataObject) -> None:
    policy, rules, on = _rules(city, version)
    person = data.draw(complete_people(rules, on))
    shuffled = list(person.items())
    random.Random(data.draw(st.integers(0, 99))).shuffle(shuffled)
    first = assess(policy, person, on).to_dict()
    assert first == assess(policy, dict(shuffled), on).to_dict()


@given(data=st.data())
@EACH
def test_more_never_loses_points_where_the_policy_says_so(
    city: str, version: str, data: st.DataObject
) -> None:
    policy, rules, on = _rules(city, version)
    promised = [(i, f) for i in rules.indicators for f in i.non_decreasing_in]
    if not promised:
        pytest.skip("this measure promises it of no fact")
    indicator, ident = data.draw(st.sampled_from(promised))
    fact = rules.vocabulary[ident]
    person = data.draw(complete_people(rules, on))
    person[ident] = data.draw(
        possible_values(rules, fact, on).filter(lambda value: value is not None)
    )
    more = dict(person)
    more[ident] = data.draw(
        possible_values(rules, fact, on).filter(lambda v: v is not None and v >= person[ident])
    )
    before, after = assess(policy, person, on), assess(policy, more, on)
    assert after.line(indicator.id).scaled_low >= before.line(indicator.id).scaled_low
    assert _total(after) >= _total(before)


def _total(result: Any) -> Any:
    assert result.total is not None
    return result.total


def test_a_policy_written_out_and_read_back_is_the_same(city: str, version: str) -> None:
    import yaml

    policy = load(city, version)
    written = yaml.safe_dump(policy.document.to_plain(), allow_unicode=True, sort_keys=False)
    again = read_policy(parse_yaml(written), policy.vocabulary, policy.series)
    assert again.hash == policy.hash
    for day in days(policy):
        ours, theirs = policy.rules_on(day), again.rules_on(day)
        assert [i.mechanism for i in ours.indicators] == [i.mechanism for i in theirs.indicators]
        assert ours.decision == theirs.decision
        assert ours.requirements == theirs.requirements


def test_every_reading_of_every_switch_gives_rules(city: str, version: str) -> None:
    policy = load(city, version)
    for day in days(policy):
        for switch in policy.switches:
            for reading in switch.readings:
                assert policy.rules_on(day, {switch.id: reading.id}).indicators


def test_a_line_says_its_facts_rule_and_confidence(city: str, version: str) -> None:
    policy, rules, on = _rules(city, version)
    for lang in ("zh", "en"):
        for line in assess(policy, {}, on).to_dict(lang)["lines"]:
            assert line["rule"]
            assert line["label"]
            assert line["confidence"] in ("certain", "likely", "unsure")
    assert set(asked_facts(rules)) <= set(rules.vocabulary.ids)
    assert read_situation(rules, {}, on).values == {}
