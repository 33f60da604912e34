"""Which open question tells most: by how much an answer narrows what is still possible.

The engine scores the person at every representative answer. What is left open afterwards is counted
up to the line, because points beyond it change no outcome. Where so many scores would cost too much
(indicators that share many open facts), what hangs on a fact is read off the open indicators.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jifen.facts.situation import Situation
from jifen.policy.break_points import list_condition_answers
from jifen.policy.condition import list_condition_facts
from jifen.policy.joint_sets import find_sharing
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Rules
from jifen.policy.vocabulary import Fact
from jifen.scoring.evaluator import score_situation
from jifen.scoring.result import Assessment
from jifen.scoring.result_status.presumption import presume_clean_record

LOOK_UP_EFFORT = 4
MOST_RUNS = 20_000
"""So many evaluations of indicators, beside the plain ones, may be made for one order."""
MOST_ANSWERS = 24
"""So many answers to one question are looked at; of more, evenly spaced ones."""


@dataclass(frozen=True, slots=True)
class QuestionGain:
    """An open question with the points by which it narrows the range on average over its answers.
    A condition or veto that is open counts as one point."""

    fact: str
    gain: Decimal


def order_questions(assessment: Assessment, facts: Iterable[str]) -> tuple[QuestionGain, ...]:
    """The facts (as a person is asked for them), the most telling for the effort of an answer
    first; equal ones in the order of the vocabulary."""
    rules, base = assessment.rules, presume_clean_record(assessment)
    wanted = set(facts)
    ordered = [ident for ident in rules.vocabulary.ids if ident in wanted]
    if (
        _count_joint_runs(base)
        * sum(len(_representative_answers(rules, ident)) for ident in ordered)
        > MOST_RUNS
    ):
        gains = _estimate_gains(base)
        found = [QuestionGain(ident, gains.get(ident, Decimal(0))) for ident in ordered]
    else:
        before = count_open_points(base)
        found = [
            QuestionGain(
                ident, _measure_gain(rules, base.situation, rules.vocabulary[ident], before)
            )
            for ident in ordered
        ]
    return tuple(
        sorted(found, key=lambda one: -one.gain / answer_effort(rules.vocabulary[one.fact]))
    )


def answer_effort(fact: Fact) -> int:
    """What an answer costs a person: a choice or the own date of birth 1, a number 2, a number that
    must be looked up in the records month by month 4."""
    if fact.derive and fact.derive.multiple is not None:
        return LOOK_UP_EFFORT
    if fact.derive and fact.derive.measure == "mean_base_ratio":
        return LOOK_UP_EFFORT
    return 2 if fact.is_number or fact.type == "dates" else 1


def count_open_points(assessment: Assessment) -> Decimal:
    """The points between the least and the most total, up to the line, and one for each condition
    and veto that is open; nothing once the outcome is certain. Where people are ranked, every point
    counts as long as nothing bars them."""
    ranked = assessment.rules.decision.mode == "rank"
    if assessment.vetoed or assessment.eligible is False:
        return Decimal(0)
    if assessment.reached is not None and not ranked:
        return Decimal(0)
    low, high = assessment.bounds
    line = assessment.threshold
    if line is not None and not ranked:
        low, high = min(low, line), min(high, line)
    open_tests = sum(condition.met is None for condition in assessment.conditions)
    open_tests += sum(met is None for _, met in assessment.vetoes)
    return high - low + open_tests


def _count_joint_runs(assessment: Assessment) -> int:
    """Evaluations that one score costs because open indicators share facts."""
    known = assessment.situation.values
    absent = {
        number: [ident for ident in line.used if ident not in known]
        for number, line in enumerate(assessment.lines)
        if line.scaled_low != line.scaled_high
    }
    return sum(
        joint.runs
        for joint in find_sharing(assessment.rules).find_joint_sets(absent)
        if joint.exact
    )


def _estimate_gains(assessment: Assessment) -> dict[str, Decimal]:
    """What hangs on each fact: its share of the open points of every indicator that reads it, and
    of an open condition or veto half of everything, as it bars or does not."""
    rules, known = assessment.rules, assessment.situation.values
    every, gains = count_open_points(assessment), dict[str, Decimal]()

    def share(names: Iterable[str], points: Decimal) -> None:
        open_facts = {rules.vocabulary.find_asked_fact(name) for name in names if name not in known}
        for ident in open_facts:
            gains[ident] = gains.get(ident, Decimal(0)) + points / len(open_facts)

    for line in assessment.lines:
        low, high = line.bounds
        share(line.used, min(high - low, every))
    tests = [c.requirement.when for c in assessment.conditions if c.met is None]
    vetoes = (indicator.mechanism for indicator, met in assessment.vetoes if met is None)
    tests += [mechanism.when for mechanism in vetoes if isinstance(mechanism, Veto)]
    for test in tests:
        share(list_condition_facts(test), every / 2)
    return gains


def _measure_gain(rules: Rules, situation: Situation, fact: Fact, before: Decimal) -> Decimal:
    answers = _representative_answers(rules, fact.id)
    if not answers:
        return Decimal(0)
    behind = _preset_answers(rules, fact.id, situation)
    left = sum(
        count_open_points(_score_with(rules, situation, {**behind, **values})) for values in answers
    )
    mean = Decimal(left) / len(answers)
    return before - mean


def _score_with(rules: Rules, situation: Situation, values: Mapping[str, Any]) -> Assessment:
    return score_situation(rules, replace(situation, values={**situation.values, **values}))


@lru_cache(maxsize=2048)
def _representative_answers(rules: Rules, ident: str) -> tuple[Mapping[str, Any], ...]:
    """The representative answers to a question, as the values that they give."""
    names = {name for name in rules.used if rules.vocabulary.find_asked_fact(name) == ident}
    found: dict[str, set[Any]] = {}
    for answers in (*find_sharing(rules).answers, *_answers_of_conditions(rules)):
        for name in names & answers.keys():
            found.setdefault(name, set()).update(answers[name])
    # of several values that one answer gives (all count the same dates) the fullest stands for it
    if not found:
        return ()
    name = max(sorted(found), key=lambda each: len(found[each]))
    values = sorted(found[name], key=_value_sort_key)
    step = max(1, -(-len(values) // MOST_ANSWERS))
    return tuple({name: value} for value in values[::step])


def _answers_of_conditions(rules: Rules) -> Iterable[Mapping[str, tuple[Any, ...]]]:
    tests = [requirement.when for requirement in rules.requirements]
    tests += [i.mechanism.when for i in rules.indicators if isinstance(i.mechanism, Veto)]
    return [list_condition_answers(test, rules.vocabulary) for test in tests]


def _value_sort_key(value: Any) -> tuple[bool, str, Any]:
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return value is not None, "" if number else str(value), value if number else 0


def _preset_answers(rules: Rules, ident: str, situation: Situation) -> dict[str, Any]:
    """What the form chooses beforehand for the questions behind this one."""
    return {
        fact.id: fact.form_default
        for fact in rules.vocabulary
        if fact.asked_after == ident and fact.form_default and fact.id not in situation.values
    }
