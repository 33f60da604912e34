"""Submission: once, complete, at any hour; there is no daily limit."""

from datetime import date

from django.utils import timezone

from jifen import cities
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import clock
from jifen.office.casework.actions.materials import list_missing_materials
from jifen.office.casework.actions.sorting import make_unsorted_fault
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.case_policy import (
    policy_on,
    process_of,
    score_facts,
    select_claimed_facts,
)
from jifen.office.casework.consent import NO_CONSENT, has_consent
from jifen.office.casework.faults import CaseFault, SeveralFaults
from jifen.office.casework.models import Application, Gate, GateState, RegisterCheck
from jifen.office.casework.official_facts import list_official_facts
from jifen.office.casework.renewal.carry_over import reopen_invalid_facts
from jifen.office.casework.renewal.opening import find_filing_obstacle
from jifen.office.casework.words import say
from jifen.office.registry.models import UnitState
from jifen.office.registry.registers import REGISTERS
from jifen.policy.text import Text
from jifen.process import Process
from jifen.process.calendar import working_calendar


def submit_case(case: CaseAccess, key: str, *, on: date | None = None) -> Application:
    """File the case. The same key again gives the same receipt. Raises SeveralFaults for what is
    still missing, each with its place; NotAllowed."""
    submissions = Application.objects.filter(created_by=case.application.created_by, submit_key=key)
    if key and (same_submission := submissions.filter(pk=case.application.pk).first()):
        return same_submission
    day = on or timezone.localdate()
    with act_on_case(case, "submit") as application:
        file_case(application, case, key, day)
    return case.application


def file_case(application: Application, case: CaseAccess | None, key: str, day: date) -> None:
    """The same within a transaction; without a `case`, by itself. Raises CaseFault."""
    application.on = day
    _apply_policy_of(application, day)
    reopen_invalid_facts(application)
    process = process_of(application)
    if faults := list_filing_faults(application, process):
        raise SeveralFaults(faults)
    _receive_case(application, process, day, key)
    record_event(application, "submitted", case, details={"number": application.number})


def _apply_policy_of(application: Application, day: date) -> None:
    policy = policy_on(application.city, day)
    application.policy, application.policy_version = policy.id, policy.version
    application.policy_hash = policy.hash


def _receive_case(application: Application, process: Process, day: date, key: str) -> None:
    calendar = working_calendar()
    application.submitted_at = timezone.now()
    application.submit_key = key
    application.received_on = day
    application.number = make_case_number(application, day)
    application.overtakes_on = calendar.add_working_days(day, process.expedited.overtakes_after)
    scored = score_facts(application, select_claimed_facts(application.items.all()))
    application.estimate = scored.assessment.to_dict()
    clock.start(application, day)
    _create_gates(application, process, day, application.overtakes_on)
    _queue_register_checks(application)


def make_case_number(application: Application, day: date) -> str:
    """The number of the receipt: city, year and the number of the case, which is never reused."""
    return f"{cities.find_city(application.city).prefix}{day.year}{application.pk:09d}"


def _create_gates(
    application: Application, process: Process, received_on: date, overtakes_on: date
) -> None:
    """The gates in the order of the process; those that wait for no other are open at once."""
    for order, gate in enumerate(process.gates):
        Gate.objects.create(
            application=application,
            gate=gate.id,
            order=order,
            department=gate.department,
            state=GateState.WAITING if gate.after else GateState.OPEN,
            opened_at=None if gate.after else timezone.now(),
            city=application.city,
            district=application.district,
            lane=application.lane,
            due_on=application.due_on,
            received_on=received_on,
            overtakes_on=overtakes_on,
        )


def _queue_register_checks(application: Application) -> None:
    now = timezone.now()
    RegisterCheck.objects.bulk_create(
        RegisterCheck(application=application, register=name, state="due", due_at=now)
        for name in REGISTERS
    )


def list_filing_faults(application: Application, process: Process) -> list[CaseFault]:
    """Everything that stands in the way of filing, each with its place."""
    items = list(application.items.all())
    scored = score_facts(application, select_claimed_facts(items))
    faults = [
        _make_fact_fault(fault.fact, fault.to_sentence("zh"), fault.to_sentence("en"))
        for fault in scored.faults
    ]
    official = list_official_facts(application)
    faults += [
        _make_unanswered_fault(application, fact_id)
        for fact_id in scored.assessment.missing
        if fact_id not in official
    ]
    faults += _list_unit_faults(application, process) + _list_refiling_faults(application, process)
    faults += [fault for fault in (find_filing_obstacle(application),) if fault]
    if not has_consent(application):
        faults.append(NO_CONSENT)
    if not application.district:
        faults.append(_NO_OFFICE)
    faults += [
        _make_missing_document_fault(wanted.material.id, wanted.material.label)
        for wanted in list_missing_materials(application)
    ]
    faults += [fault for fault in (make_unsorted_fault(application),) if fault]
    return faults


def _make_fact_fault(place: str, zh: str, en: str) -> CaseFault:
    return CaseFault("JF-K020", Text(zh, en), place)


def _make_unanswered_fault(application: Application, fact_id: str) -> CaseFault:
    label = _label_of_fact(application, fact_id)
    words = say("actions.submission.is_not_answered_and_matters", label=label)
    return CaseFault("JF-K021", words, fact_id)


def _label_of_fact(application: Application, fact_id: str) -> Text:
    vocabulary = policy_on(application.city, application.on).vocabulary
    return vocabulary[fact_id].label


def _make_missing_document_fault(kind: str, label: Text) -> CaseFault:
    words = say("actions.submission.not_uploaded_yet", label=label)
    return CaseFault("JF-K022", words, kind)


_NO_OFFICE = CaseFault(
    "JF-K024",
    say("actions.submission.the_district_whose_office_has"),
    "district",
)


def _list_unit_faults(application: Application, process: Process) -> list[CaseFault]:
    if application.unit is None:
        if "person" in process.filers:
            return []
        words = say("actions.submission.in_this_city_the_employer")
        return [CaseFault("JF-K025", words)]
    if application.unit.state == UnitState.CONFIRMED:
        return []
    words = say("actions.submission.the_employers_registration")
    return [CaseFault("JF-K026", words)]


def _list_refiling_faults(application: Application, process: Process) -> list[CaseFault]:
    """A second filing too soon after the last (Chengdu: not twice in one month)."""
    months = process.refiling.not_twice_in_months
    if not months:
        return []
    rows = Application.objects.filter(person=application.person_id, city=application.city)
    last = rows.exclude(pk=application.pk).order_by("-received_on")
    before = last.filter(received_on__isnull=False).values_list("received_on", flat=True).first()
    if before is None or _count_months_between(before, application.on) >= months:
        return []
    words = say("actions.submission.the_last_application", before=before, months=months)
    return [CaseFault("JF-K027", words)]


def _count_months_between(a: date, b: date) -> int:
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)
