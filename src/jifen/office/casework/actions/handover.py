"""A supervisor hands a gate over: whoever has it goes home, and the case goes on."""

from django.db.models import QuerySet
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.accounts.roles import held_on, list_holders
from jifen.office.casework.access import CaseAccess, access_for
from jifen.office.casework.actions.review import HOLD_TIME, can_act_in
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Gate, GateState
from jifen.office.casework.words import say
from jifen.office.registry.models import Membership


def hand_over_gate(case: CaseAccess, gate: str, new_holder: User) -> Gate:
    """Give an open gate to somebody who may act in it, for half an hour; whoever had it has it no
    more. Raises CaseFault where the gate is not open, or not for that person; NotAllowed."""
    with act_on_case(case, "hand_over") as application:
        row = application.gates.select_for_update().filter(gate=gate).first()
        if row is None or row.state != GateState.OPEN:
            raise CaseFault("JF-K036", _NOT_OPEN, "gate")
        access = access_for(new_holder, application)
        if not new_holder.is_active or access is None or not can_act_in(access, row):
            raise CaseFault("JF-K037", _NOT_THEIRS, "to")
        row.holder, row.held_until = new_holder, timezone.now() + HOLD_TIME
        row.save(update_fields=("holder", "held_until"))
        record_event(
            application,
            "handed_over",
            case,
            internal=True,
            details={"gate": gate, "to": new_holder.pk},
        )
        return row


_NOT_OPEN = say("actions.handover.not_open")
_NOT_THEIRS = say("actions.handover.not_theirs")


def list_possible_holders(application: Application, gate: Gate) -> "QuerySet[User]":
    """Whom a gate may be handed to, by name: those whose role is for it today, without the people
    of the case's own employer and agency, and the person."""
    today = timezone.localdate()
    role = Role.REVIEWER if gate.department else Role.CLERK
    role_filter = {"role": role, "city": application.city}
    if gate.department:
        role_filter["department"] = gate.department
    posts = StaffRole.objects.filter(held_on(today), **role_filter)
    posts = posts.filter(district__in=("", application.district))
    units = (application.unit_id, application.agency_id)
    members = Membership.objects.filter(unit__in=units, ended_at__isnull=True)
    able = list_holders(posts, today)
    able = able.exclude(pk__in=members.values("user"))
    if application.person.user_id is not None:
        able = able.exclude(pk=application.person.user_id)
    return able.order_by("name", "pk")
