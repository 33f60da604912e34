"""A simulated office: permits over three years of days, every day run by two workers that are
killed at random; then everything is counted. Takes long, and is run where it is asked for:

    python -m benchmarks office.years
    python tools/pg.py -- python -m benchmarks office.years

100,000 permits and three years; JIFEN_PERMITS and JIFEN_DAYS ask for others.
"""

import os
import random
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.office.setup import sqlite_office

PERMITS = int(os.environ.get("JIFEN_PERMITS", "100000"))
DAYS = int(os.environ.get("JIFEN_DAYS", str(3 * 365)))
POINTS = max(PERMITS // 100, 10)
FIRST = date(2023, 6, 1)
KILLS = 0.2
"""The share of days on which a worker is killed."""
WORKERS = 2


def run() -> None:
    """Simulate, count, and print the time of a day."""
    with sqlite_office():
        from benchmarks.office.years_people import fill_years  # noqa: PLC0415 - needs the apps

        clerk = fill_years(PERMITS, POINTS, FIRST)
        folder = Path(os.environ["JIFEN_VAR"])
        days, kills = _simulate_days(folder, clerk)
        from benchmarks.office.years_count import count_everything  # noqa: PLC0415 - needs the apps

        count_lines = count_everything(FIRST, FIRST + timedelta(days=DAYS - 1), POINTS)
    print(
        f"office.years: {PERMITS:,} permits, {DAYS} days, {WORKERS} workers, {kills} killed: "
        f"{statistics.median(days):.2f} s a day in the middle, {max(days):.1f} s at most"
    )
    for line in count_lines:
        print(f"  {line}")


def _simulate_days(folder: Path, clerk: Any) -> tuple[list[float], int]:
    chance, spent, kills = random.Random(7), list[float](), 0
    workers = [_start_worker(folder, n) for n in range(WORKERS)]
    for number in range(DAYS):
        on, begun = FIRST + timedelta(days=number), time.perf_counter()
        _people_act(clerk, on)
        (folder / "day").write_text(str(on))
        if chance.random() < KILLS:
            time.sleep(chance.random() * 0.8)
            killed = chance.randrange(WORKERS)
            workers[killed].kill()
            workers[killed].wait()
            workers[killed] = _start_worker(folder, killed)
            kills += 1
        _wait_for_workers(folder, on, workers)
        spent.append(time.perf_counter() - begun)
        if sys.stderr.isatty() or number % 50 == 0:
            print(f"{on} {spent[-1]:.2f} s", file=sys.stderr)
    time.sleep(5)  # what a killed worker held is free again
    (folder / "day").write_text(str(FIRST + timedelta(days=DAYS)))
    _wait_for_workers(folder, FIRST + timedelta(days=DAYS), workers)
    for worker in workers:
        worker.kill()
    return spent, kills


def _start_worker(folder: Path, number: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.office.years_worker", str(folder), str(number)]
    return subprocess.Popen(command, env=os.environ | {"JIFEN_KEYS": str(folder / "keys.json")})


def _wait_for_workers(folder: Path, on: date, workers: "list[subprocess.Popen[bytes]]") -> None:
    """Until every worker has gone through the day."""
    for number, worker in enumerate(workers):
        done = folder / f"done-{number}"
        while not done.exists() or done.read_text() < str(on):
            if worker.poll() is not None:
                sys.exit(f"worker {number} ended with {worker.returncode}")
            time.sleep(0.005)


def _people_act(clerk: Any, on: date) -> None:
    """Four of five whose permit is not endorsed by itself come to a window three days before."""
    from jifen.office.registry.actions.permits import endorse_permit  # noqa: PLC0415
    from jifen.office.registry.models import Permit, PermitEvent  # noqa: PLC0415

    end = on + timedelta(days=3)
    refused = PermitEvent.objects.filter(kind="not_automatic", period_end=end)
    rows = Permit.objects.filter(valid_until=end, pk__in=refused.values("permit"))
    for permit in rows:
        if permit.pk % 5:
            endorse_permit(clerk, permit, on)
