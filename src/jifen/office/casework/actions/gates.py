"""Which gate confirms which fact; a gate whose facts are all decided is passed."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from jifen.facts.form import list_asked_facts
from jifen.office.accounts.models import User
from jifen.office.casework.case_policy import (
    process_of,
    rules_of,
    score_facts,
    select_claimed_facts,
)
from jifen.office.casework.models import Application, Finding, Gate, GateState, Item
from jifen.process import Process
from jifen.process.model import ProcessGate as GateRule

OPEN_AGAIN: dict[str, Any] = {
    "finding": Finding.OPEN,
    "found": [],
    "found_at": None,
    "carried_from": None,
}
"""What a fact is that has to be looked at again; it is last year's no more."""


def gate_of(process: Process, fact: str) -> GateRule:
    """The gate that confirms a fact: the one that names it, else the one for all others."""
    named = next((gate for gate in process.gates if fact in gate.facts), None)
    return named or next(gate for gate in process.gates if "*" in gate.facts)


def list_facts_to_review(application: Application) -> list[str]:
    """The facts that must be confirmed before a decision: all that were claimed and that the rules
    use, and those that nobody claimed but that matter. In the order of the form."""
    items = list(application.items.all())
    claimed_facts = select_claimed_facts(items)
    missing = set(score_facts(application, claimed_facts).assessment.missing)
    order = (*rules_of(application).vocabulary.ids,)
    usable_facts = set(list_asked_facts(rules_of(application))) | {"contributions", "permit"}
    wanted = {fact for fact in claimed_facts if fact in usable_facts} | missing
    wanted |= {item.fact for item in items if item.finding != Finding.OPEN}
    return [fact for fact in order if fact in wanted]


def list_open_facts(application: Application, gate: str) -> list[str]:
    """What one gate has still to decide."""
    process = process_of(application)
    decided = _select_decided_facts(application.items.all())
    return [
        fact
        for fact in list_facts_to_review(application)
        if fact not in decided and gate_of(process, fact).id == gate
    ]


def _select_decided_facts(items: Iterable[Item]) -> set[str]:
    return {item.fact for item in items if item.finding != Finding.OPEN}


def update_gates(application: Application, by: User | None = None) -> None:
    """Pass every open gate with nothing left to decide, and open those that waited for it. A gate
    that was passed and has something to decide again is opened again."""
    process = process_of(application)
    rows = {row.gate: row for row in application.gates.all()}
    for rule in process.gates:
        row = rows[rule.id]
        ready = all(rows[before].state == GateState.PASSED for before in rule.after)
        facts_left = list_open_facts(application, rule.id)
        if ready and not facts_left:
            _pass_gate(row, by)
        elif ready:
            _open_gate(row)
        elif row.state != GateState.WAITING:
            _hold_gate(row)


def _pass_gate(row: Gate, by: User | None) -> None:
    if row.state != GateState.PASSED:
        row.state, row.passed_at, row.passed_by = GateState.PASSED, timezone.now(), by
        row.opened_at = row.opened_at or row.passed_at
        row.save()


def _open_gate(row: Gate) -> None:
    if row.state != GateState.OPEN:
        row.state, row.opened_at = GateState.OPEN, timezone.now()
        row.passed_at = row.passed_by = None
        row.save()


def _hold_gate(row: Gate) -> None:
    row.state, row.passed_at, row.passed_by = GateState.WAITING, None, None
    row.holder = row.held_until = None
    row.save()
