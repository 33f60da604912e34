"""Writes that a page does without, or stores elsewhere, while the database is busy."""

from collections.abc import Callable

from django.db import OperationalError, connection

WAIT = 100
"""Milliseconds: how long a page waits for the one writer of SQLite; an act waits longer."""


def write_if_free(write: Callable[[], object]) -> bool:
    """Write now. Returns False where another process holds SQLite's only writer for longer than a
    moment; on PostgreSQL writers of other rows do not wait."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        write()
        return True
    usual = int(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {WAIT}")
        try:
            write()
        except OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
    return True
