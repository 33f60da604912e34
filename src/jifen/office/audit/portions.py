"""Reading many rows while something is written for each of them."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
PORTION = 500


def in_portions(rows: "QuerySet[M]") -> Iterator[M]:
    """The rows in their order; each portion is read whole before its rows are yielded. Rows that no
    longer match by then are skipped.

    An open cursor cannot be used: on SQLite the connection that reads by it cannot begin to write
    after another process wrote ("database is locked", at once and whatever the time-out).
    """
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), PORTION):
        portion_keys = keys[start : start + PORTION]
        row_of_key = {row.pk: row for row in rows.filter(pk__in=portion_keys)}
        yield from (row_of_key[key] for key in portion_keys if key in row_of_key)
