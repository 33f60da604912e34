"""Append-only in the database itself, whoever is connected."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation

TABLES = ("audit_entry", "audit_digest", "audit_access")


def add_triggers(schema: Any, tables: tuple[str, ...] = TABLES) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL)."""
    for statement in _build_statements(schema.connection.vendor, tables):
        schema.execute(statement, params=None)  # no placeholders, so a % needs no escape


def drop_triggers(schema: Any, tables: tuple[str, ...] = TABLES) -> None:
    """For migrating backwards, and for tests that empty the tables."""
    for table in tables:
        for act in ("update", "delete", "truncate"):
            if schema.connection.vendor == "postgresql":
                schema.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act} ON {table}")
            else:
                schema.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}")


def _build_statements(vendor: str, tables: tuple[str, ...]) -> list[str]:
    if vendor == "postgresql":
        return [_FUNCTION] + [
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION jifen_append_only()"
            for table in tables
            for act in ("update", "delete", "truncate")
        ]
    return [
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in tables
        for act in ("update", "delete")
    ]


_FUNCTION = """
CREATE OR REPLACE FUNCTION jifen_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


_WAIT = """
CREATE OR REPLACE FUNCTION jifen_wait_for_writers(given regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = given AND p.proname = 'jifen_append_only'
  ) THEN RAISE EXCEPTION '% is not append-only', given; END IF;
  EXECUTE format('LOCK TABLE %s IN SHARE MODE', given);
END $$
"""
"""Waits until no writer is left in an append-only table. With the rights of its owner, as only the
owner may lock it; for no other table."""


def add_wait_function(schema: Any) -> None:
    """The function that `settled_rows.py` calls (PostgreSQL)."""
    if schema.connection.vendor == "postgresql":
        schema.execute(_WAIT, params=None)


def drop_wait_function(schema: Any) -> None:
    """For migrating backwards."""
    if schema.connection.vendor == "postgresql":
        schema.execute("DROP FUNCTION IF EXISTS jifen_wait_for_writers(regclass)")


def list_missing_triggers(connection: Any) -> list[str]:
    """The triggers of the log that are missing or disabled, such as 'audit_entry_no_delete'."""
    acts = ["update", "delete", *(["truncate"] if connection.vendor == "postgresql" else [])]
    expected = [f"{table}_no_{act}" for table in TABLES for act in acts]
    existing_query = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgrelid IN ("
        + ", ".join(f"to_regclass('{table}')" for table in TABLES)
        + ")"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(existing_query)
        existing = {str(name) for (name,) in cursor.fetchall()}
    return [name for name in expected if name not in existing]


def list_append_only_tables(connection: Any) -> set[str]:
    """The tables whose rows can neither be changed nor deleted, by their triggers."""
    suffix = "_no_update"
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [str(name) for (name,) in cursor.fetchall()]
    return {name.removesuffix(suffix) for name in names if name.endswith(suffix)}


class _StatementRunner:
    """Statements on a connection as it is, inside a transaction too."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, statement: str, params: Any = None) -> None:
        """Run one."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, params)


@contextmanager
def without_triggers(connection: Any, tables: tuple[str, ...]) -> Iterator[None]:
    """Without the triggers of these tables, for the removal of old cases (retention). Call it
    inside a transaction, so that an error restores them."""
    drop_triggers(_StatementRunner(connection), tables)
    yield
    add_triggers(_StatementRunner(connection), tables)


def without_triggers_of(tables: tuple[str, ...], steps: list[Operation]) -> list[Operation]:
    """Steps that change tables to which rows are only added: their triggers go before (SQLite
    builds such a table anew and would lose them) and come back afterwards."""
    drop = RunPython(
        lambda apps, schema: drop_triggers(schema, tables),
        lambda apps, schema: add_triggers(schema, tables),
        elidable=False,
    )
    add = RunPython(
        lambda apps, schema: add_triggers(schema, tables),
        lambda apps, schema: drop_triggers(schema, tables),
        elidable=False,
    )
    return [drop, *steps, add]
