"""The whole document of a measure on a day."""

import json
from datetime import date
from typing import Any

from jifen.policy.joint_sets import Sharing, find_sharing
from jifen.policy.model import Caution, Requirement, Rules
from jifen.scoring.device.facts import write_city_facts, write_sections, write_units
from jifen.scoring.device.insurance import write_insurance
from jifen.scoring.device.numbers import NotRepresentable, encode_value, encode_values
from jifen.scoring.device.rules import RuleWriter, write_clause, write_relations
from jifen.scoring.device.texts import write_fault_sentences, write_phrases, write_text
from jifen.scoring.result_status.presumption import presumed_values

FORMAT = "jifen.device.v1"


def serialize_device_document(rules: Rules, on: date) -> bytes:
    """The document as it is served: JSON in UTF-8. Raises CannotCarry."""
    document = build_device_document(rules, on)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def build_device_document(rules: Rules, on: date, most: int | None = None) -> dict[str, Any]:
    """The document of some rules on a day of assessment. `most` replaces the evaluations that
    bounds of one indicator, set or condition may cost.

    Raises CannotCarry where a rule, a range or a figure has no exact place in it.
    """
    if rules.derived:  # numbers that a formula reckons from records
        raise NotRepresentable(rules.derived[0].fact.id)
    if rules.ways:  # the site says who comes in without points
        raise NotRepresentable(rules.ways[0].id)
    writer, vocabulary = RuleWriter(rules), rules.vocabulary
    sharing = Sharing(rules, most) if most else find_sharing(rules)
    decision = rules.decision
    line = (
        writer.write_points(decision.threshold_on(on), "line") if decision.has_threshold else None
    )
    return {
        "format": FORMAT,
        "city": rules.city,
        "policy": rules.policy,
        "version": rules.version,
        "hash": rules.hash,
        "readings": rules.choices,
        "on": on.isoformat(),
        "counting_day": rules.reference.day_for(on).isoformat(),
        "whole_months": rules.reference.kind != "on_the_day",
        "precision": rules.precision,
        "floor": None if rules.floor is None else writer.write_points(rules.floor, "floor"),
        "line": line,
        "ranked": decision.mode == "rank",
        "most": sharing.most,
        "facts": write_city_facts(rules),
        "sections": write_sections(rules),
        "relations": write_relations(vocabulary),
        "presumed": {
            fact_id: encode_value(vocabulary[fact_id], value)
            for fact_id, value in presumed_values(rules, on).items()
        },
        "groups": [writer.write_group(group) for group in rules.groups],
        "indicators": [
            writer.write_indicator(indicator, answers)
            for indicator, answers in zip(rules.indicators, sharing.answers, strict=True)
        ],
        "shared": {
            fact_id: None if values is None else encode_values(vocabulary[fact_id], values)
            for fact_id, values in sharing.shared.items()
        },
        "conditions": [
            _write_requirement(writer, requirement) for requirement in rules.requirements
        ],
        "cautions": [_write_caution(writer, caution) for caution in rules.cautions],
        "insurance": write_insurance(rules, on) if _reads_insurance(rules) else None,
        "units": write_units(rules),
        "words": write_phrases(),
        "faults": write_fault_sentences(),
    }


def _reads_insurance(rules: Rules) -> bool:
    return any(fact.type == "contributions" for fact in rules.vocabulary)


def _write_requirement(writer: RuleWriter, requirement: Requirement) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "label": write_text(requirement.label),
        "clause": write_clause(requirement.basis),
        "remedy": write_text(requirement.remedy),
        **writer.write_test(requirement.when),
    }


def _write_caution(writer: RuleWriter, caution: Caution) -> dict[str, Any]:
    return {"id": caution.id, "words": write_text(caution.words), **writer.write_test(caution.when)}
