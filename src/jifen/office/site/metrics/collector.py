"""What is counted when it is asked for: queues, workers, the database, the reading processes."""

import logging
import threading
from collections.abc import Iterable, Iterator
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

import jifen
from jifen.office.operate.heartbeats import list_dead, list_running
from jifen.office.operate.queues import QUEUES, count_queue, count_waits
from jifen.reader.pool import shared_pool

logger = logging.getLogger("jifen.metrics")
KEPT_SECONDS = 5.0
"""Whoever asks more often than this gets the counts of the last time."""
STATEMENT_SECONDS = 5


class SiteCollector:
    """Counts of the database, at most once in a few seconds however often they are asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._families: list[Metric] = []
        self._until = 0.0

    def collect(self) -> Iterable[Metric]:
        """All families."""
        with self._lock:
            if monotonic() >= self._until:
                self._families = [*collect_process(), *collect_database()]
                self._until = monotonic() + KEPT_SECONDS
            return list(self._families)


def collect_process() -> Iterator[Metric]:
    """What this process knows without the database."""
    build = GaugeMetricFamily("jifen_build_info", "The version", labels=("version", "mode"))
    build.add_metric((jifen.__version__, settings.JIFEN_MODE), 1)
    yield build
    yield GaugeMetricFamily(
        "jifen_threads", "Threads that answer requests", value=settings.JIFEN_THREADS
    )
    processes, busy = shared_pool().count_processes()
    yield GaugeMetricFamily(
        "jifen_reader_processes", "Processes that read files of strangers", value=processes
    )
    yield GaugeMetricFamily("jifen_reader_busy", "Of these, reading now", value=busy)
    yield GaugeMetricFamily(
        "jifen_reader_limit", "The most that there may be", value=settings.JIFEN_READERS
    )
    refusals = CounterMetricFamily(
        "jifen_reader_refusals", "Files that were refused, by reason", labels=("reason",)
    )
    for reason, count in shared_pool().count_refusals().items():
        refusals.add_metric((reason,), count)
    yield refusals


def collect_database() -> Iterator[Metric]:
    """What the database says; of one that does not answer in time only that."""
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
            families = [*_count_queues(), *_count_waits(), *_count_workers(), *_count_connections()]
    except DatabaseError as error:
        logger.warning("the database could not be counted: %s", type(error).__name__)
        families = []
    yield GaugeMetricFamily(
        "jifen_database_up", "1 where the database answers", value=1 if families else 0
    )
    yield from families


def _count_queues() -> list[Metric]:
    labels = ("queue",)
    waiting = GaugeMetricFamily(
        "jifen_queue_waiting", "Rows that should be done by now or were tried in vain", None, labels
    )
    retrying = GaugeMetricFamily("jifen_queue_retrying", "Of these, tried before", None, labels)
    oldest = GaugeMetricFamily(
        "jifen_queue_oldest_seconds", "Since when the oldest of them waits", None, labels
    )
    leases = GaugeMetricFamily(
        "jifen_queue_leases", "Rows under a lease, by its state", None, ("queue", "state")
    )
    for kind in QUEUES:
        count = count_queue(kind, timezone.now())
        waiting.add_metric((count.name,), count.waiting)
        retrying.add_metric((count.name,), count.retrying)
        oldest.add_metric((count.name,), count.oldest_seconds)
        leases.add_metric((count.name, "held"), count.leased)
        leases.add_metric((count.name, "expired"), count.expired)
    return [waiting, retrying, oldest, leases]


def _count_waits() -> list[Metric]:
    labels = ("kind",)
    waiting = GaugeMetricFamily("jifen_waits", "What waits on somebody, by kind", None, labels)
    overdue = GaugeMetricFamily("jifen_waits_overdue", "Of these, past their day", None, labels)
    for kind, count, late in count_waits(timezone.localdate()):
        waiting.add_metric((kind,), count)
        overdue.add_metric((kind,), late)
    return [waiting, overdue]


def _count_workers() -> list[Metric]:
    now, labels = timezone.now(), ("kind", "worker")
    beats = GaugeMetricFamily(
        "jifen_worker_beat_age_seconds", "Since the last beat of a process", None, labels
    )
    steps = GaugeMetricFamily(
        "jifen_worker_step_seconds", "How long it has done what it does now", None, labels
    )
    failing = GaugeMetricFamily(
        "jifen_worker_failing_steps", "Steps that failed at their last run", None, (*labels, "step")
    )
    running = list(list_running(now))
    for row in [*running, *list_dead(now)]:
        names = (row.kind, row.name)
        beats.add_metric(names, (now - row.beat_at).total_seconds())
        since = row.step_since or now
        steps.add_metric(names, max(0.0, (now - since).total_seconds()))
        for step in row.failing:
            failing.add_metric((*names, str(step)), 1)
    alive = GaugeMetricFamily("jifen_workers", "Processes whose heart beats", None, ("kind",))
    for kind in ("worker", "simulation"):
        alive.add_metric((kind,), sum(row.kind == kind for row in running))
    return [beats, steps, failing, alive]


def _count_connections() -> list[Metric]:
    """Connections of this database by state, and the most that the server takes. On SQLite there is
    one file and no server."""
    used = GaugeMetricFamily(
        "jifen_database_connections", "Connections to the database", None, ("state",)
    )
    limit = GaugeMetricFamily("jifen_database_connection_limit", "The most that the server takes")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() GROUP BY 1 ORDER BY 1"
            )
            for state, count in cursor.fetchall():
                used.add_metric((state,), count)
            cursor.execute("SELECT current_setting('max_connections')::int")
            limit.add_metric((), cursor.fetchone()[0])
    return [used, limit]
