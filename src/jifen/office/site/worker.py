"""`jifen worker`: what is due, in the background. There is no broker: rows say what is due, are
claimed with a lease, tried again later, and a second try is harmless."""

import logging
import os
import signal
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from datetime import time as clock_time
from importlib.util import find_spec
from threading import Event
from typing import TYPE_CHECKING

import django

from jifen.office.site.supervisor import Supervisor
from jifen.rulebook.faulty_cities import leave_out_broken

if TYPE_CHECKING:
    from jifen.office.site.due import Step

logger = logging.getLogger("jifen.worker")
QUICK, SLOW = 1.0, 60.0
"""Seconds between two looks at what comes often, and at what comes by the day."""
MOST_ROUNDS = 1_000
FAILED = 1
_EVENING = clock_time(20)


def work(*, once: bool = False, on: date | None = None) -> None:
    """Work until SIGTERM or Ctrl-C; `once`: only what is due now, or on a day (at its end), with
    status 1 and the names of the steps where some failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
    os.environ.setdefault("JIFEN_STATEMENT_SECONDS", "3600")  # nobody waits for a page
    django.setup()
    from jifen.office.site.start_advice import advise  # noqa: PLC0415 - needs models
    from jifen.office.site.start_checks import refuse_wrong_start  # noqa: PLC0415 - needs models

    leave_out_broken()
    refuse_wrong_start()
    advise()
    if once:
        if failed := _all_of_it(on):
            print(f"failed, see the log: {', '.join(failed)}", file=sys.stderr)
            sys.exit(FAILED)
        return
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with _simulation():
        _look_until(ended)


def _simulation() -> AbstractContextManager[object]:
    """The process that simulates drafts, beside this one; none where the lab is not installed."""
    if find_spec("pyarrow") is None:
        return nullcontext()
    command = [sys.executable, "-m", "jifen", "studio", "simulate", "--beside"]
    return Supervisor(command, "simulation")


def _look_until(ended: Event) -> None:
    slow_at = 0.0
    while not ended.is_set():
        done, _ = _run(_steps(quick=True), None)
        if time.monotonic() >= slow_at:
            _run(_steps(quick=False), None)
            slow_at = time.monotonic() + SLOW
        if not done:
            ended.wait(QUICK)


def _all_of_it(on: date | None) -> list[str]:
    """Until a round finds nothing more to do; how much is done is shown where somebody looks.
    Gives the steps that failed in any round."""
    total, failed = 0, dict[str, None]()
    for _ in range(MOST_ROUNDS):
        done, wrong = _run([*_steps(quick=False), *_steps(quick=True), *_simulating()], on)
        total += done
        failed |= dict.fromkeys(wrong)
        if sys.stderr.isatty():
            print(f"\r{total:,} done", end="", file=sys.stderr)
        if not done:
            break
    print(f"{total:,} done", file=sys.stderr)
    return list(failed)


def _steps(*, quick: bool) -> "list[Step]":
    from jifen.office.site.due import QUICKLY, SLOWLY  # noqa: PLC0415 - needs the apps

    return QUICKLY if quick else SLOWLY


def _simulating() -> "tuple[Step, ...]":
    """What else a process of its own does (`jifen studio simulate`)."""
    from jifen.office.workshop.simulation.process import STEPS  # noqa: PLC0415 - needs the apps

    return STEPS if find_spec("pyarrow") else ()


def _run(steps: "list[Step]", on: date | None) -> tuple[int, list[str]]:
    """All steps: how much was done, and which failed. One that fails does not stop the others,
    and is tried at the next look."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    done, failed, at = 0, [], moment(on)
    for step in steps:
        try:
            done += step(at)
        except Exception:
            failed.append(getattr(step, "__name__", str(step)))
            logger.exception("%s failed", failed[-1])
            connection.close()
    return done, failed


def moment(on: date | None) -> datetime:
    """Now; or of a named day the last hour in which messages go out."""
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    if on is None:
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, _EVENING))
