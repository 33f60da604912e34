"""A supervised process beside the site, which is restarted whenever it ends."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a process is started again; doubled each time, so that one that cannot run does
not take the machine."""
STEADY_SECONDS = 60.0
"""Seconds after which a process has run well, and the next pause is the first one again."""
PATIENCE_SECONDS = 10.0
"""Seconds that a process has to end by itself."""


class Supervisor:
    """Runs a command for as long as the block lasts. Each end is told on standard error."""

    def __init__(
        self, command: Sequence[str], name: str, *, first_pause: float = FIRST_PAUSE
    ) -> None:
        self._command, self._name, self._first_pause = tuple(command), name, first_pause
        self._ended = threading.Event()
        self._process = self._start_process()
        self._thread = threading.Thread(target=self._restart_when_ended, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._process.terminate()
        try:
            self._process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._thread.join(timeout=PATIENCE_SECONDS)

    @property
    def pid(self) -> int:
        """The number of the process that runs now."""
        return self._process.pid

    def _start_process(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command)

    def _restart_when_ended(self) -> None:
        pause = self._first_pause
        while True:
            try:
                status = self._process.wait(timeout=STEADY_SECONDS)
            except subprocess.TimeoutExpired:
                pause = self._first_pause
                continue
            if self._ended.is_set():
                return
            words = f"{self._name} ended with {status}; it is started again in {pause:.0f} s"
            print(words, file=sys.stderr, flush=True)
            if self._ended.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)
            self._process = self._start_process()
            if self._ended.is_set():  # the block ended in between
                self._process.terminate()
                return
