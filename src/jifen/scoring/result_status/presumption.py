"""The assessment of a person if nothing adverse is on record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from jifen.facts.situation import Situation, examine_facts
from jifen.policy.model import Rules
from jifen.scoring.evaluator import score_situation
from jifen.scoring.result import Assessment


def presume_clean_record(assessment: Assessment) -> Assessment:
    """The same person with every missing fact at the value that its city presumes; the same
    assessment where nothing is presumed. Facts that were given are never changed."""
    situation = assessment.situation
    values = presumed_values(assessment.rules, situation.on)
    added = {
        fact_id: value
        for fact_id, value in values.items()
        if _may_take_value(situation, fact_id, value)
    }
    if not added:
        return assessment
    return score_situation(assessment.rules, replace(situation, values=situation.values | added))


@lru_cache(maxsize=256)
def presumed_values(rules: Rules, on: date) -> Mapping[str, Any]:
    """The presumed values of the facts that the rules use, and what is derived from them."""
    presumed = {fact.id: fact.presumed.value for fact in rules.vocabulary if fact.presumed}
    situation, _ = examine_facts(rules, presumed, on)
    return situation.values


def _may_take_value(situation: Situation, fact_id: str, value: Any) -> bool:
    """Whether a fact is missing and its records, if there are any, allow the value."""
    if fact_id in situation.values:
        return False
    low, high = situation.ranges.get(fact_id, (value, value))
    return bool(low <= value <= high) if fact_id in situation.ranges else True
