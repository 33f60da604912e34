"""What somebody signs: outcome and differences of each proposal, and several signed in one go."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions.decisions import compare_line_items, countersign_decision
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.models import Application, Decision, Finding, Item
from jifen.office.casework.queries import Desk, list_queue
from jifen.office.desk.actions.assignments import GateBatchOutcome
from jifen.office.waiting.models import WaitKind
from jifen.policy.text import Text

PAGE_CASES = 20
"""As many as somebody can look at before signing them together."""


@dataclass(frozen=True, slots=True)
class UnsignedDecision:
    """A proposal that waits for a signature. `lines`: points by line that differ from what was
    claimed or, of a renewal, from the last decision; `changed`: facts that the clerk corrected or
    rejected, and found without a claim."""

    application: Application
    decision: Decision
    lines: tuple[dict[str, Any], ...]
    changed: tuple[Item, ...]


def list_proposals(user: User, desk: Desk, day: date) -> list[UnsignedDecision]:
    """What somebody may sign now, in the order of the queue."""
    rows = list_queue(user, desk, day, WaitKind.SIGNATURE, PAGE_CASES)
    applications = [row.application for row in rows if row.application is not None]
    return [proposal for application in applications if (proposal := _describe(application))]


def _describe(application: Application) -> UnsignedDecision | None:
    decision = (
        application.decisions.filter(void_at__isnull=True, signed_at__isnull=True)
        .select_related("proposed_by")
        .first()
    )
    if decision is None:
        return None
    changed = application.items.filter(finding__in=(Finding.CORRECTED, Finding.REJECTED))
    return UnsignedDecision(
        application, decision, _compare_lines(application, decision), tuple(changed)
    )


def _compare_lines(application: Application, decision: Decision) -> tuple[dict[str, Any], ...]:
    if application.renews is not None:
        before = application.renews.result
    elif application.estimate.get("lines"):
        before = json.dumps(application.estimate)
    else:
        return ()
    return tuple(compare_line_items(before, decision.result))


@dataclass(frozen=True, slots=True)
class SignatureChoice:
    """A case that was ticked, as it was when it was looked at."""

    case_key: UUID
    version: int


def sign_decisions(user: User, choices: Iterable[SignatureChoice]) -> GateBatchOutcome:
    """Sign each of several proposals by itself: one that changed since it was looked at, or that
    somebody else has to sign, is refused and stops no other."""
    done, refused = 0, list[tuple[str, Text]]()
    for choice in list(choices)[:PAGE_CASES]:
        try:
            case = access_case(user, choice.case_key)
        except NoSuchCase:
            continue
        try:
            case.refuse_unless("countersign")
            countersign_decision(case, version=choice.version)
            done += 1
        except CaseFault as fault:
            refused.append((case.application.number or "", fault.words))
    return GateBatchOutcome(done, tuple(refused))
