"""Orders open questions by how much an answer narrows the range of possible totals.

The engine scores the person with every representative answer. The remaining range is counted up to
the threshold, because points beyond it change no outcome. Where this would cost too many
evaluations (indicators that share many open facts), the gain is estimated from the open indicators.
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
"""The most additional evaluations of indicators for one ordering of questions."""
MOST_ANSWERS = 24
"""The most answers to one question that are scored; of more, evenly spaced ones are taken."""


@dataclass(frozen=True, slots=True)
class QuestionGain:
    """An open question with the points by which it narrows the range on average over its answers.
    A condition or veto that is open counts as one point."""

    fact: str
    gain: Decimal


def order_questions(assessment: Assessment, facts: Iterable[str]) -> tuple[QuestionGain, ...]:
    """The questions for some facts, those with the highest gain per effort first; ties keep the
    order of the vocabulary."""
    rules, base = assessment.rules, presume_clean_record(assessment)
    wanted = set(facts)
    ordered = [fact_id for fact_id in rules.vocabulary.ids if fact_id in wanted]
    if (
        _count_joint_runs(base)
        * sum(len(_representative_answers(rules, fact_id)) for fact_id in ordered)
        > MOST_RUNS
    ):
        gains = _estimate_gains(base)
        questions = [QuestionGain(fact_id, gains.get(fact_id, Decimal(0))) for fact_id in ordered]
    else:
        before = count_open_points(base)
        questions = [
            QuestionGain(
                fact_id, _measure_gain(rules, base.situation, rules.vocabulary[fact_id], before)
            )
            for fact_id in ordered
        ]
    return tuple(
        sorted(
            questions,
            key=lambda question: -question.gain / answer_effort(rules.vocabulary[question.fact]),
        )
    )


def answer_effort(fact: Fact) -> int:
    """The effort of answering: 1 for a choice or the own date of birth, 2 for a number, 4 for a
    number that must be looked up in the records month by month."""
    if fact.derive and fact.derive.multiple is not None:
        return LOOK_UP_EFFORT
    if fact.derive and fact.derive.measure == "mean_base_ratio":
        return LOOK_UP_EFFORT
    return 2 if fact.is_number or fact.type == "dates" else 1


def count_open_points(assessment: Assessment) -> Decimal:
    """The points between the least and the most total, up to the threshold, plus 1 for each open
    condition and veto; 0 once the outcome is certain. In a ranked measure every point counts
    unless a veto or a condition excludes the person."""
    ranked = assessment.rules.decision.mode == "rank"
    barred = assessment.eligible is False and assessment.reached is False
    if assessment.vetoed or barred:
        return Decimal(0)
    if assessment.reached is not None and not ranked:
        return Decimal(0)
    low, high = assessment.bounds
    line = assessment.threshold
    if line is not None and not ranked:
        low, high = min(low, line), min(high, line)
    open_tests = sum(condition.met is None for condition in assessment.conditions)
    open_tests += sum(met is None for _, met in assessment.vetoes)
    open_tests += sum(way.met is None for way in assessment.ways)
    return high - low + open_tests


def _count_joint_runs(assessment: Assessment) -> int:
    """Evaluations that one score costs because open indicators share facts. A set that is too large
    to be exact costs nothing now, but as much as a set may once an answer makes it smaller."""
    known, sharing = assessment.situation.values, find_sharing(assessment.rules)
    absent = {
        number: [fact_id for fact_id in line.used if fact_id not in known]
        for number, line in enumerate(assessment.lines)
        if line.scaled_low != line.scaled_high
    }
    return sum(
        joint.runs if joint.exact else sharing.most for joint in sharing.find_joint_sets(absent)
    )


def _estimate_gains(assessment: Assessment) -> dict[str, Decimal]:
    """An estimated gain for each fact: its share of the open points of every indicator that reads
    it, and half of all open points for a condition or veto, which excludes the person or not."""
    rules, known = assessment.rules, assessment.situation.values
    all_points, gains = count_open_points(assessment), dict[str, Decimal]()

    def share(names: Iterable[str], points: Decimal) -> None:
        open_facts = {rules.vocabulary.find_asked_fact(name) for name in names if name not in known}
        for fact_id in open_facts:
            gains[fact_id] = gains.get(fact_id, Decimal(0)) + points / len(open_facts)

    for line in assessment.lines:
        low, high = line.bounds
        share(line.used, min(high - low, all_points))
    tests = [c.requirement.when for c in assessment.conditions if c.met is None]
    vetoes = (indicator.mechanism for indicator, met in assessment.vetoes if met is None)
    tests += [mechanism.when for mechanism in vetoes if isinstance(mechanism, Veto)]
    tests += [result.way.when for result in assessment.ways if result.met is None]
    for test in tests:
        share(list_condition_facts(test), all_points / 2)
    return gains


def _measure_gain(rules: Rules, situation: Situation, fact: Fact, before: Decimal) -> Decimal:
    answers = _representative_answers(rules, fact.id)
    if not answers:
        return Decimal(0)
    presets = _preset_answers(rules, fact.id, situation)
    remaining = sum(
        count_open_points(_score_with(rules, situation, {**presets, **values}))
        for values in answers
    )
    mean = Decimal(remaining) / len(answers)
    return before - mean


def _score_with(rules: Rules, situation: Situation, added_values: Mapping[str, Any]) -> Assessment:
    return score_situation(rules, replace(situation, values={**situation.values, **added_values}))


@lru_cache(maxsize=2048)
def _representative_answers(rules: Rules, fact_id: str) -> tuple[Mapping[str, Any], ...]:
    """The representative answers to a question, as the values that they give."""
    names = {name for name in rules.used if rules.vocabulary.find_asked_fact(name) == fact_id}
    values_by_fact: dict[str, set[Any]] = {}
    for answers in (*find_sharing(rules).answers, *_answers_of_conditions(rules)):
        for name in names & answers.keys():
            values_by_fact.setdefault(name, set()).update(answers[name])
    # one answer may give several facts (all count the same dates): take the one with most values
    if not values_by_fact:
        return ()
    name = max(sorted(values_by_fact), key=lambda each: len(values_by_fact[each]))
    values = sorted(values_by_fact[name], key=_value_sort_key)
    step = max(1, -(-len(values) // MOST_ANSWERS))
    return tuple({name: value} for value in values[::step])


def _answers_of_conditions(rules: Rules) -> Iterable[Mapping[str, tuple[Any, ...]]]:
    tests = [test.when for test in rules.entry_tests]
    tests += [
        indicator.mechanism.when
        for indicator in rules.indicators
        if isinstance(indicator.mechanism, Veto)
    ]
    return [list_condition_answers(test, rules.vocabulary) for test in tests]


def _value_sort_key(value: Any) -> tuple[bool, str, Any]:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return value is not None, "" if is_number else str(value), value if is_number else 0


def _preset_answers(rules: Rules, fact_id: str, situation: Situation) -> dict[str, Any]:
    """The default answers of the form to the questions that depend on this one."""
    return {
        fact.id: fact.form_default
        for fact in rules.vocabulary
        if fact.asked_after == fact_id and fact.form_default and fact.id not in situation.values
    }
