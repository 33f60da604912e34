"""Submission: once, complete, at any hour; there is no daily limit."""

from datetime import date

from django.utils import timezone

from jifen import cities
from jifen.office.casework.access import Case
from jifen.office.casework.actions import clock
from jifen.office.casework.actions.materials import missing
from jifen.office.casework.actions.unit_of_work import acting, tell
from jifen.office.casework.consent import NO_CONSENT, agreed
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Gate, GateState, RegisterCheck
from jifen.office.casework.renewal.carried import carry_again
from jifen.office.casework.renewal.opening import refused
from jifen.office.casework.standing import claimed, policy_on, process_of, work_out
from jifen.office.registry.models import UnitState
from jifen.office.registry.registers import REGISTERS
from jifen.policy.text import Text
from jifen.process import Process
from jifen.process.calendar import working_calendar


def submit(case: Case, key: str, *, on: date | None = None) -> Application:
    """File the case. The same key again gives the same receipt. Raises CaseFault for what is
    still missing, each with its place; NotAllowed."""
    there = Application.objects.filter(created_by=case.application.created_by, submit_key=key)
    if key and (same := there.filter(pk=case.application.pk).first()):
        return same
    day = on or timezone.localdate()
    with acting(case, "submit") as application:
        file(application, case, key, day)
    return case.application


def file(application: Application, case: Case | None, key: str, day: date) -> None:
    """The same within a transaction; without a `case`, by itself. Raises CaseFault."""
    application.on = day
    _take_rules_of(application, day)
    carry_again(application)
    process = process_of(application)
    if faults := lacking(application, process):
        raise faults[0]
    _receive(application, process, day, key)
    tell(application, "submitted", case, details={"number": application.number})


def _take_rules_of(application: Application, day: date) -> None:
    policy = policy_on(application.city, day)
    application.policy, application.policy_version = policy.id, policy.version
    application.policy_hash = policy.hash


def _receive(application: Application, process: Process, day: date, key: str) -> None:
    calendar = working_calendar()
    application.submitted_at = timezone.now()
    application.submit_key = key
    application.received_on = day
    application.number = number_of(application, day)
    application.overtakes_on = calendar.after(day, process.expedited.overtakes_after)
    scored = work_out(application, claimed(application.items.all()))
    application.estimate = scored.assessment.to_dict()
    clock.start(application, day)
    _open_gates(application, process, day, application.overtakes_on)
    _ask_registers(application)


def number_of(application: Application, day: date) -> str:
    """The number of the receipt: city, year and the number of the case, which is never reused."""
    return f"{cities.find(application.city).prefix}{day.year}{application.pk:09d}"


def _open_gates(
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


def _ask_registers(application: Application) -> None:
    now = timezone.now()
    RegisterCheck.objects.bulk_create(
        RegisterCheck(application=application, register=name, state="due", due_at=now)
        for name in REGISTERS
    )


def lacking(application: Application, process: Process) -> list[CaseFault]:
    """Everything that stands in the way of filing, each with its place."""
    items = list(application.items.all())
    scored = work_out(application, claimed(items))
    faults = [_fault(f.fact, f.to_sentence("zh"), f.to_sentence("en")) for f in scored.faults]
    faults += [_unanswered(application, ident) for ident in scored.assessment.missing]
    faults += _of_unit(application, process) + _of_refiling(application, process)
    faults += [fault for fault in (refused(application),) if fault]
    if not agreed(application):
        faults.append(NO_CONSENT)
    if not application.district:
        faults.append(_NO_OFFICE)
    faults += [_no_document(w.material.id, w.material.label) for w in missing(application)]
    return faults


def _fault(place: str, zh: str, en: str) -> CaseFault:
    return CaseFault("JF-K020", Text(zh, en), place)


def _unanswered(application: Application, ident: str) -> CaseFault:
    label = _label(application, ident)
    words = Text(
        f"\u201c{label.zh}\u201d还没有填写，会影响结果。请填写。",
        f"'{label.en}' is not answered and matters: answer it.",
    )
    return CaseFault("JF-K021", words, ident)


def _label(application: Application, ident: str) -> Text:
    vocabulary = policy_on(application.city, application.on).vocabulary
    return vocabulary[ident].label


def _no_document(kind: str, label: Text) -> CaseFault:
    words = Text(f"还没有上传：{label.zh}。", f"Not uploaded yet: {label.en}.")
    return CaseFault("JF-K022", words, kind)


_NO_OFFICE = CaseFault(
    "JF-K024",
    Text(
        "还没有选定受理的区。请选择。",
        "The district whose office has the case is not chosen yet: choose it.",
    ),
    "district",
)


def _of_unit(application: Application, process: Process) -> list[CaseFault]:
    if application.unit is None:
        if "person" in process.filers:
            return []
        words = Text(
            "本市由用人单位申报，个人不能直接提交。请联系用人单位。",
            "In this city the employer files; a person cannot submit. Ask the employer.",
        )
        return [CaseFault("JF-K025", words)]
    if application.unit.state == UnitState.CONFIRMED:
        return []
    words = Text(
        "单位登记还没有核实，核实后才能提交；已填写的内容会保留。",
        "The employer's registration is not confirmed yet. What was filled in stays.",
    )
    return [CaseFault("JF-K026", words)]


def _of_refiling(application: Application, process: Process) -> list[CaseFault]:
    """A second filing too soon after the last (Chengdu: not twice in one month)."""
    months = process.refiling.not_twice_in_months
    if not months:
        return []
    rows = Application.objects.filter(person=application.person_id, city=application.city)
    last = rows.exclude(pk=application.pk).order_by("-received_on")
    before = last.filter(received_on__isnull=False).values_list("received_on", flat=True).first()
    if before is None or _months_apart(before, application.on) >= months:
        return []
    words = Text(
        f"上次申请日为 {before}，{months} 个月内不能再次申请。",
        f"The last application was on {before}; none within {months} month(s) of it.",
    )
    return [CaseFault("JF-K027", words)]


def _months_apart(a: date, b: date) -> int:
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)
