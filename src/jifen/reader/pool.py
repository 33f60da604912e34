"""A few reading processes for all threads of a process; one that failed is replaced."""

import atexit
import os
import threading
from typing import Any

from jifen.reader.faults import NotRead, Reason
from jifen.reader.limits import Limits
from jifen.reader.process import Gone, ReaderProcess

_MOST_PROCESSES = 16
_MOST_TRIES = 3


class Pool:
    """At most `size` processes, started when they are needed. A thread that finds all of them at
    work waits for so many seconds, and is then told that they are busy."""

    def __init__(self, size: int = 2, patience: float = 10.0) -> None:
        self._free = threading.BoundedSemaphore(size)
        self._patience = patience
        self._lock = threading.Lock()
        self._idle: list[ReaderProcess] = []
        self._every: set[ReaderProcess] = set()
        self._closed = False

    def ask(
        self, job: str, content: bytes, given: dict[str, Any], limits: Limits
    ) -> tuple[dict[str, Any], bytes]:
        """The values and the bytes of a job. Raises NotRead."""
        if not self._free.acquire(timeout=self._patience):
            raise NotRead(Reason.BUSY)
        try:
            for _ in range(_MOST_TRIES):
                try:
                    return self._ask_one(job, content, given, limits)
                except Gone:
                    continue
            raise NotRead(Reason.CRASHED)
        finally:
            self._free.release()

    def _ask_one(
        self, job: str, content: bytes, given: dict[str, Any], limits: Limits
    ) -> tuple[dict[str, Any], bytes]:
        process = self._take()
        try:
            return process.ask(job, content, given, limits)
        finally:
            self._give_back(process)

    def _take(self) -> ReaderProcess:
        with self._lock:
            if self._closed:
                raise NotRead(Reason.BUSY)
            if self._idle:
                return self._idle.pop()
            process = ReaderProcess()
            self._every.add(process)
            return process

    def _give_back(self, process: ReaderProcess) -> None:
        with self._lock:
            if process.usable and not self._closed:
                self._idle.append(process)
                return
            self._every.discard(process)
        process.close()

    def numbers(self) -> list[int]:
        """The ids of its processes."""
        with self._lock:
            return sorted(process.number for process in self._every)

    def close(self) -> None:
        """End all of them; nothing is asked any more."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            at_work = self._every.difference(idle)
            self._every.clear()
        for process in at_work:
            process.kill()  # its own thread closes it
        for process in idle:
            process.close()


class _Shared:
    """The pool of this process. A fork makes one of its own: the pipes belong to its parent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._owner = 0

    def pool(self) -> Pool:
        with self._lock:
            if self._pool is None or self._owner != os.getpid():
                self._pool, self._owner = Pool(pool_size()), os.getpid()
                atexit.register(self._pool.close)
            return self._pool


_SHARED = _Shared()
shared = _SHARED.pool
"""The pool of this process; JIFEN_READERS says how many processes it may have (default 2)."""


def pool_size() -> int:
    """JIFEN_READERS: how many processes a pool may have. Raises ValueError."""
    given = os.environ.get("JIFEN_READERS") or "2"
    if not given.isdecimal() or not 0 < int(given) <= _MOST_PROCESSES:
        raise ValueError(
            f"JIFEN_READERS is '{given[:20]}'; write how many reading processes there may be, "
            f"from 1 to {_MOST_PROCESSES}"
        )
    return int(given)
