"""Plain values of a document by their paths: keys, ids of items, numbers of items from 0."""

from typing import Any, Final

MISSING: Final[Any] = object()
"""There is nothing at the path."""


def value_at(document: Any, path: str) -> Any:
    """The plain value at a path of a plain document; MISSING where it leads nowhere."""
    for step in path.split("."):
        document = _step(document, step)
        if document is MISSING:
            return MISSING
    return document


def with_value(document: Any, path: str, value: Any) -> Any:
    """A copy of a plain document with another value at a path (None takes a key or item away).
    Raises KeyError where the path leads nowhere."""
    step, _, rest = path.partition(".")
    if rest:
        inner = _step(document, step)
        if inner is MISSING:
            raise KeyError(path)
        value = with_value(inner, rest, value)
    if isinstance(document, list):
        return _list_with(document, step, value)
    if not isinstance(document, dict):
        raise KeyError(path)
    entries = {**document, step: value}
    return {key: one for key, one in entries.items() if key != step or value is not None}


def _list_with(items: list[Any], step: str, value: Any) -> list[Any]:
    number = _number(items, step)
    if number is None:
        if not (isinstance(value, dict) and value.get("id") == step):
            raise KeyError(step)
        return [*items, value]
    return [*items[:number], *([] if value is None else [value]), *items[number + 1 :]]


def _step(document: Any, step: str) -> Any:
    if isinstance(document, list):
        number = _number(document, step)
        return MISSING if number is None else document[number]
    return document.get(step, MISSING) if isinstance(document, dict) else MISSING


def _number(items: list[Any], step: str) -> int | None:
    for number, item in enumerate(items):
        if isinstance(item, dict) and item.get("id") == step:
            return number
    return int(step) if step.isdecimal() and int(step) < len(items) else None
