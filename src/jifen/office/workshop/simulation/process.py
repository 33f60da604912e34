"""`jifen studio simulate`: the process that keeps populations mapped and kernels warm. Several may
run; `jifen worker` starts one."""

import logging
import os
import signal
from threading import Event

from django.db import connection
from django.utils import timezone

from jifen.office.workshop.editions_in_force import follow_editions
from jifen.office.workshop.simulation.due import draw_due, simulate_due
from jifen.office.workshop.simulation.studies import study_due

logger = logging.getLogger("jifen.studio")
PAUSE, AFTER_FAULT = 0.1, 5.0
"""Seconds between two looks: part of what somebody waits who types; and after a fault, of the
database say."""
STEPS = (simulate_due, study_due, draw_due)


def simulate(*, beside: bool = False) -> None:
    """Simulate until SIGTERM or Ctrl-C; `beside`: no longer than the process that started this
    one, however that ends."""
    ended, parent = Event(), os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set() and not (beside and os.getppid() != parent):
        done = look()
        if done is None:
            ended.wait(AFTER_FAULT)
        elif not done:
            ended.wait(PAUSE)


def look() -> int | None:
    """One look at what is due, the newest change before anything else: how much was done; None
    after a fault, which is logged."""
    try:
        follow_editions()
        now = timezone.now()
        return simulate_due(now) or study_due(now) or draw_due(now)
    except Exception:
        logger.exception("the look at what is due failed")
        connection.close()
        return None
