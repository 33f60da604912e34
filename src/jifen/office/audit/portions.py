"""Reading many rows while something is written for each of them."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
PORTION = 500


def in_portions(rows: "QuerySet[M]") -> Iterator[M]:
    """The rows in their order, some at a time, each portion read whole before it is handed out.
    A row that no longer fits by then is passed over.

    An open cursor would not do: on SQLite the connection that reads by it cannot begin to write
    once another process has ("database is locked", at once and whatever the time-out).
    """
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), PORTION):
        some = keys[start : start + PORTION]
        found = {row.pk: row for row in rows.filter(pk__in=some)}
        yield from (found[key] for key in some if key in found)
