"""The rules of a case, and the facts of a person that they are asked about."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen import cities
from jifen.facts.fault import FactFault
from jifen.facts.situation import Situation, examine_facts
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Decision, FalseRecord, Finding, Item
from jifen.office.casework.words import say
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.process import Process, find_process
from jifen.scoring import Assessment, score_situation
from jifen.scoring.result_status import ResultStatus, derive_stored_status

IDENTITY = "identity_number"
FALSE_MATERIAL = "false_material_dates"


@dataclass(frozen=True)
class ScoredFacts:
    """Facts with the score that they give, and what could not be read of them."""

    facts: dict[str, Any]
    situation: Situation
    faults: tuple[FactFault, ...]
    assessment: Assessment


def policy_on(city: str, on: date) -> Policy:
    """The measure in force. Raises CaseFault where there is none."""
    policy = cities.in_force(city, on)
    if policy is None:
        raise CaseFault(
            "JF-K002",
            say("case_policy.no_measure_is_in_force", on=on),
        )
    return policy


def policy_of(application: Application) -> Policy:
    """The measure by which the case is decided: that of the day of receipt (of today, a draft)."""
    return cities.load(application.city, application.policy_version)


def rules_of(application: Application) -> Rules:
    """Its rules on the day that counts."""
    return policy_of(application).rules_on(application.on)


def is_ranked(application: Application) -> bool:
    """Whether those at the line are ranked within a quota."""
    return rules_of(application).decision.mode == "rank"


def standing_of_decision(decision: Decision) -> ResultStatus:
    """What a decision amounts to, by the result that was stored with it."""
    result = json.loads(decision.result)
    return derive_stored_status(result, ranked=is_ranked(decision.application))


def process_of(application: Application) -> Process:
    """The procedure of the case."""
    return find_process(application.city, application.on)


def label_item(application: Application, kind: str, key: str) -> Text:
    """The name of a fact or a document of a case; its id where the rules know it no more."""
    if kind == "material":
        material = process_of(application).find_material(key)
        return material.label if material else Text(key, key)
    fact = rules_of(application).vocabulary.get(key)
    return fact.label if fact else Text(key, key)


def select_claimed_facts(items: Iterable[Item]) -> dict[str, Any]:
    """The facts as the applicant gives them."""
    return {item.fact: item.given[0] for item in items if item.given}


def select_confirmed_facts(items: Iterable[Item]) -> dict[str, Any]:
    """The facts as confirmed; those still open are absent."""
    return {item.fact: item.found[0] for item in items if item.finding != Finding.OPEN}


def score_facts(application: Application, facts: dict[str, Any]) -> ScoredFacts:
    """Score facts under the rules of the case; what cannot be read is left out and told."""
    rules = rules_of(application)
    given = add_false_material_dates(application, facts, rules)
    if IDENTITY in rules.vocabulary and application.person.identity:
        given = {IDENTITY: application.person.identity} | given
    situation, faults = examine_facts(rules, given, application.on)
    return ScoredFacts(given, situation, tuple(faults), score_situation(rules, situation))


def add_false_material_dates(
    application: Application, facts: dict[str, Any], rules: Rules
) -> dict[str, Any]:
    """The days of effective findings of false material are facts of later scores."""
    if FALSE_MATERIAL not in rules.vocabulary:
        return facts
    on = application.on
    records = FalseRecord.objects.filter(
        person=application.person_id, state="effective", effective_on__lte=on
    ).exclude(expires_on__lt=on)
    effective_days = sorted(
        {row.isoformat() for row in records.values_list("effective_on", flat=True) if row}
    )
    if not effective_days:
        return facts
    given_days = facts.get(FALSE_MATERIAL)
    given_day_texts = [str(day) for day in given_days] if isinstance(given_days, list) else []
    return facts | {FALSE_MATERIAL: sorted({*given_day_texts, *effective_days})}
