"""Heartbeats: a background process says every few seconds that it is alive, and what it does.

The row is written by a thread of its own. A step that hangs therefore does not look like a process
that died: the heart beats on, and `step_since` says how long the step has taken.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from jifen.office.operate.models import Heartbeat

logger = logging.getLogger("jifen.worker")
WORKER, SIMULATION = "worker", "simulation"
BEAT_SECONDS = 10.0
DEAD_AFTER = timedelta(minutes=2)
"""After so long without a beat a process counts as dead."""
FORGET_AFTER = timedelta(days=7)


class Heart:
    """Beats for as long as the block lasts. Where the database does not answer a beat is left out,
    and the next one tries again."""

    def __init__(self, kind: str, *, seconds: float = BEAT_SECONDS) -> None:
        self._kind, self._seconds = kind, seconds
        self._name = f"{socket.gethostname()[:60]}:{os.getpid()}"
        self._began_at = timezone.now()
        self._step, self._step_since = "", None
        self._failing: set[str] = set()
        self._row: int | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat_until_ended, daemon=True)

    _step_since: datetime | None

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
        self._thread.join(timeout=30)

    @contextmanager
    def during_step(self, name: str) -> Iterator[None]:
        """Names what is done now. A step that raises is failing until it runs well again."""
        self._step, self._step_since = name, timezone.now()
        try:
            yield
        except BaseException:
            self._failing.add(name)
            raise
        else:
            self._failing.discard(name)
        finally:
            self._step, self._step_since = "", None

    def _beat_until_ended(self) -> None:
        try:
            while not self._ended.is_set():
                self._try_beat()
                self._ended.wait(self._seconds)
            self._try_beat(ended=True)
        finally:
            connection.close()

    def _try_beat(self, *, ended: bool = False) -> None:
        try:
            self.beat(ended=ended)
        except DatabaseError as error:
            logger.warning("a heartbeat could not be written: %s", type(error).__name__)
            connection.close()

    def beat(self, *, ended: bool = False) -> None:
        """Write the row now."""
        now = timezone.now()
        values = {
            "beat_at": now,
            "step": self._step[:60],
            "step_since": self._step_since,
            "failing": sorted(self._failing),
            "ended_at": now if ended else None,
        }
        if self._row and Heartbeat.objects.filter(pk=self._row).update(**values):
            return
        Heartbeat.objects.filter(beat_at__lt=now - FORGET_AFTER).delete()
        row = Heartbeat(kind=self._kind, name=self._name, began_at=self._began_at, **values)
        row.save(force_insert=True)
        self._row = row.pk


def list_running(now: datetime) -> "QuerySet[Heartbeat]":
    """The processes that did not end and whose heart beat a short while ago."""
    alive = Heartbeat.objects.filter(ended_at=None, beat_at__gte=now - DEAD_AFTER)
    return alive.order_by("kind", "name", "id")


def list_dead(now: datetime) -> "QuerySet[Heartbeat]":
    """Of the last day, the processes that stopped without saying so."""
    a_day_ago, quiet_since = now - timedelta(days=1), now - DEAD_AFTER
    rows = Heartbeat.objects.filter(ended_at=None, beat_at__gte=a_day_ago, beat_at__lt=quiet_since)
    return rows.order_by("kind", "name", "id")
