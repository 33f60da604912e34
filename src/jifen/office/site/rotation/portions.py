"""Going through all rows of a table, some at a time."""

from collections.abc import Iterator

from django.db.models import Model

PORTION = 200


def list_portions(model: type[Model]) -> Iterator[list[int]]:
    """The keys of all rows, some at a time."""
    last = 0
    while keys := _list_keys_after(model, last):
        yield keys
        last = keys[-1]


def _list_keys_after(model: type[Model], last: int) -> list[int]:
    rows = model._default_manager.filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:PORTION])
