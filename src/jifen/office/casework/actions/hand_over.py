"""A supervisor hands a gate over: whoever has it goes home, and the case goes on."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from jifen.office.accounts.models import Role, StaffRole, User
from jifen.office.casework.access import Case, case_for
from jifen.office.casework.actions.review import HOLD, may_act_in
from jifen.office.casework.actions.unit_of_work import acting, tell
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Gate, GateState
from jifen.office.registry.models import Membership
from jifen.policy.text import Text


def hand_over(case: Case, gate: str, to: User) -> Gate:
    """Give an open gate to somebody who may act in it, for half an hour; whoever had it has it no
    more. Raises CaseFault where the gate is not open, or not for that person; NotAllowed."""
    with acting(case, "hand_over") as application:
        row = application.gates.select_for_update().filter(gate=gate).first()
        if row is None or row.state != GateState.OPEN:
            raise CaseFault("JF-K036", _NOT_OPEN, "gate")
        theirs = case_for(to, application)
        if not to.is_active or theirs is None or not may_act_in(theirs, row):
            raise CaseFault("JF-K037", _NOT_THEIRS, "to")
        row.holder, row.held_until = to, timezone.now() + HOLD
        row.save(update_fields=("holder", "held_until"))
        tell(application, "handed_over", case, internal=True, details={"gate": gate, "to": to.pk})
        return row


_NOT_OPEN = Text(
    "此环节目前不在办理中，不能转交。请刷新页面查看最新情况。",
    "This gate is not open now and cannot be handed over. Reload to see it.",
)
_NOT_THEIRS = Text(
    "此人不能办理此环节。请选择本受理部门的经办人或本环节部门的审核人。",
    "This person cannot work in this gate. Choose a clerk of the office or a reviewer of the "
    "gate's department.",
)


def takers(application: Application, gate: Gate) -> "QuerySet[User]":
    """Whom a gate may be handed to, by name: those whose role is for it today, without the people
    of the case's own employer and agency, and the person."""
    today = timezone.localdate()
    role = Role.REVIEWER if gate.department else Role.CLERK
    where = {"role": role, "city": application.city, "since__lte": today}
    if gate.department:
        where["department"] = gate.department
    posts = StaffRole.objects.filter(Q(until__isnull=True) | Q(until__gt=today), **where)
    posts = posts.filter(district__in=("", application.district))
    units = (application.unit_id, application.agency_id)
    members = Membership.objects.filter(unit__in=units, ended_at__isnull=True)
    able = User.objects.filter(is_active=True, pk__in=posts.values("user"))
    able = able.exclude(pk__in=members.values("user"))
    if application.person.user_id is not None:
        able = able.exclude(pk=application.person.user_id)
    return able.order_by("name", "pk")
