"""Reading a table of events in order, each row once, while others write to it."""

from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Model

WAIT = "250ms"
"""How long a reader waits for slow writers before it leaves the rows to its next look."""


def settled(model: type[Model]) -> int:
    """The number of the last row before which none can still appear; 0 where a writer is slow.

    On PostgreSQL a transaction may commit a row with a lower number than one that was read already.
    A lock that waits until no writer is left in the table and is let go at once makes sure that
    every number given so far is committed or gone. SQLite has one writer: what is visible is all.
    """
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                _wait_for_writers(connection.ops.quote_name(model._meta.db_table))
            return int(model._default_manager.aggregate(last=Max("pk"))["last"] or 0)
    except DatabaseError:
        return 0


def _wait_for_writers(table: str) -> None:
    """By a function of the tables' owner: the role of the application may not lock them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        cursor.execute("SELECT jifen_wait_for_writers(%s::regclass)", [table])
