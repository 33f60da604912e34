"""What of last year's decision holds still, and why the rest is looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.office.casework.actions.review import empty_value_of
from jifen.office.casework.case_policy import IDENTITY, process_of, rules_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Finding, Item
from jifen.office.casework.words import say
from jifen.policy.condition import list_condition_facts
from jifen.policy.model import Rules, list_facts_used
from jifen.process import Process

WHY = {
    "rule_changed": say("renewal.difference.why_rule_changed"),
    "expired": say("renewal.difference.why_expired"),
    "employer_changed": say("renewal.difference.why_employer_changed"),
    "yearly": say("renewal.difference.why_yearly"),
    "changed": say("renewal.difference.why_changed"),
    "new_deduction": say("renewal.difference.why_new_deduction"),
    "false_before": say("renewal.difference.why_false_before"),
    "register_differs": say("renewal.difference.why_register_differs"),
}
"""Why a fact is looked at again, in words."""


@dataclass(frozen=True, slots=True)
class CarriedFact:
    """One fact of the last decision. `why` is empty where it holds still."""

    item: Item
    why: str


def list_carried_facts(old: Application, new: Application) -> list[CarriedFact]:
    """Every fact that was confirmed for `old`, as it stands for its renewal `new`."""
    process, rules = process_of(new), rules_of(new)
    changed = set(list_changed_facts(rules_of(old), rules))
    employer_changed = old.unit_id != new.unit_id
    items = old.items.exclude(finding=Finding.OPEN).exclude(fact=IDENTITY)
    return [
        CarriedFact(
            item, _find_review_reason(item, process, rules, changed, employer_changed, new.on)
        )
        for item in items
        if item.fact in rules.vocabulary
    ]


def _find_review_reason(
    item: Item, process: Process, rules: Rules, changed: set[str], employer_changed: bool, on: date
) -> str:
    renewal = process.renewal
    if item.fact in changed:
        return "rule_changed"
    if item.proof_until is not None and item.proof_until < on:
        return "expired"
    if renewal is None:
        return "yearly"
    if employer_changed and item.fact in renewal.with_employer:
        return "employer_changed"
    if item.fact in renewal.lasting:
        return ""
    is_registered = any(item.fact in facts for facts in process.registers.values())
    return "yearly" if is_registered or not is_nothing_claimed(item.found, item.fact, rules) else ""


def is_nothing_claimed(value: list[Any], fact: str, rules: Rules) -> bool:
    """Whether nothing is claimed, so that there is nothing to prove."""
    try:
        return bool(value == [empty_value_of(rules, fact)])
    except CaseFault:
        return False


def list_changed_facts(before: Rules, after: Rules) -> Iterator[str]:
    """The facts whose use differs between two editions: an indicator or condition that uses them
    is new, gone or different."""
    if before is after:
        return
    old_uses, new_uses = _map_fact_uses(before), _map_fact_uses(after)
    for fact in {*old_uses, *new_uses}:
        if old_uses.get(fact) != new_uses.get(fact):
            yield fact


def _map_fact_uses(rules: Rules) -> dict[str, dict[str, Any]]:
    """Fact → what uses it, by id."""
    uses: dict[str, dict[str, Any]] = {}
    for indicator in rules.indicators:
        for fact in list_facts_used(indicator):
            for name in {fact, rules.vocabulary.find_asked_fact(fact)}:
                uses.setdefault(name, {})[indicator.id] = (indicator.mechanism, indicator.when)
    for requirement in rules.requirements:
        for fact in list_condition_facts(requirement.when):
            uses.setdefault(fact, {})[f"condition {requirement.id}"] = requirement.when
    return uses
