"""A process beside the site is started again when it ends, told, and ended with the site."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from jifen.office.site.supervisor import Supervisor

WRITES = """
import os, sys, time
with open(sys.argv[1], "a") as log:
    log.write(f"{os.getpid()}\\n")
sys.exit(3) if sys.argv[2] == "ends" else time.sleep(600)
"""


def command(log: Path, how: str) -> list[str]:
    os.mkfifo(log)
    return [sys.executable, "-c", WRITES, str(log), how]


def next_start(log: Path) -> int:
    """The number of the process that starts next: reading waits for it. Where the one before has
    not closed its end yet, there is nothing to read at first."""
    while True:
        with log.open() as line:
            if written := line.readline():
                return int(written)


def test_a_process_that_is_killed_is_started_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    with Supervisor(command(log, "stays"), "worker", first_pause=0.01) as supervisor:
        first = next_start(log)
        os.kill(first, signal.SIGKILL)
        second = next_start(log)
        assert first != second == supervisor.pid
    assert "worker ended with -9; it is started again" in capfd.readouterr().err
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_a_process_that_cannot_run_is_tried_more_and_more_rarely(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    with Supervisor(command(log, "ends"), "worker", first_pause=0.3):
        assert len({next_start(log) for _ in range(3)}) == 3
    told = capfd.readouterr().err
    assert told.index("in 0 s") < told.index("in 1 s")


def test_the_end_of_the_site_is_not_a_reason_to_start_it_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    with Supervisor(command(log, "stays"), "worker"):
        next_start(log)
    assert capfd.readouterr().err == ""
    assert not any(thread.name.endswith("(_watch)") for thread in threading.enumerate())
