"""Append-only in the database itself, whoever is connected."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TABLES = ("audit_entry", "audit_digest")


def add(schema: Any, tables: tuple[str, ...] = TABLES) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL)."""
    for statement in _statements(schema.connection.vendor, tables):
        schema.execute(statement, params=None)  # no placeholders: a % stands for itself


def drop(schema: Any, tables: tuple[str, ...] = TABLES) -> None:
    """For migrating backwards, and for tests that empty the tables."""
    for table in tables:
        for act in ("update", "delete", "truncate"):
            if schema.connection.vendor == "postgresql":
                schema.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act} ON {table}")
            else:
                schema.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}")


def _statements(vendor: str, tables: tuple[str, ...]) -> list[str]:
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


class _Plain:
    """Statements on a connection as it is, inside a transaction too."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, statement: str, params: Any = None) -> None:
        """Run one."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, params)


@contextmanager
def lifted(connection: Any, tables: tuple[str, ...]) -> Iterator[None]:
    """Without the triggers of these tables, for what the law removes (retention); inside one
    transaction, so that an error brings them back."""
    drop(_Plain(connection), tables)
    yield
    add(_Plain(connection), tables)
