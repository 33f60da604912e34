"""A few reading processes for all threads of a process; one that failed is replaced."""

import atexit
import os
import threading
from collections import Counter
from typing import Any

from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.limits import ReaderLimits
from jifen.reader.process import ReaderGone, ReaderProcess

_MOST_PROCESSES = 16
_MOST_TRIES = 3


class ReaderPool:
    """At most `size` processes, started when they are needed. A thread that finds all of them at
    work waits for so many seconds, and is then told that they are busy."""

    def __init__(self, size: int = 2, patience: float = 10.0) -> None:
        self._free = threading.BoundedSemaphore(size)
        self._patience = patience
        self._lock = threading.Lock()
        self._idle: list[ReaderProcess] = []
        self._every: set[ReaderProcess] = set()
        self._closed = False
        self._refusals: Counter[str] = Counter()

    def ask(
        self, job: str, content: bytes, given: dict[str, Any], limits: ReaderLimits
    ) -> tuple[dict[str, Any], bytes]:
        """The values and the bytes of a job. Raises RefusedFile."""
        try:
            return self._ask_free_process(job, content, given, limits)
        except RefusedFile as refused:
            with self._lock:
                self._refusals[refused.reason.name.lower()] += 1
            raise

    def _ask_free_process(
        self, job: str, content: bytes, given: dict[str, Any], limits: ReaderLimits
    ) -> tuple[dict[str, Any], bytes]:
        if not self._free.acquire(timeout=self._patience):
            raise RefusedFile(RefusalReason.BUSY)
        try:
            for _ in range(_MOST_TRIES):
                try:
                    return self._ask_process(job, content, given, limits)
                except ReaderGone:
                    continue
            raise RefusedFile(RefusalReason.CRASHED)
        finally:
            self._free.release()

    def _ask_process(
        self, job: str, content: bytes, given: dict[str, Any], limits: ReaderLimits
    ) -> tuple[dict[str, Any], bytes]:
        process = self._take_process()
        try:
            return process.ask(job, content, given, limits)
        finally:
            self._give_back(process)

    def _take_process(self) -> ReaderProcess:
        with self._lock:
            if self._closed:
                raise RefusedFile(RefusalReason.BUSY)
            if self._idle:
                return self._idle.pop()
            process = ReaderProcess()
            self._every.add(process)
            return process

    def _give_back(self, process: ReaderProcess) -> None:
        with self._lock:
            if process.is_usable and not self._closed:
                self._idle.append(process)
                return
            self._every.discard(process)
        process.close()

    def list_process_ids(self) -> list[int]:
        """The ids of its processes."""
        with self._lock:
            return sorted(process.process_id for process in self._every)

    def count_processes(self) -> tuple[int, int]:
        """How many processes there are, and how many of them read something now."""
        with self._lock:
            return len(self._every), len(self._every) - len(self._idle)

    def count_refusals(self) -> dict[str, int]:
        """How often files were refused since the start, by reason."""
        with self._lock:
            return dict(self._refusals)

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


class _SharedPool:
    """The pool of this process. A fork makes one of its own: the pipes belong to its parent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ReaderPool | None = None
        self._owner = 0

    def get_pool(self) -> ReaderPool:
        with self._lock:
            if self._pool is None or self._owner != os.getpid():
                self._pool, self._owner = ReaderPool(read_pool_size()), os.getpid()
                atexit.register(self._pool.close)
            return self._pool


_SHARED_POOL = _SharedPool()
shared_pool = _SHARED_POOL.get_pool
"""The pool of this process; JIFEN_READERS says how many processes it may have (default 2)."""


def read_pool_size() -> int:
    """JIFEN_READERS: how many processes a pool may have. Raises ValueError."""
    given = os.environ.get("JIFEN_READERS") or "2"
    if not given.isdecimal() or not 0 < int(given) <= _MOST_PROCESSES:
        raise ValueError(
            f"JIFEN_READERS is '{given[:20]}'; write how many reading processes there may be, "
            f"from 1 to {_MOST_PROCESSES}"
        )
    return int(given)
