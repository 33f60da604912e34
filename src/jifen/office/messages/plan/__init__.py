"""Planning of messages: from events of cases and permits, and as reminders of coming days."""

from jifen.office.messages.plan.digests import plan_digests
from jifen.office.messages.plan.events import plan_for_case_events, plan_for_permit_events
from jifen.office.messages.plan.hearings import record_tellings
from jifen.office.messages.plan.reminders import plan_reminders
from jifen.office.messages.plan.waiting import plan_for_unit_reviews, plan_for_waiting_rows

__all__ = [
    "plan_digests",
    "plan_for_case_events",
    "plan_for_permit_events",
    "plan_for_unit_reviews",
    "plan_for_waiting_rows",
    "plan_reminders",
    "record_tellings",
]
