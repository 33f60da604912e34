"""Open migrations of the database, and the lock under which one process alone migrates."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

LOCK = 0x6A6966656E
"""The advisory lock of PostgreSQL under which a database is migrated ("jifen" in ASCII)."""
LONG_FROM_ROWS = 100_000
"""Rows of a table from which on a change of it may take minutes."""


@dataclass(frozen=True, slots=True)
class OpenMigration:
    """A migration that is not applied yet, and the largest table that it changes or goes through.
    `rows`: about how many that table has now; 0 where it changes none that is there."""

    name: str
    table: str
    rows: int

    @property
    def is_long(self) -> bool:
        """Whether it may take minutes."""
        return self.rows >= LONG_FROM_ROWS


def list_open_migrations() -> list[OpenMigration]:
    """What `jifen migrate` will do, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [describe_migration(migration) for migration, _ in plan]


def describe_migration(migration: Migration) -> OpenMigration:
    """A migration with the largest table that it changes."""
    rows = {table: _estimate_rows(table) for table in _list_changed_tables(migration)}
    table = max(rows, key=lambda name: rows[name], default="")
    name = f"{migration.app_label}.{migration.name}"
    return OpenMigration(name, table if rows.get(table) else "", rows.get(table, 0))


def _list_changed_tables(migration: Migration) -> Iterator[str]:
    """Tables that exist and that an operation names; a function or a statement may touch any table
    of its app."""
    existing_tables = set(connection.introspection.table_names())
    models = {model._meta.model_name: model._meta.db_table for model in _list_models(migration)}
    for operation in migration.operations:
        if isinstance(operation, RunPython | RunSQL):
            yield from existing_tables.intersection(models.values())
            continue
        named = getattr(operation, "model_name", getattr(operation, "name", ""))
        table = models.get(str(named).lower(), "")
        if table in existing_tables:
            yield table


def _list_models(migration: Migration) -> Iterator[type[Model]]:
    try:
        yield from apps.get_app_config(migration.app_label).get_models()
    except LookupError:
        return


def _estimate_rows(table: str) -> int:
    """About how many rows a table has; PostgreSQL knows without counting them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass"
            cursor.execute(query, [connection.ops.quote_name(table)])
        else:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        count: int = cursor.fetchone()[0]
    return count


@contextmanager
def hold_migration_lock() -> Iterator[None]:
    """Wait until no other process migrates this database, and keep others waiting."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        # the lock is given back when the connection ends, whatever becomes of this process
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    place = Path(connection.settings_dict["NAME"])
    with place.with_name(f"{place.name}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
