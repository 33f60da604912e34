"""What waits, in words for pages: what is to be done, by whom, since when, by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole
from jifen.office.accounts.role_names import ROLE_NAMES
from jifen.office.casework.case_policy import process_of
from jifen.office.registry.models import Unit
from jifen.office.registry.registers import REGISTERS
from jifen.office.waiting.models import Waiting, WaitKind
from jifen.office.waiting.rules import rule_of
from jifen.policy.text import Lang, Text
from jifen.process import NoProcess, find_process

_COLON = Text("：", ": ")


@dataclass(frozen=True, slots=True)
class Shown:
    """One row on a page. `subject`: which case or unit; `link`: where it is done, '' nowhere."""

    kind: str
    what: str
    subject: str
    person: str
    whom: str
    since: date
    starts_on: date | None
    due_on: date | None
    overdue: bool
    expedited: bool
    link: str


def shown(rows: Iterable[Waiting], lang: Lang, day: date, *, desk: bool) -> list[Shown]:
    """Rows for somebody of the staff (`desk`) or for an applicant, whose links are others."""
    listed = list(rows)
    unit_names = _find_names_of_units(listed)
    return [_shown(row, lang, day, desk, unit_names.get(row.subject, "")) for row in listed]


def _find_names_of_units(rows: list[Waiting]) -> dict[str, str]:
    """The name of each unit whose registration waits, by the subject of its row."""
    kinds = (WaitKind.REGISTRATION, WaitKind.REGISTRATION_AGAIN)
    keys = {row.subject_id: row.subject for row in rows if row.kind in kinds}
    if not keys:
        return {}
    names = Unit.objects.filter(pk__in=keys).values_list("pk", "name")
    return {keys[key]: name for key, name in names}


def _shown(row: Waiting, lang: Lang, day: date, desk: bool, registering: str) -> Shown:
    case = row.application
    number = (case.number or Text("草稿", "draft")(lang)) if case else ""
    unit = registering or (row.unit.name if row.unit and not case else "")
    return Shown(
        kind=row.kind,
        what=what_of(row, lang),
        subject=number or unit or row.item,
        person=case.person.name if case else "",
        whom=whom_of(row, lang),
        since=timezone.localtime(row.since).date(),
        starts_on=row.starts_on if row.starts_on and row.starts_on > day else None,
        due_on=row.due_on,
        overdue=row.due_on is not None and row.due_on < day,
        expedited=row.lane == "expedited",
        link=_link(row, desk=desk),
    )


def what_of(row: Waiting, lang: Lang) -> str:
    """What is to be done; of a gate with its name, of a register with that of the register."""
    words = rule_of(row.kind).words(lang)
    if row.kind == WaitKind.GATE and row.application is not None:
        gates = {gate.id: gate.label(lang) for gate in process_of(row.application).gates}
        return f"{words}{_COLON(lang)}{gates[row.item]}" if row.item in gates else words
    if row.kind == WaitKind.REGISTER:
        register = REGISTERS.get(row.item)
        return f"{words}{_COLON(lang)}{register(lang)}" if register else words
    if row.kind == WaitKind.SETTING:
        return f"{words}{_COLON(lang)}{_SETTINGS[row.subject.partition(':')[0]][0](lang)}"
    return words


_SETTINGS = {
    "text": (Text("消息文本", "words of a message"), "message_texts"),
    "calendar": (Text("工作日历", "working days"), "calendar_desk"),
    "district": (Text("受理的区", "a district"), "districts_desk"),
}
"""What another administrator entered, and the page on which it is confirmed."""


def whom_of(row: Waiting, lang: Lang) -> str:
    """On whom it waits: never a name of the staff."""
    if row.person_id is not None:
        return Text("本人", "the person")(lang)
    if row.unit is not None:
        return row.unit.name
    if row.account_id is not None:
        return Text("申请人", "the applicant")(lang)
    role = ROLE_NAMES[Role(row.role)](lang)
    return f"{name_place(row, lang)} {role}".strip()


def name_place(row: Waiting | StaffRole, lang: Lang) -> str:
    """The district or the department of a row or of a post, in words; '' for a whole city."""
    try:
        process = find_process(row.city, timezone.localdate())
    except NoProcess:
        return ""
    if row.department:
        gates = (gate for gate in process.gates if gate.department == row.department)
        return next((gate.label(lang) for gate in gates), row.department)
    district = process.find_district(row.district)
    return district.label(lang) if district else ""


_OWN_PAGES = {
    (WaitKind.REGISTRATION, True): "unit_review",
    (WaitKind.REGISTRATION, False): "unit",
    (WaitKind.REGISTRATION_AGAIN, True): "unit_review",
    (WaitKind.REGISTRATION_AGAIN, False): "unit",
    (WaitKind.RENEWAL, False): "points",
    (WaitKind.SETTLEMENT, True): "list_entry",
}
"""What is done on a page of its own, by whether the staff looks; else on that of the case."""


def _link(row: Waiting, *, desk: bool) -> str:
    if name := _OWN_PAGES.get((WaitKind(row.kind), desk)):
        return reverse(name, args=[row.subject_id])
    if row.kind in (WaitKind.OBJECTION, WaitKind.OBJECTION_DECISION) and desk:
        return reverse("lists_desk")
    if row.kind == WaitKind.SETTING and desk:
        return reverse(_SETTINGS[row.subject.partition(":")[0]][1])
    if row.application is None:
        return ""
    return reverse("review" if desk else "case", args=[row.application.key])
