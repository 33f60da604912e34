"""The whole document of a measure on a day."""

import json
from datetime import date
from typing import Any

from jifen.policy.joint_sets import Sharing, find_sharing
from jifen.policy.model import Caution, Requirement, Rules
from jifen.scoring.device.facts import facts_of_city, sections_of, units_of
from jifen.scoring.device.numbers import CannotCarry, encoded, encoded_all
from jifen.scoring.device.rules import RuleWriter, clause_of, relations_of
from jifen.scoring.device.words import both, fault_words, phrases
from jifen.scoring.standing.presume import presumed_values

FORMAT = "jifen.device.v1"


def device_bytes(rules: Rules, on: date) -> bytes:
    """The document as it is served: JSON in UTF-8. Raises CannotCarry."""
    document = device_document(rules, on)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def device_document(rules: Rules, on: date, most: int | None = None) -> dict[str, Any]:
    """The document of some rules on a day of assessment. `most` replaces the evaluations that
    bounds of one indicator, set or condition may cost.

    Raises CannotCarry where a rule, a range or a figure has no exact place in it.
    """
    if rules.derived:  # numbers that a formula reckons from records
        raise CannotCarry(rules.derived[0].fact.id)
    writer, vocabulary = RuleWriter(rules), rules.vocabulary
    sharing = Sharing(rules, most) if most else find_sharing(rules)
    decision = rules.decision
    line = writer.points(decision.threshold_on(on), "line") if decision.has_threshold else None
    return {
        "format": FORMAT,
        "city": rules.city,
        "policy": rules.policy,
        "version": rules.version,
        "title": both(rules.title),
        "hash": rules.hash,
        "readings": dict(rules.readings),
        "on": on.isoformat(),
        "counting_day": rules.reference.day_for(on).isoformat(),
        "whole_months": rules.reference.kind != "on_the_day",
        "precision": rules.precision,
        "floor": None if rules.floor is None else writer.points(rules.floor, "floor"),
        "line": line,
        "ranked": decision.mode == "rank",
        "most": sharing.most,
        "facts": facts_of_city(rules),
        "sections": sections_of(rules),
        "relations": relations_of(vocabulary),
        "presumed": {
            ident: encoded(vocabulary[ident], value)
            for ident, value in presumed_values(rules, on).items()
        },
        "groups": [writer.group(group) for group in rules.groups],
        "indicators": [
            writer.indicator(indicator, answers)
            for indicator, answers in zip(rules.indicators, sharing.answers, strict=True)
        ],
        "shared": {
            ident: None if values is None else encoded_all(vocabulary[ident], values)
            for ident, values in sharing.shared.items()
        },
        "conditions": [_requirement(writer, requirement) for requirement in rules.requirements],
        "cautions": [_caution(writer, caution) for caution in rules.cautions],
        "units": units_of(rules),
        "words": phrases(),
        "faults": fault_words(),
    }


def _requirement(writer: RuleWriter, requirement: Requirement) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "label": both(requirement.label),
        "clause": clause_of(requirement.basis),
        "remedy": both(requirement.remedy),
        **writer.tested(requirement.when),
    }


def _caution(writer: RuleWriter, caution: Caution) -> dict[str, Any]:
    return {"id": caution.id, "words": both(caution.words), **writer.tested(caution.when)}
