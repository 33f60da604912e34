"""Clerks confirm facts, item by item; nobody types points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from jifen.facts.form import NONE, NOT_APPLICABLE, find_negative_answer
from jifen.facts.situation import examine_facts
from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.gates import gate_of, update_gates
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.case_policy import process_of, rules_of
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import (
    Application,
    Decision,
    Finding,
    Gate,
    GateState,
    Item,
    MaterialVersion,
    Review,
)
from jifen.office.casework.rules import CLERK, REVIEWER
from jifen.office.casework.words import say
from jifen.policy.model import Rules
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact

HOLD_TIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class FactFinding:
    """What a clerk found of one fact. `value` ([v]) for a correction; a rejection means that there
    is none of it; both need a reason code of the process and words."""

    fact: str
    finding: str
    value: Sequence[Any] = ()
    reason: str = ""
    words: str = ""
    documents: Sequence[int] = ()


def take_gate(case: CaseAccess, gate: str) -> Gate:
    """Have a gate for half an hour; nobody else can act in it until then. Raises CaseFault where
    somebody has it."""
    with act_on_case(case, "take") as application:
        row = application.gates.select_for_update().filter(gate=gate).first()
        if row is None or row.state != GateState.OPEN or not can_act_in(case, row):
            raise NotAllowed("JF-K003", _NOT_YOURS)
        _refuse_held_gate(row, case.user)
        row.holder, row.held_until = case.user, timezone.now() + HOLD_TIME
        row.save(update_fields=("holder", "held_until"))
        record_event(application, "taken", case, internal=True, details={"gate": gate})
        return row


def release_gate(case: CaseAccess, gate: str) -> None:
    """Let it go for somebody else."""
    with act_on_case(case, "take") as application:
        rows = application.gates.filter(gate=gate, holder=case.user)
        rows.update(holder=None, held_until=None)
        record_event(application, "released", case, internal=True, details={"gate": gate})


def can_act_in(case: CaseAccess, gate: Gate) -> bool:
    """Clerks act in the gates of the office, reviewers in that of their department."""
    if gate.department:
        return REVIEWER in case.sides and gate.department in case.departments
    return CLERK in case.sides


def record_finding(case: CaseAccess, finding: FactFinding, *, version: int | None = None) -> Item:
    """Confirm, correct or reject a fact. Raises CaseFault with the place, NotAllowed, Changed."""
    return record_findings(case, [finding], version=version)[0]


def record_findings(
    case: CaseAccess, findings: Sequence[FactFinding], *, version: int | None = None
) -> list[Item]:
    """Confirm, correct or reject several facts in one act: all of them or, on any fault, none.
    Each fact has its own entry in the history and the log. Raises as `find` does."""
    with act_on_case(case, "find", version=version) as application:
        items = [_apply_finding(case, application, finding) for finding in findings]
        update_gates(application, case.user)
        return items


def _apply_finding(case: CaseAccess, application: Application, finding: FactFinding) -> Item:
    gate = _lock_gate_of_fact(case, application, finding.fact)
    item = application.items.filter(fact=finding.fact).first()
    item = item or Item(application=application, fact=finding.fact)
    before = list(item.found)
    value = _choose_value(rules_of(application), item, finding, application.on)
    _write_finding(item, finding, value, case.user)
    _void_proposal(application, finding.fact)
    _store_review(application, item, finding, gate.gate, before)
    details = {"fact": finding.fact, "finding": finding.finding, "reason": finding.reason}
    record_event(application, "found", case, internal=True, details=details)
    return item


def _lock_gate_of_fact(case: CaseAccess, application: Application, fact: str) -> Gate:
    """The gate of a fact, if the asker may act in it and nobody else holds it."""
    rule = gate_of(process_of(application), fact)
    row = application.gates.select_for_update().get(gate=rule.id)
    if not can_act_in(case, row):
        raise NotAllowed("JF-K003", _NOT_YOURS, fact)
    _refuse_held_gate(row, case.user)
    return row


def _refuse_held_gate(row: Gate, user: User) -> None:
    held = row.holder_id not in (None, user.pk)
    if held and row.held_until and row.held_until > timezone.now():
        name = row.holder.get_full_name() if row.holder else ""
        until = timezone.localtime(row.held_until).strftime("%H:%M")
        raise CaseFault(
            "JF-K030",
            say("actions.review.has_this_gate_until_try", name=name, until=until),
        )


_NOT_YOURS = say("actions.review.not_yours")


def _choose_value(rules: Rules, item: Item, finding: FactFinding, on: date) -> Any:
    if finding.finding not in (Finding.CONFIRMED, Finding.CORRECTED, Finding.REJECTED):
        raise CaseFault("JF-K031", _NO_FINDING, finding.fact)
    if finding.finding != Finding.CONFIRMED and not (finding.reason and finding.words.strip()):
        words = say("actions.review.to_correct_or_reject_choose")
        raise CaseFault("JF-K032", words, finding.fact)
    if finding.finding == Finding.REJECTED:
        return empty_value_of(rules, finding.fact)
    given = finding.value if finding.finding == Finding.CORRECTED else item.given
    return _check_readable(rules, finding.fact, list(given), on)


_NO_FINDING = say("actions.review.no_finding")
_NO_VALUE = say("actions.review.no_value")


def _check_readable(rules: Rules, fact: str, value: list[Any], on: date) -> Any:
    """The one value, if the rules can read it."""
    if not value or fact not in rules.vocabulary:
        raise CaseFault("JF-K033", _NO_VALUE, fact)
    _, faults = examine_facts(rules, {fact: value[0]}, on)
    if faults:
        raise CaseFault(
            "JF-K034", Text(faults[0].to_sentence("zh"), faults[0].to_sentence("en")), fact
        )
    return value[0]


def empty_value_of(rules: Rules, fact_id: str) -> Any:
    """The value by which a fact is there no more: none, no, zero, no dates, or does not apply.
    Raises CaseFault where a fact always has a value (a birth date), which can be corrected only."""
    fact = rules.vocabulary[fact_id]
    if fact.type == "contributions":
        return []
    if fact.is_number and fact.least <= 0 <= fact.most:
        return 0
    text = find_negative_answer(rules, fact_id) or _default_empty_answer(fact)
    if text == NONE:
        return [] if fact.type == "dates" else NONE
    if text == NOT_APPLICABLE:
        return None
    if text == "false":
        return False
    words = say("actions.review.cannot_be_rejected_correct", fact_label=fact.label)
    raise CaseFault("JF-K035", words, fact_id)


def _default_empty_answer(fact: Fact) -> str:
    if fact.type == "bool":
        return "false"
    if fact.type == "dates" or "none" in fact.ids:
        return NONE
    return "" if fact.always_applies or fact.is_record else NOT_APPLICABLE


def _write_finding(item: Item, finding: FactFinding, value: Any, user: User) -> None:
    item.finding, item.found = finding.finding, [value]
    item.source, item.source_as_of = "clerk", None
    item.reason, item.words = finding.reason[:40], finding.words[:2000]
    item.found_by, item.found_at = user, timezone.now()
    item.conflict, item.carried_from = [], None
    item.save()


def _void_proposal(application: Application, fact: str) -> None:
    """An edit voids the countersignature that is waited for; the row stays."""
    rows = Decision.objects.filter(application=application, void_at__isnull=True)
    rows.filter(signed_at__isnull=True).update(void_at=timezone.now(), void_why=f"fact {fact}")


def _store_review(
    application: Application, item: Item, finding: FactFinding, gate: str, before: list[Any]
) -> None:
    review = Review.objects.create(
        application=application,
        fact=item.fact,
        gate=gate,
        finding=item.finding,
        before=before,
        found=item.found,
        source=item.source,
        reason=item.reason,
        words=item.words,
        by=item.found_by,
    )
    own_versions = MaterialVersion.objects.filter(material__application=application)
    review.documents.set(own_versions.filter(pk__in=list(finding.documents)))
