"""Who may do what with a consultation, and where that leads: a table, without a database."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from jifen.office.accounts.models import Role
from jifen.office.consultation.models import ConsultationState as State

Phase = Literal["any", "running", "over"]
"""Whether the window is running or over; of an act that does not ask for it: any."""
PREPARING = (Role.DRAFTER, Role.POLICY_REVIEWER)
EVERYBODY_OF_STUDIO = (*PREPARING, Role.APPROVER, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class ConsultationStep:
    """An act of some roles in a state, and the state that it leads to ('': the same). `not_by`:
    the field of the person who may not do it."""

    act: str
    roles: tuple[str, ...]
    state: State
    phase: Phase = "any"
    leads_to: str = ""
    not_by: str = ""


STEPS = (
    ConsultationStep("open", (Role.APPROVER,), State.PROPOSED, "any", State.OPEN, "proposed_by_id"),
    ConsultationStep(
        "refuse", (Role.APPROVER,), State.PROPOSED, "any", State.REFUSED, "proposed_by_id"
    ),
    ConsultationStep(
        "withdraw", (*PREPARING, Role.APPROVER), State.PROPOSED, "any", State.WITHDRAWN
    ),
    ConsultationStep("withdraw", (Role.APPROVER,), State.OPEN, "any", State.WITHDRAWN),
    ConsultationStep("moderate", (Role.MODERATOR,), State.OPEN),
    ConsultationStep("moderate", (Role.MODERATOR,), State.REPLYING),
    ConsultationStep("hear", PREPARING, State.OPEN),
    ConsultationStep("minute", PREPARING, State.OPEN),
    ConsultationStep("answer", PREPARING, State.OPEN, "over"),
    ConsultationStep("hand_in", PREPARING, State.OPEN, "over", State.REPLYING),
    ConsultationStep("send_back", (Role.APPROVER,), State.REPLYING, "any", State.OPEN),
    ConsultationStep(
        "sign", (Role.APPROVER,), State.REPLYING, "any", State.ANSWERED, "handed_in_by_id"
    ),
)
ACTS = frozenset(step.act for step in STEPS)
NEEDS_REASON = frozenset({"refuse", "withdraw", "send_back"})
PUBLIC = (State.OPEN, State.REPLYING, State.ANSWERED)
"""The states whose page everybody sees; one that was withdrawn after it was opened, too."""


class Row(Protocol):
    """What the rules read of a consultation."""

    state: str
    last_day: date | None


def is_running(row: Row, on: date) -> bool:
    """Whether comments are taken on a day."""
    return row.state == State.OPEN and row.last_day is not None and on <= row.last_day


def is_over(row: Row, on: date) -> bool:
    """Whether the window has ended, and the answers are not handed in yet."""
    return row.state == State.OPEN and row.last_day is not None and on > row.last_day


def find_steps(row: Row, roles: frozenset[str], user_id: int, on: date) -> list[ConsultationStep]:
    """The steps that somebody with these roles may take on a day."""
    phases = {"any", "over" if is_over(row, on) else "running"}
    return [
        step
        for step in STEPS
        if step.state == row.state
        and step.phase in phases
        and roles & set(step.roles)
        and (not step.not_by or getattr(row, step.not_by) != user_id)
    ]


def roles_of(act: str) -> frozenset[str]:
    """The roles that do an act, in whatever state."""
    return frozenset(role for step in STEPS if step.act == act for role in step.roles)
