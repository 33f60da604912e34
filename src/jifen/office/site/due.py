"""What the worker does, in order: each step takes the moment and says how much it did."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from jifen.office.accounts.signin.brakes import sweep_old_counts as sweep_brakes
from jifen.office.api import webhooks
from jifen.office.audit.digests import sign_day
from jifen.office.audit.sealing import seal_due_accesses
from jifen.office.casework.actions.corrections import lapse_overdue_cases
from jifen.office.casework.actions.registers import ask_due_registers
from jifen.office.casework.actions.workbooks import erase_old_workbooks, import_due_workbooks
from jifen.office.casework.renewal.creation import renew_due_points
from jifen.office.casework.renewal.straight_through import decide_due_renewals
from jifen.office.casework.waiting_rows import end_renewal_waits
from jifen.office.documents.actions import scan_due
from jifen.office.lists.actions.daily import STEPS as LISTS
from jifen.office.messages import plan
from jifen.office.messages.delivery import deliver_due_messages
from jifen.office.notices.actions.amendments import amend_due_notices
from jifen.office.notices.actions.events import issue_for_case_events, revoke_for_permit_events
from jifen.office.notices.actions.printing import print_due_notices
from jifen.office.notices.actions.renewals import announce_renewals
from jifen.office.registry.actions.endorsing import endorse_due
from jifen.office.site.anchoring import write_anchors
from jifen.office.workshop.adopted import refresh_editions

Step = Callable[[datetime], int]


def by_day(step: Callable[..., int], *, long: bool = False) -> Step:
    """A step that asks for the day; a `long` one shows how far it is where somebody looks."""

    def taken(at: datetime) -> int:
        day = timezone.localtime(at).date()
        return step(day, shown(step.__name__)) if long else step(day)

    taken.__name__ = step.__name__
    return taken


def shown(name: str) -> Callable[[int], None] | None:
    """Counts on the terminal, where there is one."""
    if not sys.stderr.isatty():
        return None
    return lambda done: print(f"\r{name}: {done:,}", end="", file=sys.stderr)


def at_any_time(step: Callable[[], int]) -> Step:
    """A step that needs no time."""

    def taken(at: datetime) -> int:
        del at
        return step()

    taken.__name__ = step.__name__
    return taken


def anchor_yesterday(at: datetime) -> int:
    """The digest of the log, and its file in another place; a day without a worker is covered by
    the digest of the next."""
    sign_day(timezone.localtime(at).date() - timedelta(days=1))
    write_anchors()
    return 0


def look_for_editions(at: datetime) -> int:
    """Versions put in force since the last look are known to this process; nothing is done."""
    del at
    refresh_editions()
    return 0


QUICKLY: list[Step] = [
    look_for_editions,
    at_any_time(ask_due_registers),
    at_any_time(decide_due_renewals),
    at_any_time(scan_due),
    at_any_time(import_due_workbooks),
    plan.plan_for_case_events,
    plan.plan_for_permit_events,
    plan.plan_for_waiting_rows,
    deliver_due_messages,
    issue_for_case_events,
    revoke_for_permit_events,
    print_due_notices,
    at_any_time(webhooks.plan),
    at_any_time(webhooks.deliver_due),
    seal_due_accesses,
]
SLOWLY: list[Step] = [
    at_any_time(sweep_brakes),
    by_day(lapse_overdue_cases),
    by_day(endorse_due, long=True),
    by_day(renew_due_points, long=True),
    by_day(end_renewal_waits),
    by_day(amend_due_notices),
    *(by_day(step) for step in LISTS),
    plan.plan_for_unit_reviews,
    plan.plan_reminders,
    by_day(announce_renewals),
    plan.plan_digests,
    at_any_time(erase_old_workbooks),
    anchor_yesterday,
]
