"""`jifen studio simulate`: the process that keeps populations mapped and kernels warm. Several may
run; `jifen worker` starts one."""

import logging
import os
import signal
from threading import Event

from django.db import connection
from django.utils import timezone

from jifen.office.workshop.simulation.due import draw_due, simulate_due

logger = logging.getLogger("jifen.studio")
PAUSE = 0.1
"""Seconds between two looks: part of what somebody waits who types."""
STEPS = (simulate_due, draw_due)


def simulate(*, beside: bool = False) -> None:
    """Simulate until SIGTERM or Ctrl-C; `beside`: no longer than the process that started this
    one, however that ends."""
    ended, parent = Event(), os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set() and not (beside and os.getppid() != parent):
        if not look():
            ended.wait(PAUSE)


def look() -> int:
    """One look at what is due; how much was done. A step that fails is logged and tried again."""
    done = 0
    for step in STEPS:
        try:
            done += step(timezone.now())
        except Exception:
            logger.exception("%s failed", step.__name__)
            connection.close()
        if done:
            break  # the newest change before anything else
    return done
