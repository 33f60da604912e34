"""What the worker does to lists on a day, in this order: who is no longer entitled leaves before a
list is made, and an objection holds an entry before the formal list takes it."""

from collections.abc import Callable
from datetime import date

from jifen.office.lists.actions.post_publicity import (
    close_due_publicity,
    forfeit_due_entries,
    hold_due_entries,
    lapse_due_entries,
    notify_due_entries,
    remove_due_entries,
)
from jifen.office.lists.actions.publication import enter_due_decisions, publish_due_lists
from jifen.office.lists.actions.rechecks import apply_due_rechecks
from jifen.office.lists.actions.settlement_slips import (
    delay_due_settlements,
    issue_due_slips,
    withdraw_due_slips,
)

STEPS: tuple[Callable[[date], int], ...] = (
    enter_due_decisions,
    apply_due_rechecks,
    remove_due_entries,
    lapse_due_entries,
    publish_due_lists,
    hold_due_entries,
    close_due_publicity,
    notify_due_entries,
    delay_due_settlements,
    forfeit_due_entries,
    issue_due_slips,
    withdraw_due_slips,
)


def run_daily_steps(day: date) -> int:
    """All of them; how much was done."""
    return sum(step(day) for step in STEPS)
