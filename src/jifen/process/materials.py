"""Which documents follow from what somebody claims, each with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.policy.condition import list_condition_facts
from jifen.policy.model import Indicator, Rules, list_facts_used
from jifen.policy.text import Text
from jifen.process.model import MaterialRule, Process
from jifen.scoring.clause_words import format_clause


@dataclass(frozen=True, slots=True)
class MaterialReason:
    """A fact that the document proves, and the indicator or condition that uses it."""

    fact: str
    indicator: str
    label: Text
    cite: Text


@dataclass(frozen=True, slots=True)
class RequiredMaterial:
    """A document that is asked for. `why` is empty where it is always asked."""

    material: MaterialRule
    why: tuple[MaterialReason, ...]


def list_required_materials(
    process: Process, rules: Rules, values: Mapping[str, Any]
) -> tuple[RequiredMaterial, ...]:
    """The documents for these values (facts as understood; absent ones are missing keys).

    A fact that claims nothing (no, none, zero, does not apply, absent) needs no proof.
    """
    wanted = []
    for material in process.materials:
        claimed = [fact for fact in material.facts if _is_claimed(fact, rules, values)]
        if material.always or (claimed and _is_needed(material, values)):
            why = [reason for fact in claimed for reason in _list_reasons(rules, fact)]
            wanted.append(RequiredMaterial(material, tuple(dict.fromkeys(why))))
    return tuple(wanted)


def reasons_of(material: MaterialRule, rules: Rules) -> tuple[MaterialReason, ...]:
    """Every reason for which a document may be asked, whatever somebody claims."""
    every = [reason for fact in material.facts for reason in _list_reasons(rules, fact)]
    return tuple(dict.fromkeys(every))


def _is_claimed(fact: str, rules: Rules, values: Mapping[str, Any]) -> bool:
    value = values.get(fact)
    if not _list_reasons(rules, fact) or value is None or value == "none" or value is False:
        return False
    if isinstance(value, date | str | bool):
        return True
    return bool(value)


def _is_needed(material: MaterialRule, values: Mapping[str, Any]) -> bool:
    if material.when is None:
        return True
    known = all(fact in values for fact in list_condition_facts(material.when))
    return known and bool(material.when.compile_test()(values))


def _list_reasons(rules: Rules, fact: str) -> tuple[MaterialReason, ...]:
    users: list[Any] = [i for i in rules.indicators if fact in _list_asked_facts(rules, i)]
    users += [r for r in rules.entry_tests if fact in list_condition_facts(r.when)]
    return tuple(
        MaterialReason(
            fact,
            user.id,
            user.label,
            _cite_clause(user),
        )
        for user in users
    )


def _list_asked_facts(rules: Rules, indicator: Indicator) -> set[str]:
    used = list_facts_used(indicator)
    return {*used, *(rules.vocabulary.find_asked_fact(fact) for fact in used)}


def _cite_clause(user: Any) -> Text:
    return Text(format_clause(user.basis, "zh") or "", format_clause(user.basis, "en") or "")
