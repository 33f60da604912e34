"""What may follow what: pure decisions over a case, without a database.

One table says it all: in which state which act may be done by whom, and where it leads. The
diagram in the docs is drawn from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jifen.office.casework.models.application import State
from jifen.office.casework.models.decision import Outcome
from jifen.scoring import Assessment

APPLICANT, PERSON = "applicant", "person"
CLERK, REVIEWER, SENIOR, SUPERVISOR, SYSTEM = (
    "clerk",
    "reviewer",
    "senior_clerk",
    "supervisor",
    "system",
)
S = State
UNCHANGED = None


@dataclass(frozen=True, slots=True)
class ActRule:
    """In `state`, one of `sides` may do `act`; the case is then in one of `leads_to` (none: it
    stays where it is)."""

    state: State
    act: str
    sides: tuple[str, ...]
    leads_to: tuple[State, ...] = ()


_IN_REVIEW = (S.REVIEW, S.DECIDING, S.COUNTERSIGN)
_UNDER_WAY = (*_IN_REVIEW, S.CORRECTION)
TABLE: tuple[ActRule, ...] = (
    ActRule(S.DRAFT, "edit", (APPLICANT,)),
    ActRule(S.DRAFT, "upload", (APPLICANT,)),
    ActRule(S.DRAFT, "consent", (PERSON,)),
    ActRule(S.DRAFT, "submit", (APPLICANT,), (S.REVIEW, S.DECIDING)),
    ActRule(S.DRAFT, "choose_renewal", (APPLICANT, PERSON)),
    ActRule(S.DRAFT, "withdraw", (APPLICANT,), (S.WITHDRAWN,)),
    ActRule(S.REVIEW, "answer_register", (SYSTEM,), (S.REVIEW, S.DECIDING)),
    ActRule(S.REVIEW, "take", (CLERK, REVIEWER)),
    ActRule(S.REVIEW, "find", (CLERK, REVIEWER), (S.REVIEW, S.DECIDING)),
    ActRule(S.REVIEW, "ask_correction", (CLERK, REVIEWER), (S.CORRECTION,)),
    ActRule(S.CORRECTION, "edit", (APPLICANT,)),
    ActRule(S.CORRECTION, "upload", (APPLICANT,)),
    ActRule(S.CORRECTION, "resubmit", (APPLICANT,), (S.REVIEW,)),
    ActRule(S.CORRECTION, "lapse", (SYSTEM,), (S.LAPSED,)),
    ActRule(S.LAPSED, "reverse_lapse", (SUPERVISOR,), (S.CORRECTION,)),
    ActRule(S.DECIDING, "find", (CLERK, REVIEWER), (S.REVIEW, S.DECIDING)),
    ActRule(S.DECIDING, "take", (CLERK,)),
    ActRule(S.DECIDING, "ask_correction", (CLERK,), (S.CORRECTION,)),
    ActRule(S.DECIDING, "propose", (CLERK,), (S.COUNTERSIGN,)),
    ActRule(S.COUNTERSIGN, "countersign", (SENIOR, SUPERVISOR), (S.DECIDED,)),
    ActRule(S.COUNTERSIGN, "send_back", (SENIOR, SUPERVISOR), (S.DECIDING, S.REVIEW)),
    *(
        ActRule(state, "withdraw", (APPLICANT,), (S.WITHDRAWN,))
        for state in (*_IN_REVIEW, S.CORRECTION)
    ),
    *(ActRule(state, "consent", (PERSON,)) for state in _UNDER_WAY),  # to another employer
    *(ActRule(state, "ask_expedite", (APPLICANT,)) for state in _UNDER_WAY),
    *(ActRule(state, "decide_expedite", (SUPERVISOR,)) for state in _UNDER_WAY),
    *(ActRule(state, "change_employer", (SUPERVISOR,)) for state in _UNDER_WAY),
    *(ActRule(state, "hand_over", (SUPERVISOR,)) for state in _IN_REVIEW),
    ActRule(S.DECIDED, "choose_renewal", (APPLICANT, PERSON)),
    ActRule(S.DECIDED, "ask_recheck", (PERSON, APPLICANT)),
    ActRule(S.DECIDED, "decide_recheck", (SENIOR, SUPERVISOR), (S.DECIDED,)),
    ActRule(S.DECIDED, "find_false", (CLERK, SENIOR, SUPERVISOR)),
    *(
        rule
        for state in (S.DECIDED, S.REVOKED)  # revoked: a second finding on a case of a first one
        for rule in (
            ActRule(state, "deliver_finding", (CLERK, SENIOR, SUPERVISOR)),
            ActRule(state, "answer_false", (PERSON,)),  # nobody else answers for them
            ActRule(state, "take_down_answer", (CLERK, SENIOR, SUPERVISOR)),
        )
    ),
    ActRule(S.DECIDED, "decide_false", (SENIOR, SUPERVISOR), (S.DECIDED, S.REVOKED)),
    ActRule(S.REVOKED, "decide_false", (SENIOR, SUPERVISOR)),
)
ENDED = (S.DECIDED, S.WITHDRAWN, S.LAPSED, S.REVOKED)


def rule_for(state: str, act: str) -> ActRule | None:
    """The rule of an act in a state; None where it may not be done."""
    return next((rule for rule in TABLE if rule.state == state and rule.act == act), None)


def acts_for(state: str, sides: Iterable[str]) -> frozenset[str]:
    """What somebody of these sides may do."""
    own_sides = set(sides)
    return frozenset(r.act for r in TABLE if r.state == state and own_sides.intersection(r.sides))


def derive_state(
    *,
    submitted: bool,
    withdrawn: bool,
    lapsed: bool,
    correcting: bool,
    gates_passed: Iterable[bool],
    proposed: bool,
    signed: bool,
    revoked: bool,
) -> State:
    """Where a case stands, from its parts: the only place that says so."""
    ended = (withdrawn, S.WITHDRAWN), (lapsed, S.LAPSED), (revoked, S.REVOKED)
    for holds, state in ended:
        if holds:
            return state
    if not submitted:
        return S.DRAFT
    if signed:
        return S.DECIDED
    if correcting:
        return S.CORRECTION
    if proposed:
        return S.COUNTERSIGN
    return S.DECIDING if all(gates_passed) else S.REVIEW


def derive_outcome(assessment: Assessment) -> Outcome | None:
    """What an assessment amounts to; None while something that matters is unknown."""
    if assessment.total is None or assessment.eligible is None or assessment.vetoed is None:
        return None
    if assessment.vetoed:
        return Outcome.VETOED
    if not assessment.eligible and not assessment.open_ways:
        return Outcome.REFUSED
    return Outcome.REACHED if assessment.reached else Outcome.BELOW


def draw_diagram() -> str:
    """The table as a Mermaid state diagram."""
    arrows: dict[tuple[Any, Any], list[str]] = {}
    for rule in TABLE:
        for next_state in rule.leads_to:
            if next_state != rule.state:
                arrows.setdefault((rule.state, next_state), []).append(rule.act)
    lines = [f"    {a} --> {b}: {', '.join(acts)}" for (a, b), acts in arrows.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> draft", *lines])
