"""`jifen worker`: background work. There is no message broker: rows say what is due, are claimed
with a lease and tried again later, and a second try is harmless."""

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
    from jifen.office.operate.heartbeats import Heart
    from jifen.office.site.worker_steps import Step

logger = logging.getLogger("jifen.worker")
QUICK_SECONDS, SLOW_SECONDS = 1.0, 60.0
"""Seconds between two runs of the quick steps, and of the slow ones."""
MOST_ROUNDS = 1_000
EXIT_FAILED = 1
_EVENING = clock_time(20)


def run_worker(*, once: bool = False, on: date | None = None) -> None:
    """Work until SIGTERM or Ctrl-C; `once`: only what is due now, or on a day (at its end), with
    status 1 and the names of the steps where some failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
    os.environ.setdefault("JIFEN_STATEMENT_SECONDS", "3600")  # nobody waits for a page
    django.setup()
    from jifen.office.site.start_advice import log_weaknesses  # noqa: PLC0415 - needs models
    from jifen.office.site.start_checks import refuse_wrong_start  # noqa: PLC0415 - needs models

    leave_out_broken()
    refuse_wrong_start()
    log_weaknesses()
    if once:
        if failed := _run_until_done(on):
            print(f"failed, see the log: {', '.join(failed)}", file=sys.stderr)
            sys.exit(EXIT_FAILED)
        return
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    from jifen.office.operate.heartbeats import WORKER, Heart  # noqa: PLC0415 - needs the apps

    with _simulation(), Heart(WORKER) as heart:
        _look_until(ended, heart)


def _simulation() -> AbstractContextManager[object]:
    """The process that simulates drafts, beside this one; none where the lab is not installed."""
    if find_spec("pyarrow") is None:
        return nullcontext()
    command = [sys.executable, "-m", "jifen", "studio", "simulate", "--beside"]
    return Supervisor(command, "simulation")


def _look_until(ended: Event, heart: "Heart") -> None:
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    slow_at, slow_day = 0.0, None
    while not ended.is_set():
        done_count, _ = _run_steps(_get_steps(quick=True), None, heart)
        day = timezone.localdate()
        if time.monotonic() >= slow_at or day != slow_day:
            _run_steps(_get_steps(quick=False), None, heart)
            slow_at, slow_day = time.monotonic() + SLOW_SECONDS, day
        if not done_count:
            ended.wait(QUICK_SECONDS)


def _run_until_done(on: date | None) -> list[str]:
    """Until a round finds nothing more to do; how much is done is shown where somebody looks.
    Gives the steps that failed in any round."""
    total, failed = 0, dict[str, None]()
    for _ in range(MOST_ROUNDS):
        steps = [*_get_steps(quick=False), *_get_steps(quick=True), *_simulation_steps()]
        done_count, newly_failed = _run_steps(steps, on)
        total += done_count
        failed |= dict.fromkeys(newly_failed)
        if sys.stderr.isatty():
            print(f"\r{total:,} done", end="", file=sys.stderr)
        if not done_count:
            break
    print(f"{total:,} done", file=sys.stderr)
    return list(failed)


def _get_steps(*, quick: bool) -> "list[Step]":
    from jifen.office.site.worker_steps import QUICK_STEPS, SLOW_STEPS  # noqa: PLC0415 - needs the apps

    return QUICK_STEPS if quick else SLOW_STEPS


def _simulation_steps() -> "tuple[Step, ...]":
    """What else a process of its own does (`jifen studio simulate`)."""
    from jifen.office.workshop.simulation.process import STEPS  # noqa: PLC0415 - needs the apps

    return STEPS if find_spec("pyarrow") else ()


def _run_steps(
    steps: "list[Step]", on: date | None, heart: "Heart | None" = None
) -> tuple[int, list[str]]:
    """All steps: how much was done, and which failed. One that fails does not stop the others,
    and is tried at the next look."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    done_count, failed, at = 0, [], get_working_time(on)
    for step in steps:
        name = getattr(step, "__name__", str(step))
        try:
            with heart.during_step(name) if heart else nullcontext():
                done_count += step(at)
        except Exception:
            failed.append(name)
            logger.exception("%s failed", name)
            connection.close()
    return done_count, failed


def get_working_time(on: date | None) -> datetime:
    """Now; or of a named day the last hour in which messages go out."""
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    if on is None:
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, _EVENING))
