"""What is to be told: from what happened, and from what lies ahead."""

from jifen.office.messages.plan.digests import digests
from jifen.office.messages.plan.happened import tell_cases, tell_permits, tell_waiting
from jifen.office.messages.plan.of_waiting import tell_units
from jifen.office.messages.plan.reminders import remind

__all__ = ["digests", "remind", "tell_cases", "tell_permits", "tell_units", "tell_waiting"]
