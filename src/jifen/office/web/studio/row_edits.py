"""Rows of a list in a draft: another one like the last, or one fewer."""

from typing import Any

from jifen.office.web.numbers import whole_number
from jifen.policy.editing import MISSING, value_at


def row_added(document: Any, path: str) -> list[Any]:
    """The list at a path with another row like its last one. Raises KeyError."""
    items = value_at(document, path)
    if items is MISSING or not isinstance(items, list) or not items:
        raise KeyError(path)
    return [*items, items[-1]]


def row_removed(document: Any, path: str) -> tuple[str, list[Any]]:
    """The path of the list around a row, and the list without it. Raises KeyError."""
    above, _, number = path.rpartition(".")
    items = value_at(document, above) if above else MISSING
    place = whole_number(number)
    if items is MISSING or not isinstance(items, list) or place is None:
        raise KeyError(path)
    return above, [*items[:place], *items[place + 1 :]]
