"""Which documents follow from what somebody claims, each with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.policy.condition import list_condition_facts
from jifen.policy.model import Indicator, Rules, list_facts_used
from jifen.policy.text import Text
from jifen.process.model import Material, Process
from jifen.scoring.result import format_clause


@dataclass(frozen=True, slots=True)
class Why:
    """A fact that the document proves, and the indicator or condition that uses it."""

    fact: str
    indicator: str
    label: Text
    cite: Text


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is asked for. `why` is empty where it is always asked."""

    material: Material
    why: tuple[Why, ...]


def materials_for(process: Process, rules: Rules, values: Mapping[str, Any]) -> tuple[Wanted, ...]:
    """The documents for these values (facts as understood; absent ones are missing keys).

    A fact that claims nothing (no, none, zero, does not apply, absent) needs no proof.
    """
    wanted = []
    for material in process.materials:
        claimed = [fact for fact in material.facts if _claims(fact, rules, values)]
        if material.always or (claimed and _holds(material, values)):
            why = [reason for fact in claimed for reason in _reasons(rules, fact)]
            wanted.append(Wanted(material, tuple(dict.fromkeys(why))))
    return tuple(wanted)


def _claims(fact: str, rules: Rules, values: Mapping[str, Any]) -> bool:
    value = values.get(fact)
    if not _reasons(rules, fact) or value is None or value == "none" or value is False:
        return False
    if isinstance(value, date | str | bool):
        return True
    return bool(value)


def _holds(material: Material, values: Mapping[str, Any]) -> bool:
    if material.when is None:
        return True
    known = all(fact in values for fact in list_condition_facts(material.when))
    return known and bool(material.when.compile_test()(values))


def _reasons(rules: Rules, fact: str) -> tuple[Why, ...]:
    users: list[Any] = [i for i in rules.indicators if fact in _asked(rules, i)]
    users += [r for r in rules.requirements if fact in list_condition_facts(r.when)]
    return tuple(
        Why(
            fact,
            user.id,
            user.label,
            _cite(user),
        )
        for user in users
    )


def _asked(rules: Rules, indicator: Indicator) -> set[str]:
    used = list_facts_used(indicator)
    return {*used, *(rules.vocabulary.find_asked_fact(fact) for fact in used)}


def _cite(user: Any) -> Text:
    return Text(format_clause(user.basis, "zh") or "", format_clause(user.basis, "en") or "")
