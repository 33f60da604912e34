"""Reading a table of events in order, each row once, while others write to it."""

from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Model

WAIT = "250ms"
"""How long a reader waits for slow writers before it leaves the rows to its next run."""


def find_last_settled_id(model: type[Model]) -> int:
    """The id of the last row before which no other row can still appear; 0 where a writer is slow.

    On PostgreSQL a transaction may commit a row with a lower id than one that was read already. A
    lock that waits for all writers of the table, and is released at once, makes sure that every id
    given so far is committed or rolled back. SQLite has one writer, so all rows are visible.
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
