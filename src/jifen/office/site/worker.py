"""`jifen worker`: what is due, in the background. There is no broker: rows say what is due, are
claimed with a lease, tried again later, and a second try is harmless."""

import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import django

logger = logging.getLogger("jifen.worker")
QUICK, SLOW = 1.0, 60.0
"""Seconds between two looks at what comes often, and at what comes by the day."""


def work(*, once: bool = False) -> None:
    """Work until SIGTERM or Ctrl-C; `once`: only what is due now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
    django.setup()
    ended = Event()
    if not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
    slow_at = 0.0
    while not ended.is_set():
        done = _run(_quick())
        if time.monotonic() >= slow_at:
            _run(_slow())
            slow_at = time.monotonic() + SLOW
        if once:
            return
        if not done:
            ended.wait(QUICK)


def _quick() -> list[Callable[[], int]]:
    from jifen.office.api.webhooks import deliver_due, plan  # noqa: PLC0415 - needs the apps
    from jifen.office.casework.actions.registers import ask_due  # noqa: PLC0415
    from jifen.office.casework.actions.workbook import take_in_due  # noqa: PLC0415
    from jifen.office.documents.actions import scan_due  # noqa: PLC0415

    return [ask_due, scan_due, take_in_due, plan, deliver_due]


def _slow() -> list[Callable[[], int]]:
    from jifen.office.casework.actions.correct import lapse_due  # noqa: PLC0415 - needs the apps
    from jifen.office.casework.actions.workbook import empty_old  # noqa: PLC0415

    return [lapse_due, empty_old, _sign_yesterday]


def _sign_yesterday() -> int:
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    from jifen.office.audit.actions import sign_day  # noqa: PLC0415

    return int(sign_day(timezone.localdate() - timedelta(days=1)) is not None)


def _run(steps: list[Callable[[], int]]) -> int:
    """All steps; one that fails does not stop the others, and is tried at the next look."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    done = 0
    for step in steps:
        try:
            done += step()
        except Exception:
            logger.exception("%s failed", step.__name__)
            connection.close()
    return done
