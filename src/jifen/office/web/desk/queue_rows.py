"""The rows of a queue in words: whose a gate is, how old it is, how many days are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Application, Gate
from jifen.office.desk.models import Assignment, ThreadMessage
from jifen.office.waiting.models import Waiting
from jifen.office.web.cases import case_texts
from jifen.policy.text import Lang
from jifen.process.calendar import working_calendar


@dataclass(frozen=True)
class QueueContext:
    """What stands beside the gates of one page of a queue, read at once."""

    gates: dict[tuple[int, str], Gate]
    assigned: dict[tuple[int, str], User]
    answered: set[int]


def describe_gate_rows(rows: Sequence[Waiting], lang: Lang, day: date) -> list[dict[str, Any]]:
    """The rows of gates for a page."""
    beside = _read_context([row.application_id for row in rows if row.application_id])
    return [
        _describe_gate_row(row, row.application, beside, lang, day)
        for row in rows
        if row.application is not None
    ]


def _read_context(numbers: list[int]) -> QueueContext:
    gates = Gate.objects.filter(application__in=numbers).select_related("holder")
    assignments = Assignment.objects.filter(application__in=numbers).select_related("holder")
    answers = ThreadMessage.objects.filter(
        application__in=numbers, read_at__isnull=True, from_office=False
    )
    return QueueContext(
        {(gate.application_id, gate.gate): gate for gate in gates},
        {(row.application_id, row.gate): row.holder for row in assignments},
        set(answers.values_list("application", flat=True)),
    )


def _describe_gate_row(
    row: Waiting, application: Application, beside: QueueContext, lang: Lang, day: date
) -> dict[str, Any]:
    gate = beside.gates[application.pk, row.item]
    in_hand = gate.holder and gate.held_until and gate.held_until > timezone.now()
    assigned = beside.assigned.get((application.pk, row.item))
    return describe_case_row(application, lang) | {
        "gate_id": row.item,
        "gate": process_of(application).find_gate(row.item).label(lang),
        "in_hand": gate.holder.get_full_name() if in_hand and gate.holder else "",
        "assigned": assigned.get_full_name() if assigned else "",
        "returned": gate.returned,
        "answered": application.pk in beside.answered,
        "age": (day - timezone.localtime(row.since).date()).days,
        "left": _count_days_left(application.due_on, day),
    }


def _count_days_left(due_on: date | None, day: date) -> int | None:
    """Working days until the last one, below zero once it is over; None without one."""
    if due_on is None:
        return None
    calendar = working_calendar()
    if due_on < day:
        return -calendar.count_working_days(due_on, day)
    return calendar.count_working_days(day, due_on)


def describe_case_row(application: Application, lang: Lang) -> dict[str, Any]:
    """A case as a row of any list of the desk."""
    return {
        "key": application.key,
        "number": application.number,
        "person": application.person.name,
        "unit": application.unit.name if application.unit else "",
        "due_on": application.due_on,
        "received_on": application.received_on,
        "lane": application.lane,
        "kind": application.kind,
        "state": application.state,
        "state_words": case_texts.STATES[application.state](lang),
    }
