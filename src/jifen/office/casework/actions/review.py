"""Clerks confirm facts, item by item; nobody types points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from jifen.facts.form import NONE, NOT_APPLICABLE, find_negative_answer
from jifen.facts.situation import examine_facts
from jifen.office.accounts.models import User
from jifen.office.casework.access import Case
from jifen.office.casework.actions.gates import gate_of, pass_finished
from jifen.office.casework.actions.unit_of_work import acting, tell
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
from jifen.office.casework.standing import process_of, rules_of
from jifen.policy.model import Rules
from jifen.policy.text import Text
from jifen.policy.vocabulary import Fact

HOLD = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Found:
    """What a clerk found of one fact. `value` ([v]) for a correction; a rejection means that there
    is none of it; both need a reason code of the process and words."""

    fact: str
    finding: str
    value: Sequence[Any] = ()
    reason: str = ""
    words: str = ""
    documents: Sequence[int] = ()


def take(case: Case, gate: str) -> Gate:
    """Have a gate for half an hour; nobody else can act in it until then. Raises CaseFault where
    somebody has it."""
    with acting(case, "take") as application:
        row = application.gates.select_for_update().filter(gate=gate).first()
        if row is None or row.state != GateState.OPEN or not may_act_in(case, row):
            raise NotAllowed("JF-K003", _NOT_YOURS)
        _refuse_held(row, case.user)
        row.holder, row.held_until = case.user, timezone.now() + HOLD
        row.save(update_fields=("holder", "held_until"))
        tell(application, "taken", case, internal=True, details={"gate": gate})
        return row


def release(case: Case, gate: str) -> None:
    """Let it go for somebody else."""
    with acting(case, "take") as application:
        rows = application.gates.filter(gate=gate, holder=case.user)
        rows.update(holder=None, held_until=None)
        tell(application, "released", case, internal=True, details={"gate": gate})


def may_act_in(case: Case, gate: Gate) -> bool:
    """Clerks act in the gates of the office, reviewers in that of their department."""
    if gate.department:
        return REVIEWER in case.sides and gate.department in case.departments
    return CLERK in case.sides


def find(case: Case, found: Found, *, version: int | None = None) -> Item:
    """Confirm, correct or reject a fact. Raises CaseFault with the place, NotAllowed, Changed."""
    return find_all(case, [found], version=version)[0]


def find_all(case: Case, findings: Sequence[Found], *, version: int | None = None) -> list[Item]:
    """Confirm, correct or reject several facts in one act: all of them or, on any fault, none.
    Each fact has its own entry in the history and the log. Raises as `find` does."""
    with acting(case, "find", version=version) as application:
        items = [_find_one(case, application, found) for found in findings]
        pass_finished(application, case.user)
        return items


def _find_one(case: Case, application: Application, found: Found) -> Item:
    gate = _gate_for(case, application, found.fact)
    item = application.items.filter(fact=found.fact).first()
    item = item or Item(application=application, fact=found.fact)
    before = list(item.found)
    value = _value(rules_of(application), item, found, application.on)
    _write(item, found, value, case.user)
    _void_proposal(application, found.fact)
    _keep_review(application, item, found, gate.gate, before)
    details = {"fact": found.fact, "finding": found.finding, "reason": found.reason}
    tell(application, "found", case, internal=True, details=details)
    return item


def _gate_for(case: Case, application: Application, fact: str) -> Gate:
    """The gate of a fact, if the asker may act in it and nobody else holds it."""
    rule = gate_of(process_of(application), fact)
    row = application.gates.select_for_update().get(gate=rule.id)
    if not may_act_in(case, row):
        raise NotAllowed("JF-K003", _NOT_YOURS, fact)
    _refuse_held(row, case.user)
    return row


def _refuse_held(row: Gate, user: User) -> None:
    held = row.holder_id not in (None, user.pk)
    if held and row.held_until and row.held_until > timezone.now():
        name = row.holder.get_full_name() if row.holder else ""
        until = timezone.localtime(row.held_until).strftime("%H:%M")
        raise CaseFault(
            "JF-K030",
            Text(
                f"{name} 正在办理此环节（至 {until}）。请稍后再试，或请主管转交。",
                f"{name} has this gate until {until}. Try later, or ask a supervisor "
                "to hand it over.",
            ),
        )


_NOT_YOURS = Text("此环节不由您办理。", "This gate is not yours.")


def _value(rules: Rules, item: Item, found: Found, on: date) -> Any:
    if found.finding not in (Finding.CONFIRMED, Finding.CORRECTED, Finding.REJECTED):
        raise CaseFault("JF-K031", _NO_FINDING, found.fact)
    if found.finding != Finding.CONFIRMED and not (found.reason and found.words.strip()):
        words = Text(
            "更正或不予认定时，请选择原因并写明理由。",
            "To correct or reject, choose a reason and say why.",
        )
        raise CaseFault("JF-K032", words, found.fact)
    if found.finding == Finding.REJECTED:
        return nothing_of(rules, found.fact)
    given = found.value if found.finding == Finding.CORRECTED else item.given
    return _checked(rules, found.fact, list(given), on)


_NO_FINDING = Text(
    "没有这种认定。请选择确认、更正或不予认定。",
    "There is no such finding: confirm, correct or reject.",
)
_NO_VALUE = Text(
    "没有填写，没有可以认定的值。请填写实际的值，或要求补正。",
    "Nothing is given that could be confirmed: write what it is, or ask for it.",
)


def _checked(rules: Rules, fact: str, value: list[Any], on: date) -> Any:
    """The one value, if the rules can read it."""
    if not value or fact not in rules.vocabulary:
        raise CaseFault("JF-K033", _NO_VALUE, fact)
    _, faults = examine_facts(rules, {fact: value[0]}, on)
    if faults:
        raise CaseFault(
            "JF-K034", Text(faults[0].to_sentence("zh"), faults[0].to_sentence("en")), fact
        )
    return value[0]


def nothing_of(rules: Rules, ident: str) -> Any:
    """The value by which a fact is there no more: none, no, zero, no dates, or does not apply.
    Raises CaseFault where a fact always has a value (a birth date), which can be corrected only."""
    fact = rules.vocabulary[ident]
    if fact.type == "contributions":
        return []
    if fact.is_number and fact.least <= 0 <= fact.most:
        return 0
    text = find_negative_answer(rules, ident) or _plain_none(fact)
    if text == NONE:
        return [] if fact.type == "dates" else NONE
    if text == NOT_APPLICABLE:
        return None
    if text == "false":
        return False
    words = Text(
        f"\u201c{fact.label.zh}\u201d不能不予认定，只能更正为实际的值。",
        f"'{fact.label.en}' cannot be rejected; correct it to what it is.",
    )
    raise CaseFault("JF-K035", words, ident)


def _plain_none(fact: Fact) -> str:
    if fact.type == "bool":
        return "false"
    if fact.type == "dates" or "none" in fact.ids:
        return NONE
    return "" if fact.always_applies or fact.is_record else NOT_APPLICABLE


def _write(item: Item, found: Found, value: Any, user: User) -> None:
    item.finding, item.found = found.finding, [value]
    item.source, item.source_as_of = "clerk", None
    item.reason, item.words = found.reason[:40], found.words[:2000]
    item.found_by, item.found_at = user, timezone.now()
    item.conflict, item.carried_from = [], None
    item.save()


def _void_proposal(application: Application, fact: str) -> None:
    """An edit voids the countersignature that is waited for; the row stays."""
    rows = Decision.objects.filter(application=application, void_at__isnull=True)
    rows.filter(signed_at__isnull=True).update(void_at=timezone.now(), void_why=f"fact {fact}")


def _keep_review(
    application: Application, item: Item, found: Found, gate: str, before: list[Any]
) -> None:
    row = Review.objects.create(
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
    own = MaterialVersion.objects.filter(material__application=application)
    row.documents.set(own.filter(pk__in=list(found.documents)))
