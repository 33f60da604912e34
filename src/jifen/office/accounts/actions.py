"""Giving and ending roles. Roles that sign or administer are proposed by one and confirmed by
another."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.models import Role, RoleProposal, StaffRole, User
from jifen.office.accounts.role_grants import SIGNING, add_role, refuse_conflicting_role
from jifen.office.accounts.roles import has_post
from jifen.office.accounts.words import say
from jifen.office.audit.actions import record

CONFIRMING = (Role.SECURITY_ADMIN, Role.CITY_ADMIN)


def give_role(
    by: User, username: str, role: str, city: str, district: str = "", department: str = ""
) -> StaffRole | RoleProposal:
    """A security administrator gives a user a role in the city. A role that signs or administers is
    only proposed, and given when another administrator confirms it. Raises RoleFault."""
    _require_role(by, city, Role.SECURITY_ADMIN)
    user = User.objects.filter(username__iexact=username.strip()).first()
    if user is None:
        raise RoleFault("JF-N001", _NO_NAME, "username")
    if role not in Role.values:
        raise RoleFault("JF-N002", _NO_ROLE, "role")
    if (role == Role.REVIEWER) != bool(department):
        raise RoleFault("JF-N003", _DEPARTMENT, "department")
    if user == by:
        raise RoleFault("JF-N004", _NOT_TO_ONESELF, "username")
    refuse_conflicting_role(user, role)
    role_fields = {"role": role, "city": city, "district": district, "department": department}
    if StaffRole.objects.filter(user=user, until__isnull=True, **role_fields).exists():
        raise RoleFault("JF-N005", _ALREADY_GIVEN, "username")
    try:
        with transaction.atomic():
            if role in SIGNING:
                proposal = RoleProposal.objects.create(
                    user=user, proposed_by=by, proposed_at=timezone.now(), **role_fields
                )
                _record_act("role.proposed", by, proposal)
                return proposal
            row = add_role(user, role, city, district, department, granted_by=by)
            _record_act("role.given", by, row)
            return row
    except IntegrityError:
        raise RoleFault("JF-N005", _ALREADY_GIVEN, "username") from None


def decide_proposal(by: User, pk: int, *, confirm: bool) -> StaffRole | None:
    """Another administrator confirms or declines a proposed role. Raises RoleFault."""
    try:
        with transaction.atomic():
            open_proposals = RoleProposal.objects.filter(decided_at__isnull=True)
            proposal = open_proposals.select_for_update().filter(pk=pk).first()
            if proposal is None:
                raise RoleFault("JF-N011", _ALREADY_DECIDED)
            _require_role(by, proposal.city, *CONFIRMING)
            if by.pk in (proposal.proposed_by_id, proposal.user_id):
                raise RoleFault("JF-N010", _SECOND_PERSON)
            if confirm and not has_post(
                proposal.proposed_by, proposal.city, "", Role.SECURITY_ADMIN
            ):
                raise RoleFault("JF-N012", _PROPOSER_LEFT)
            proposal.decided_by, proposal.decided_at = by, timezone.now()
            proposal.confirmed = confirm
            proposal.save(update_fields=("decided_by", "decided_at", "confirmed"))
            if not confirm:
                _record_act("role.declined", by, proposal)
                return None
            row = add_role(
                proposal.user,
                proposal.role,
                proposal.city,
                proposal.district,
                proposal.department,
                granted_by=proposal.proposed_by,
                confirmed_by=by,
            )
            _record_act("role.given", by, row)
            return row
    except IntegrityError:
        raise RoleFault("JF-N005", _ALREADY_GIVEN, "username") from None


def end_role(by: User, row: StaffRole) -> None:
    """The role ends today; the row stays. Raises RoleFault."""
    _require_role(by, row.city, Role.SECURITY_ADMIN)
    if row.user_id == by.pk:
        raise RoleFault("JF-N006", _OWN_ROLE)
    with transaction.atomic():
        rows = StaffRole.objects.filter(pk=row.pk, until__isnull=True)
        if rows.update(until=timezone.localdate()):
            _record_act("role.ended", by, row)


def _require_role(by: User, city: str, *roles: Role) -> None:
    if not has_post(by, city, "", *roles):
        raise RoleFault("JF-N007", _NOT_SECURITY_ADMIN)


def _record_act(act: str, by: User, role: StaffRole | RoleProposal) -> None:
    details = {"role": role.role, "district": role.district, "department": role.department}
    if isinstance(role, StaffRole) and role.confirmed_by_id:
        details["proposed_by"] = f"user:{role.granted_by_id}"
    record(
        act, actor=f"user:{by.pk}", subject=f"user:{role.user_id}", city=role.city, details=details
    )


_NO_NAME = say("actions.no_name")
_NO_ROLE = say("actions.no_role")
_DEPARTMENT = say("actions.department")
_NOT_TO_ONESELF = say("actions.not_to_oneself")
_ALREADY_GIVEN = say("actions.already_given")
_OWN_ROLE = say("actions.own_role")
_NOT_SECURITY_ADMIN = say("actions.not_security_admin")
_SECOND_PERSON = say("actions.second_person")
_ALREADY_DECIDED = say("actions.already_decided")
_PROPOSER_LEFT = say("actions.proposer_left")
