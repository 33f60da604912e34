"""Who may do what in the studio: a table, without a database."""

from jifen.office.accounts.models import Role
from jifen.office.workshop.models import Adoption, AdoptionState, DraftState

STUDIO = (Role.DRAFTER, Role.POLICY_REVIEWER, Role.APPROVER, Role.MODERATOR)
"""The roles that see the drafts of their office. Consultation will give moderators acts of their
own."""

ACTS: dict[str, tuple[str, ...]] = {
    "see": STUDIO,
    "simulate": STUDIO,
    "edit": (Role.DRAFTER,),
    "judge": (Role.DRAFTER, Role.POLICY_REVIEWER),
    "close": (Role.DRAFTER,),
    "reopen": (Role.DRAFTER,),
    "propose": (Role.DRAFTER, Role.POLICY_REVIEWER),
}
"""Act → the roles that do it."""
WHILE_OPEN = frozenset({"edit", "judge", "close", "propose"})
"""Acts on a draft that was not put aside."""

ADOPTION_ACTS: dict[str, tuple[str, ...]] = {
    "see": STUDIO,
    "decide": (Role.APPROVER,),
    "withdraw": (Role.APPROVER, Role.DRAFTER, Role.POLICY_REVIEWER),
}
"""Act on an adoption → the roles that do it."""


def adoption_acts_for(adoption: Adoption, roles: frozenset[str], user_id: int) -> frozenset[str]:
    """What somebody may do with an adoption: nobody decides what they proposed; what was adopted is
    withdrawn by an approver, what is proposed by any of them."""
    allowed = {act for act, doers in ADOPTION_ACTS.items() if roles & set(doers)}
    if adoption.state != AdoptionState.PROPOSED or adoption.proposed_by_id == user_id:
        allowed.discard("decide")
    is_over = adoption.state in (AdoptionState.REFUSED, AdoptionState.WITHDRAWN)
    by_approver = adoption.state == AdoptionState.ADOPTED and Role.APPROVER not in roles
    if is_over or by_approver:
        allowed.discard("withdraw")
    return frozenset(allowed)


def acts_for(state: str, roles: frozenset[str]) -> frozenset[str]:
    """What somebody with these roles may do with a draft in a state."""
    is_open = state == DraftState.OPEN
    return frozenset(
        act
        for act, doers in ACTS.items()
        if roles & set(doers)
        and (is_open or act not in WHILE_OPEN)
        and not (is_open and act == "reopen")
    )
