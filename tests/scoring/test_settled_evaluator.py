"""The quick way for people of whom everything is known gives what the way with bounds gives."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.cities import load
from jifen.facts.situation import Situation, read_situation
from jifen.policy.text import Lang
from jifen.scoring.evaluator import Evaluator, evaluator_for
from jifen.scoring.result import LineResult
from jifen.scoring.settled_evaluator import OutcomesByValue
from tests.hypothesis_profiles import each
from tests.measures import VERSIONS, a_day
from tests.people.small_policies import ON, list_completions, small_rules
from tests.people.strategies import complete_people, partly_known


@pytest.mark.parametrize(("city", "version"), VERSIONS)
@given(data=st.data())
@each(15, 1_000)
def test_of_every_measure_both_ways_agree(city: str, version: str, data: st.DataObject) -> None:
    policy = load(city, version)
    on = a_day(policy)
    rules = policy.rules_on(on)
    person = data.draw(complete_people(rules, on))
    if data.draw(st.booleans()):
        person = data.draw(partly_known(person, 1))
    situation = read_situation(rules, person, on)
    evaluator = evaluator_for(rules)
    quick, bounded = (
        evaluator.evaluate(situation),
        evaluator.evaluate_with_absent_facts(situation),
    )
    assert quick == bounded
    langs: tuple[Lang, ...] = ("zh", "en")
    for lang in langs:
        assert quick.to_dict(lang) == bounded.to_dict(lang)


@given(data=st.data())
@each(60, 4_000)
def test_of_random_rules_both_ways_agree(data: st.DataObject) -> None:
    rules = data.draw(small_rules())
    people = list_completions(rules, {})
    evaluator = Evaluator(rules)
    for known in people[:: max(len(people) // 20, 1)]:
        situation = Situation(ON, ON, values=known)
        quick = evaluator.evaluate(situation)
        assert quick == evaluator.evaluate_with_absent_facts(situation)
        assert all(type(line) is LineResult for line in quick.lines)
        assert quick.missing == ()


def test_an_outcome_is_worked_out_once_for_each_value_and_few_are_kept() -> None:
    asked: list[Any] = []

    def double(known: Any) -> int:
        asked.append(known["months"])
        return int(known["months"]) * 2

    outcomes = OutcomesByValue("months", double)
    assert [outcomes[3], outcomes[3], outcomes[4]] == [6, 6, 8]
    assert asked == [3, 4]
    assert [outcomes[value] for value in range(5_000)] == [2 * value for value in range(5_000)]
    assert len(outcomes) == 1_000
    assert outcomes[4_999] == 9_998
