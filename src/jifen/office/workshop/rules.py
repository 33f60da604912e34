"""Who may do what in the studio: a table, without a database."""

from jifen.office.accounts.models import Role
from jifen.office.workshop.models import DraftState

STUDIO = (Role.DRAFTER, Role.POLICY_REVIEWER, Role.APPROVER, Role.MODERATOR)
"""The roles that see the drafts of their office. Consultation and adoption will give approvers and
moderators acts of their own."""

ACTS: dict[str, tuple[str, ...]] = {
    "see": STUDIO,
    "simulate": STUDIO,
    "edit": (Role.DRAFTER,),
    "judge": (Role.DRAFTER, Role.POLICY_REVIEWER),
    "close": (Role.DRAFTER,),
    "reopen": (Role.DRAFTER,),
}
"""Act → the roles that do it."""
WHILE_OPEN = frozenset({"edit", "judge", "close"})
"""Acts on a draft that was not put aside."""


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
