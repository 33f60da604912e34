"""The steps of the worker, in order. Each takes the time and returns how much it did."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from jifen.office.accounts.signin.brakes import sweep_old_counts as sweep_brakes
from jifen.office.administration.calendar_years import follow_years
from jifen.office.administration.districts import follow_districts
from jifen.office.api import webhooks
from jifen.office.audit.digests import sign_day
from jifen.office.audit.sealing import seal_due_accesses
from jifen.office.casework.actions.corrections import lapse_overdue_cases
from jifen.office.casework.actions.registers import ask_due_registers
from jifen.office.casework.actions.workbooks import erase_old_workbooks, import_due_workbooks
from jifen.office.casework.renewal.creation import renew_due_points
from jifen.office.casework.renewal.straight_through import decide_due_renewals
from jifen.office.casework.waiting_rows import end_renewal_waits
from jifen.office.consultation.jobs import announce_consultations, send_due_mails
from jifen.office.documents.actions import scan_due_documents
from jifen.office.lists.actions.daily import STEPS as LISTS
from jifen.office.messages import plan
from jifen.office.messages.delivery import deliver_due_messages
from jifen.office.notices.actions.amendments import amend_due_notices
from jifen.office.notices.actions.events import issue_for_case_events, revoke_for_permit_events
from jifen.office.notices.actions.printing import print_due_notices
from jifen.office.notices.actions.renewals import announce_renewals
from jifen.office.registry.actions.automatic_endorsement import endorse_due_permits
from jifen.office.sandbox.clock import follow_clock, go_on_a_day
from jifen.office.site.anchoring import write_missing_anchors
from jifen.office.workshop.editions_in_force import follow_editions

Step = Callable[[datetime], int]


def run_with_day(step: Callable[..., int], *, long: bool = False) -> Step:
    """A step from a function of the day; a `long` one prints its progress on a terminal."""

    def run_step(at: datetime) -> int:
        day = timezone.localtime(at).date()
        return step(day, build_progress_printer(step.__name__)) if long else step(day)

    run_step.__name__ = step.__name__
    return run_step


def build_progress_printer(name: str) -> Callable[[int], None] | None:
    """A function that prints counts on the terminal; None where there is none."""
    if not sys.stderr.isatty():
        return None
    return lambda count: print(f"\r{name}: {count:,}", end="", file=sys.stderr)


def run_without_time(step: Callable[[], int]) -> Step:
    """A step from a function without arguments."""

    def run_step(at: datetime) -> int:
        del at
        return step()

    run_step.__name__ = step.__name__
    return run_step


def anchor_yesterday(at: datetime) -> int:
    """Sign the digest of yesterday and write its file. A day without a worker is covered by the
    next digest."""
    sign_day(timezone.localtime(at).date() - timedelta(days=1))
    write_missing_anchors()
    return 0


def look_for_editions(at: datetime) -> int:
    """Versions put in force and working days confirmed since the last look are known to this
    process; nothing is done."""
    del at
    follow_editions()
    follow_years()
    follow_districts()
    follow_clock()
    return 0


QUICK_STEPS: list[Step] = [
    look_for_editions,
    run_without_time(ask_due_registers),
    run_without_time(decide_due_renewals),
    run_without_time(scan_due_documents),
    run_without_time(import_due_workbooks),
    plan.plan_for_case_events,
    plan.record_tellings,
    plan.plan_for_permit_events,
    plan.plan_for_waiting_rows,
    deliver_due_messages,
    announce_consultations,
    send_due_mails,
    issue_for_case_events,
    revoke_for_permit_events,
    print_due_notices,
    run_without_time(webhooks.plan_deliveries),
    run_without_time(webhooks.send_due_deliveries),
    seal_due_accesses,
]
SLOW_STEPS: list[Step] = [
    run_without_time(sweep_brakes),
    run_with_day(lapse_overdue_cases),
    run_with_day(endorse_due_permits, long=True),
    run_with_day(renew_due_points, long=True),
    run_with_day(end_renewal_waits),
    run_with_day(amend_due_notices),
    *(run_with_day(step) for step in LISTS),
    plan.plan_for_unit_reviews,
    plan.plan_reminders,
    run_with_day(announce_renewals),
    plan.plan_digests,
    run_without_time(erase_old_workbooks),
    anchor_yesterday,
    run_without_time(go_on_a_day),  # last: the day is over
]
