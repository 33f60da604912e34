"""Corrections: pointed items with reasons, one deadline; the clock stops, the clerk stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import clock
from jifen.office.casework.actions.drafts import can_open_case
from jifen.office.casework.actions.gates import OPEN_AGAIN, gate_of, update_gates
from jifen.office.casework.actions.review import HOLD_TIME, can_act_in
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event, system_act
from jifen.office.casework.case_policy import process_of, rules_of
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import (
    Application,
    Correction,
    CorrectionItem,
    Decision,
    MaterialVersion,
    State,
)
from jifen.office.casework.words import say
from jifen.policy.text import Text
from jifen.process.calendar import working_calendar


@dataclass(frozen=True, slots=True)
class RequestedItem:
    """One item: 'fact' or 'material', its id, a reason code of the process, words."""

    kind: str
    key: str
    reason: str
    words: str = ""


def ask_correction(
    case: CaseAccess, items: Sequence[RequestedItem], words: str = "", *, version: int | None = None
) -> Correction:
    """Ask the applicant to put these right. Raises CaseFault, NotAllowed, Changed."""
    today = timezone.localdate()
    with act_on_case(case, "ask_correction", version=version) as application:
        _refuse_invalid_items(case, application, items)
        process = process_of(application)
        rows = Correction.objects.filter(application=application)
        number = rows.count() + 1
        if process.correction.most_rounds and number > process.correction.most_rounds:
            raise CaseFault(
                "JF-K042",
                say(
                    "actions.corrections.at_most_corrections_here_decide",
                    most_rounds=process.correction.most_rounds,
                ),
            )
        correction = Correction.objects.create(
            application=application,
            number=number,
            gate=_gate_of_item(application, items[0]),
            asked_by=case.user,
            due_on=working_calendar().add_working_days(today, process.correction.days),
            words=words[:2000],
        )
        claimed = _read_claims(application)
        for item in items:
            CorrectionItem.objects.create(
                correction=correction,
                kind=item.kind,
                key=item.key,
                reason=item.reason[:40],
                words=item.words[:2000],
                before=claimed.get(item.key, []) if item.kind == "fact" else [],
            )
        _reopen_requested_facts(application, items)
        clock.stop(application, today)
        details = {"items": [f"{item.kind}:{item.key}" for item in items]}
        record_event(application, "correction_asked", case, details=details)
        return correction


def _read_claims(application: Application) -> dict[str, list[Any]]:
    """What is claimed of each fact, as [value]."""
    return dict(application.items.values_list("fact", "given"))


def answer_items(case: CaseAccess, answers: Mapping[int, str]) -> None:
    """What the applicant says in words to items of the open correction, by their number; it may be
    changed until the correction is sent. Raises NotAllowed."""
    with act_on_case(case, "resubmit") as application:
        items = CorrectionItem.objects.filter(
            correction__application=application, correction__state="open", pk__in=answers
        )
        for item in items:
            item.answer = answers[item.pk].strip()[:2000]
            item.save(update_fields=("answer",))


def _refuse_invalid_items(
    case: CaseAccess, application: Application, items: Sequence[RequestedItem]
) -> None:
    process, vocabulary = process_of(application), rules_of(application).vocabulary
    known_items = {("material", m.id) for m in process.materials} | {
        ("fact", i) for i in vocabulary.ids
    }
    if not items:
        words = say("actions.corrections.name_at_least_one_item")
        raise CaseFault("JF-K040", words)
    reasons = {reason.id for reason in process.reasons if "correct" in reason.use}
    for item in items:
        if (item.kind, item.key) not in known_items:
            words = say("actions.corrections.there_is_no_such_item")
            raise CaseFault("JF-K041", words, item.key)
        if item.reason not in reasons:
            words = say("actions.corrections.choose_a_reason_for_each")
            raise CaseFault("JF-K043", words, item.key)
        row = application.gates.get(gate=_gate_of_item(application, item))
        if not can_act_in(case, row):
            words = say("actions.corrections.this_gate_is_not_yours")
            raise NotAllowed("JF-K003", words, item.key)


def _gate_of_item(application: Application, item: RequestedItem) -> str:
    process = process_of(application)
    if item.kind == "fact":
        return gate_of(process, item.key).id
    material = next(m for m in process.materials if m.id == item.key)
    fact = next(iter(material.facts), "")
    return gate_of(process, fact).id


def _reopen_requested_facts(application: Application, items: Sequence[RequestedItem]) -> None:
    """What is asked for is open again, and a waiting proposal is void."""
    facts = [item.key for item in items if item.kind == "fact"]
    application.items.filter(fact__in=facts).update(**OPEN_AGAIN)
    pending_decisions = Decision.objects.filter(application=application, void_at__isnull=True)
    pending_decisions.filter(signed_at__isnull=True).update(
        void_at=timezone.now(), void_why="correction"
    )
    update_gates(application)


def is_unchanged_since_request(application: Application) -> bool:
    """Whether nothing that the open correction asks for was edited, uploaded, taken back or
    answered in words since: whoever sends it back so is asked first, as a round would be used up
    for nothing."""
    correction = application.corrections.filter(state="open").first()
    if correction is None:
        return False
    facts, kinds = _list_requested_keys(application, correction)
    since = correction.asked_at
    versions = MaterialVersion.objects.filter(material__application=application)
    changed_versions = versions.filter(material__kind__in=kinds).filter(
        Q(at__gte=since) | Q(dropped_at__gte=since)
    )
    edits = application.edits.filter(fact__in=facts, at__gte=since)
    answers = correction.items.exclude(answer="")
    return not (changed_versions.exists() or edits.exists() or answers.exists())


def _list_requested_keys(
    application: Application, correction: Correction
) -> tuple[set[str], set[str]]:
    """The facts asked for, and the documents: those named, and those that prove such a fact."""
    items = list(correction.items.values_list("kind", "key"))
    facts = {key for kind, key in items if kind == "fact"}
    kinds = {key for kind, key in items if kind == "material"}
    process = process_of(application)
    return facts, kinds | {m.id for m in process.materials if facts.intersection(m.facts)}


def resubmit_case(case: CaseAccess) -> Application:
    """The applicant has put it right: the clock runs on, the case is the same clerk's, marked."""
    today = timezone.localdate()
    with act_on_case(case, "resubmit") as application:
        correction = application.corrections.select_for_update().get(state="open")
        correction.state, correction.ended_at = "answered", timezone.now()
        correction.save(update_fields=("state", "ended_at"))
        claimed = _read_claims(application)
        for item in correction.items.filter(kind="fact"):
            item.after = claimed.get(item.key, [])
            item.save(update_fields=("after",))
        application.gates.filter(gate=correction.gate).update(
            returned=True, holder=correction.asked_by, held_until=timezone.now() + HOLD_TIME * 4
        )
        _reopen_corrected_facts(application, correction)
        clock.start(application, today)
        record_event(application, "resubmitted", case, details={"correction": correction.number})
    return case.application


def _reopen_corrected_facts(application: Application, correction: Correction) -> None:
    """A fact that was edited or whose document is new is looked at again."""
    process = process_of(application)
    facts = {item.key for item in correction.items.all() if item.kind == "fact"}
    kinds = {item.key for item in correction.items.all() if item.kind == "material"}
    facts |= {fact for m in process.materials if m.id in kinds for fact in m.facts}
    application.items.filter(fact__in=facts).update(**OPEN_AGAIN)
    update_gates(application)


def lapse_overdue_cases(today: date | None = None) -> int:
    """Cases whose correction was not answered in time end, with words; how many."""
    day = today or timezone.localdate()
    overdue = Correction.objects.filter(state="open", due_on__lt=day).values_list(
        "application", "pk"
    )
    lapsed = 0
    for application, pk in list(overdue):
        lapsed += _lapse_case(application, pk)
    return lapsed


_GOES_ON = say("actions.corrections.goes_on")


def _lapse_case(application_id: int, correction_id: int) -> int:
    with system_act(application_id) as application:
        correction = Correction.objects.select_for_update().get(pk=correction_id)
        if correction.state != "open" or application.state != State.CORRECTION:
            return 0
        correction.state, correction.ended_at = "lapsed", timezone.now()
        correction.save(update_fields=("state", "ended_at"))
        if application.decisions.filter(signed_at__isnull=False).exists():
            record_event(application, "correction_missed", None, _GOES_ON)
            return 1
        application.lapsed_at = timezone.now()
        words = say("actions.corrections.the_correction_was_due", due_on=correction.due_on)
        record_event(application, "lapsed", None, words)
        return 1


_ANOTHER_OPEN = say("actions.corrections.another_open")

_NO_REASON = say("actions.corrections.no_reason")


def reverse_lapse(case: CaseAccess, words: str) -> None:
    """Take a lapsed case up again, with a reason and a new deadline."""
    if not words.strip():
        raise CaseFault("JF-K044", _NO_REASON)
    with act_on_case(case, "reverse_lapse") as application:
        if not can_open_case(application.city, application.person):
            raise CaseFault("JF-K045", _ANOTHER_OPEN)
        correction = application.corrections.filter(state="lapsed").order_by("-number")[0]
        days = process_of(application).correction.days
        correction.state, correction.ended_at = "open", None
        correction.due_on = working_calendar().add_working_days(timezone.localdate(), days)
        correction.save()
        application.lapsed_at = None
        record_event(application, "lapse_reversed", case, Text(words, words))
