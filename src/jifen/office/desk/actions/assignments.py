"""Gates are assigned to people, taken next, and handed back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions.handover import list_possible_holders
from jifen.office.casework.actions.review import can_act_in, release_gate, take_gate
from jifen.office.casework.actions.unit_of_work import record_event
from jifen.office.casework.faults import CaseFault, NoSuchCase, NotAllowed
from jifen.office.casework.models import Application, Gate, GateState
from jifen.office.casework.queries import Desk
from jifen.office.desk.absences import list_absent_accounts
from jifen.office.desk.faults import NOT_AVAILABLE, NOTHING_LEFT
from jifen.office.desk.models import Assignment
from jifen.office.desk.queue import list_rows_to_take
from jifen.office.desk.words import say
from jifen.policy.text import Text

MOST_ROWS = 100
"""Gates of one batch."""


@dataclass(frozen=True, slots=True)
class GateChoice:
    """A gate of a case that was ticked."""

    case_key: UUID
    gate: str


@dataclass(frozen=True, slots=True)
class GateBatchOutcome:
    """How many were done; of the others the case and why not."""

    done: int
    refused: tuple[tuple[str, Text], ...]


def assign_gate(case: CaseAccess, gate: str, holder: User) -> Assignment:
    """Give an open gate to somebody until it is passed. A supervisor assigns to anybody who may
    work in it and is not away; a clerk or reviewer to themselves. Raises CaseFault (JF-K100),
    NotAllowed."""
    with transaction.atomic():
        row = (
            Gate.objects.select_for_update().filter(application=case.application, gate=gate).first()
        )
        if row is None or row.state != GateState.OPEN:
            raise NOT_AVAILABLE
        _refuse_wrong_holder(case, row, holder)
        case.choose_principals("hand_over" if "hand_over" in case.acts else "take")
        assignment, _ = Assignment.objects.update_or_create(
            application=case.application,
            gate=gate,
            defaults={"holder": holder, "assigned_by": case.user},
        )
        details = {"gate": gate, "to": holder.pk}
        record_event(case.application, "assigned", case, internal=True, details=details)
        return assignment


def _refuse_wrong_holder(case: CaseAccess, gate: Gate, holder: User) -> None:
    takes_it = holder.pk == case.user.pk and can_act_in(case, gate)
    if not takes_it and "hand_over" not in case.acts:
        raise NotAllowed("JF-K003", _NOT_YOURS)
    able = list_possible_holders(case.application, gate).filter(pk=holder.pk).exists()
    if not able or holder.pk in list_absent_accounts(timezone.localdate()):
        raise NOT_AVAILABLE


_NOT_YOURS = say("actions.assignments.not_yours")


def end_assignment(case: CaseAccess, gate: str) -> None:
    """The gate is anybody's again: by its holder or a supervisor. Raises NotAllowed."""
    assignment = Assignment.objects.filter(application=case.application, gate=gate).first()
    if assignment is None:
        return
    if assignment.holder_id != case.user.pk and "hand_over" not in case.acts:
        raise NotAllowed("JF-K003", _NOT_YOURS)
    with transaction.atomic():
        assignment.delete()
        details = {"gate": gate}
        record_event(case.application, "unassigned", case, internal=True, details=details)


def assign_gates(user: User, choices: Iterable[GateChoice], holder: User) -> GateBatchOutcome:
    """Assign several; each by itself, so that one that is refused stops no other."""
    return _act_on_each(user, choices, lambda case, gate: assign_gate(case, gate, holder))


def release_gates(user: User, choices: Iterable[GateChoice]) -> GateBatchOutcome:
    """Give several back to the queue: the lease and the assignment."""

    def release(case: CaseAccess, gate: str) -> None:
        if "take" in case.acts:
            release_gate(case, gate)
        end_assignment(case, gate)

    return _act_on_each(user, choices, release)


def _act_on_each(
    user: User, choices: Iterable[GateChoice], act: Callable[[CaseAccess, str], object]
) -> GateBatchOutcome:
    done, refused = 0, list[tuple[str, Text]]()
    for choice in list(choices)[:MOST_ROWS]:
        try:
            case = access_case(user, choice.case_key)
        except NoSuchCase:
            continue
        try:
            act(case, choice.gate)
            done += 1
        except CaseFault as fault:
            refused.append((case.application.number or "", fault.words))
    return GateBatchOutcome(done, tuple(refused))


def take_next_gate(user: User, desk: Desk, day: date) -> Application:
    """Take the first gate of a queue that is free for somebody: those assigned to them first, then
    those of nobody and of colleagues who are away. Two who ask at once get two cases. Raises
    CaseFault (JF-K101) where there is none."""
    for row in list_rows_to_take(user, desk, day):
        if row.application is None:
            continue
        try:
            case = access_case(user, row.application.key, "take")
            take_gate(case, row.item)
        except CaseFault:
            continue  # somebody was faster, or it is in another state now
        return case.application
    raise NOTHING_LEFT
