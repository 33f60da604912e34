"""What of last year's decision holds still, and why the rest is looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.office.casework.actions.review import nothing_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Finding, Item
from jifen.office.casework.standing import IDENTITY, process_of, rules_of
from jifen.policy.condition import list_condition_facts
from jifen.policy.model import Rules, list_facts_used
from jifen.policy.text import Text
from jifen.process import Process

WHY = {
    "rule_changed": Text("办法中的这一项有变动", "the measure changed this item"),
    "expired": Text("证明材料已过有效期", "the document has expired"),
    "employer_changed": Text("用人单位有变动", "the employer changed"),
    "yearly": Text("每年按登记重新核对", "checked anew each year"),
    "changed": Text("申报内容有修改", "the applicant changed it"),
    "new_deduction": Text("公安记录有新的情况", "police records tell something new"),
    "false_before": Text("去年的材料被认定为虚假", "last year's document was found to be false"),
    "register_differs": Text("登记部门的信息与去年不同", "a register says something else now"),
}
"""Why a fact is looked at again, in words."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One fact of the last decision. `why` is empty where it holds still."""

    item: Item
    why: str


def difference(old: Application, new: Application) -> list[Carried]:
    """Every fact that was confirmed for `old`, as it stands for its renewal `new`."""
    process, rules = process_of(new), rules_of(new)
    changed = set(changed_facts(rules_of(old), rules))
    moved = old.unit_id != new.unit_id
    items = old.items.exclude(finding=Finding.OPEN).exclude(fact=IDENTITY)
    return [
        Carried(item, _why(item, process, rules, changed, moved, new.on))
        for item in items
        if item.fact in rules.vocabulary
    ]


def _why(
    item: Item, process: Process, rules: Rules, changed: set[str], moved: bool, on: date
) -> str:
    renewal = process.renewal
    if item.fact in changed:
        return "rule_changed"
    if item.proof_until is not None and item.proof_until < on:
        return "expired"
    if renewal is None:
        return "yearly"
    if moved and item.fact in renewal.with_employer:
        return "employer_changed"
    if item.fact in renewal.lasting:
        return ""
    registered = any(item.fact in facts for facts in process.registers.values())
    return "yearly" if registered or not claims_nothing(item.found, item.fact, rules) else ""


def claims_nothing(value: list[Any], fact: str, rules: Rules) -> bool:
    """Whether nothing is claimed, so that there is nothing to prove."""
    try:
        return bool(value == [nothing_of(rules, fact)])
    except CaseFault:
        return False


def changed_facts(before: Rules, after: Rules) -> Iterator[str]:
    """The facts whose use differs between two editions: an indicator or condition that uses them
    is new, gone or different."""
    if before is after:
        return
    one, other = _uses(before), _uses(after)
    for fact in {*one, *other}:
        if one.get(fact) != other.get(fact):
            yield fact


def _uses(rules: Rules) -> dict[str, dict[str, Any]]:
    """Fact → what uses it, by id."""
    found: dict[str, dict[str, Any]] = {}
    for indicator in rules.indicators:
        for fact in list_facts_used(indicator):
            for name in {fact, rules.vocabulary.find_asked_fact(fact)}:
                found.setdefault(name, {})[indicator.id] = (indicator.mechanism, indicator.when)
    for requirement in rules.requirements:
        for fact in list_condition_facts(requirement.when):
            found.setdefault(fact, {})[f"condition {requirement.id}"] = requirement.when
    return found
