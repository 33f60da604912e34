"""The facts of a city as a device needs them: how each is read, derived, asked and said."""

from typing import Any

from jifen.facts.form import find_negative_answer, is_from_spells, list_asked_facts
from jifen.facts.reading_plan import build_reading_plan
from jifen.policy.model import Rules
from jifen.policy.quantity import UNITS
from jifen.policy.vocabulary import Fact
from jifen.scoring.device.insurance import write_month_measure
from jifen.scoring.device.numbers import NotRepresentable, decimal_places_of, scale_exactly
from jifen.scoring.device.texts import write_text
from jifen.scoring.json_values import to_json_value
from jifen.scoring.question_order import answer_effort

_MEASURES_OF_DATES = ("completed_years", "records_in_window")
"""Measures of dates that were answered."""


def write_city_facts(rules: Rules) -> list[dict[str, Any]]:
    """Every fact of the city, in the order of the form."""
    asked_here = frozenset(list_asked_facts(rules))
    return [_write_fact(rules, fact, fact.id in asked_here) for fact in rules.vocabulary]


def _write_fact(rules: Rules, fact: Fact, is_asked: bool) -> dict[str, Any]:
    plan = build_reading_plan(rules)
    written: dict[str, Any] = {"id": fact.id, "type": fact.type, "label": write_text(fact.label)}
    if fact.is_number:
        places = decimal_places_of(fact)
        written["places"] = places
        written["least"] = scale_exactly(fact.least, places, fact.id)
        written["most"] = scale_exactly(fact.most, places, fact.id)
    if fact.unit:
        written["unit"] = fact.unit
    if fact.options:
        written["options"] = [[option.id, write_text(option.label)] for option in fact.options]
    if fact.presumed:
        written["presumed"] = to_json_value(fact.presumed.value)
    written |= _write_derivation(rules, fact)
    flags = {
        "record": fact.is_record,
        "always": fact.always_applies,
        "used": fact.id in plan.used,
        "useful": fact.id in plan.useful,
        "asked": is_asked,
    }
    written |= {name: True for name, holds in flags.items() if holds}
    return written | (_write_question(rules, fact) if is_asked else {})


def _write_derivation(rules: Rules, fact: Fact) -> dict[str, Any]:
    """How dates give the fact; nothing where a record does."""
    derivation = fact.derive
    if derivation is None:
        return {}
    source = rules.vocabulary[derivation.source]
    if source.type == "contributions":
        return {
            "by_record": source.id,
            "months": write_month_measure(derivation, fact.id),
        }
    if source.is_record:
        return {"by_record": source.id}
    sound = source.always_applies or derivation.measure != "completed_years"
    if derivation.measure not in _MEASURES_OF_DATES or not sound:
        raise NotRepresentable(fact.id)
    written = {
        "from": derivation.source,
        "measure": derivation.measure,
        "window": derivation.window,
    }
    day_of_year = {"at": f"{derivation.at[0]:02}-{derivation.at[1]:02}"} if derivation.at else {}
    return {"derive": written | day_of_year}


def _write_question(rules: Rules, fact: Fact) -> dict[str, Any]:
    question = {
        "section": fact.section,
        "after": fact.asked_after,
        "preset": fact.form_default,
        "none": find_negative_answer(rules, fact.id),
        "by_spells": is_from_spells(fact),
        "effort": answer_effort(fact),
        "optional": not fact.always_applies and fact.type != "bool" and "none" not in fact.ids,
    }
    return {name: value for name, value in question.items() if value not in ("", ["", ""], False)}


def write_sections(rules: Rules) -> list[dict[str, Any]]:
    """The parts of the form."""
    return [
        {"id": section.id, "label": write_text(section.label)}
        for section in rules.vocabulary.sections
    ]


def write_units(rules: Rules) -> dict[str, list[str]]:
    """The words of the units that the facts have: Chinese, one in English, several in English."""
    used = {fact.unit for fact in rules.vocabulary if fact.unit}
    return {unit: list(words) for unit, words in UNITS.items() if unit in used}
