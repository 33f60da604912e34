"""Writing what a page can be shown without, or what can be kept elsewhere for a moment."""

from collections.abc import Callable

from django.db import OperationalError, connection

WAIT = 100
"""Milliseconds: how long a page waits for the one writer of SQLite; an act waits longer."""


def if_free(write: Callable[[], object]) -> bool:
    """Write now, and whether that was done: on SQLite not while somebody else writes for longer
    than a moment. On PostgreSQL writers of other rows wait for nobody."""
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
