"""What the worker does to lists on a day, in this order: who is no longer entitled leaves before a
list is made, and an objection holds an entry before the formal list takes it."""

from collections.abc import Callable
from datetime import date

from jifen.office.lists.actions.after import (
    close_due,
    forfeit_due,
    hold_due,
    lapse_due,
    notify_due,
    remove_due,
)
from jifen.office.lists.actions.publish import enter_due, publish_due
from jifen.office.lists.actions.rechecks import recheck_due
from jifen.office.lists.actions.slips import delay_due, slips_due, withdraw_due

STEPS: tuple[Callable[[date], int], ...] = (
    enter_due,
    recheck_due,
    remove_due,
    lapse_due,
    publish_due,
    hold_due,
    close_due,
    notify_due,
    delay_due,
    forfeit_due,
    slips_due,
    withdraw_due,
)


def steps(day: date) -> int:
    """All of them; how much was done."""
    return sum(step(day) for step in STEPS)
