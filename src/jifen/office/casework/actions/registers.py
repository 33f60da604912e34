"""Registers are asked in the background and confirm facts by themselves, with source and time."""

import logging
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from jifen.facts.situation import examine_facts
from jifen.office.casework.actions.gates import update_gates
from jifen.office.casework.actions.unit_of_work import lock_case, record_event, save_derived_state
from jifen.office.casework.case_policy import IDENTITY, process_of, rules_of
from jifen.office.casework.models import Application, Finding, Item, RegisterCheck, Review, State
from jifen.office.casework.renewal.difference import is_nothing_claimed
from jifen.office.casework.renewal.straight_through import decide_straight_through
from jifen.office.registry.registers import AwaitsFile, RegisterAnswer, RegisterDown, find_register
from jifen.office.waiting.actions import Wait, WaitPlace, store_waits
from jifen.office.waiting.models import WaitKind
from jifen.policy.model import Rules

logger = logging.getLogger("jifen.casework")
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)
TRIES_BEFORE_NOTICE = 3
"""Tries after which somebody is told that a register does not answer."""


def ask_due_registers(max_checks: int = 50) -> int:
    """Ask what is due; how many were asked. One that stopped half-way is due again later."""
    asked = 0
    while asked < max_checks and (check := _claim_check()):
        _ask_register(check)
        asked += 1
    return asked


def _claim_check() -> RegisterCheck | None:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = RegisterCheck.objects.select_for_update(skip_locked=True)
        check = due.filter(free, state="due", due_at__lte=now).order_by("due_at").first()
        if check:
            check.lease_until, check.attempts = now + LEASE, check.attempts + 1
            check.save(update_fields=("lease_until", "attempts"))
        return check


def _ask_register(check: RegisterCheck) -> None:
    application = check.application
    try:
        answer = find_register(check.register).ask(
            check.register, application.city, application.person
        )
    except AwaitsFile:
        RegisterCheck.objects.filter(pk=check.pk, state="due").update(
            lease_until=None, due_at=timezone.now() + LONGEST_WAIT
        )
        return
    except RegisterDown as error:
        wait = min(timedelta(seconds=5 * 2**check.attempts), LONGEST_WAIT)
        logger.warning("%s does not answer: %s", check.register, type(error).__name__)
        RegisterCheck.objects.filter(pk=check.pk, state="due").update(
            lease_until=None, due_at=timezone.now() + wait
        )
        if check.attempts >= TRIES_BEFORE_NOTICE:
            _store_register_down(check, [Wait(WaitKind.REGISTER, check.register)])
        return
    _store_register_down(check, [])
    _apply_answer(check, answer)
    decide_straight_through(check.application_id)


def _store_register_down(check: RegisterCheck, waits: list[Wait]) -> None:
    """One row for a register of a city, however many cases wait for it."""
    city = check.application.city
    try:
        with transaction.atomic():
            store_waits(WaitPlace(f"register:{city} {check.register}", city), waits)
    except IntegrityError:
        logger.info("another worker has noted that %s is down", check.register)


def _apply_answer(check: RegisterCheck, answer: RegisterAnswer | None) -> None:
    with transaction.atomic():
        application = lock_case(check.application_id)
        row = RegisterCheck.objects.select_for_update().get(pk=check.pk)
        if row.state != "due":
            return  # answered meanwhile, by a second try
        row.state = "answered" if answer else "nothing"
        row.answered_at, row.due_at, row.lease_until = timezone.now(), None, None
        row.as_of = answer.as_of if answer else None
        row.save()
        if not _accepts_answers(application):
            return
        confirmed = _compare_facts(application, check.register, answer) if answer else []
        if application.kind == "renewal":
            confirmed += _confirm_unclaimed_facts(application, row, answer)
        if not confirmed and answer is None:
            return
        update_gates(application)
        details = {"register": check.register, "facts": confirmed}
        record_event(application, "register_answered", None, internal=True, details=details)
        save_derived_state(application)


def _accepts_answers(application: Application) -> bool:
    """Until a decision is proposed; a renewal also while nothing but registers is waited for, as a
    late answer may open what was carried over."""
    if application.state in (State.REVIEW, State.CORRECTION):
        return True
    waits = application.kind == "renewal" and not application.looked_through
    return waits and application.state == State.DECIDING


def _compare_facts(application: Application, name: str, answer: RegisterAnswer) -> list[str]:
    """Confirm what agrees, note what does not; facts that were not claimed are taken over."""
    rules = rules_of(application)
    items = {item.fact: item for item in application.items.all()}
    confirmed = []
    register_facts = _add_derived_facts(application, name, answer.facts)
    for fact, value in register_facts.items():
        if fact not in rules.vocabulary or fact == IDENTITY:
            continue
        item = items.get(fact) or Item(application=application, fact=fact)
        if item.finding != Finding.OPEN and not item.carried_from_id:
            continue
        agrees = not item.given or has_same_meaning(
            rules, fact, item.given[0], value, application.on
        )
        if item.carried_from_id:
            if agrees:
                continue
            _reopen_carried_item(item)
        if item.why == YEARLY and not agrees and name == POLICE:
            item.why = NEW_DEDUCTION
        if agrees or (item.why == YEARLY and _is_readable(rules, fact, value, application.on)):
            _confirm_item(item, f"register:{name}", value, answer)
            confirmed.append(fact)
        else:
            note = {"source": f"register:{name}", "value": value, "as_of": str(answer.as_of)}
            item.conflict = [*[c for c in item.conflict if c["source"] != note["source"]], note]
            item.save()
    return confirmed


def _add_derived_facts(
    application: Application, name: str, facts: dict[str, Any]
) -> dict[str, Any]:
    """A register that gives records gives with them every figure that follows from the records."""
    records = {f: v for f, v in facts.items() if f in ("contributions", "permit")}
    if not records:
        return facts
    rules, wanted = rules_of(application), process_of(application).registers.get(name, ())
    known = {f: v for f, v in records.items() if f in rules.vocabulary}
    values = examine_facts(rules, known, application.on)[0].values
    derived = {f: _to_plain_value(values[f]) for f in wanted if f in values and f not in known}
    return derived | facts


def _to_plain_value(value: Any) -> Any:
    """As the contract has it."""
    return value if value is None or isinstance(value, bool | int | list) else str(value)


def _confirm_unclaimed_facts(
    application: Application, check: RegisterCheck, answer: RegisterAnswer | None
) -> list[str]:
    """Where nothing was claimed and the register tells nothing either, nothing is confirmed; of
    deductions, which a department finds at its own gate, silence proves nothing."""
    process, rules = process_of(application), rules_of(application)
    facts_of_departments = {
        fact for gate in process.gates if gate.department for fact in gate.facts
    }
    answered_facts = set(answer.facts) if answer else set()
    facts = set(process.registers.get(check.register, ())) - answered_facts - facts_of_departments
    confirmed = []
    for item in application.items.filter(fact__in=facts, why=YEARLY, finding=Finding.OPEN):
        if check.register != POLICE and is_nothing_claimed(item.given, item.fact, rules):
            empty_answer = RegisterAnswer({}, check.as_of or timezone.localdate())
            _confirm_item(item, f"register:{check.register}", item.given[0], empty_answer)
            confirmed.append(item.fact)
    return confirmed


POLICE = "police"
NEW_DEDUCTION = "new_deduction"
YEARLY = "yearly"
"""Why a fact of a renewal is asked anew: what a register says today takes the place of last
year's value."""


def _reopen_carried_item(item: Item) -> None:
    """A fact that was carried over, of which a register says something else now."""
    item.finding, item.found, item.why = Finding.OPEN, [], "register_differs"
    item.carried_from, item.source, item.found_at = None, "", None


def _is_readable(rules: Rules, fact: str, value: Any, on: Any) -> bool:
    """Whether the rules can use what a register says; what they cannot is for a clerk."""
    return not examine_facts(rules, {fact: value}, on)[1]


def has_same_meaning(rules: Rules, fact: str, first_value: Any, second_value: Any, on: Any) -> bool:
    """Whether two given values mean the same to the rules (records: all that they give)."""
    (first_situation, first_faults), (second_situation, second_faults) = (
        examine_facts(rules, {fact: v}, on) for v in (first_value, second_value)
    )
    return (
        not first_faults and not second_faults and first_situation.values == second_situation.values
    )


def _confirm_item(item: Item, source: str, value: Any, answer: RegisterAnswer) -> None:
    item.finding, item.found = Finding.CONFIRMED, [value]
    item.source, item.source_as_of = source, answer.as_of
    item.found_by, item.found_at, item.conflict = None, timezone.now(), []
    item.save()
    Review.objects.create(
        application=item.application,
        fact=item.fact,
        gate="",
        finding=item.finding,
        found=item.found,
        source=source,
    )
