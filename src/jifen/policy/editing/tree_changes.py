"""What makes one document of another, as paths and values: an edited text becomes a change."""

from collections.abc import Iterator
from typing import Any

from jifen.policy.editing.nodes import step_of


def changes_between(old: Any, new: Any) -> dict[str, Any]:
    """The fewest paths and new values by which a plain document becomes another."""
    return dict(_changes(old, new, ""))


def _changes(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any]]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and _are_steps([*old, *new]):
        yield from _of_mappings(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and _steps(old) == _steps(new):
        for step, before, after in zip(_steps(old), old, new, strict=True):
            yield from _changes(before, after, f"{path}.{step}")
    elif isinstance(old, list) and isinstance(new, list) and _only_fewer_or_last(old, new):
        yield from _of_lists(old, new, path)
    else:
        yield path, new


def _of_mappings(old: dict[str, Any], new: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key in dict.fromkeys([*old, *new]):
        inner = f"{path}.{key}" if path else key
        before, after = old.get(key), new.get(key)
        if before is None or after is None:
            if before != after:
                yield inner, after
        else:
            yield from _changes(before, after, inner)


def _of_lists(old: list[Any], new: list[Any], path: str) -> Iterator[tuple[str, Any]]:
    before = dict(zip(_steps(old), old, strict=True))
    after = dict(zip(_steps(new), new, strict=True))
    for step in dict.fromkeys([*before, *after]):
        inner = f"{path}.{step}"
        if step in before and step in after:
            yield from _changes(before[step], after[step], inner)
        else:
            yield inner, after.get(step)


def _steps(items: list[Any]) -> list[str]:
    return [step_of(item, number) for number, item in enumerate(items)]


def _only_fewer_or_last(old: list[Any], new: list[Any]) -> bool:
    """Whether every item has an id of its own, and those that stay keep their order before those
    that come: only that can be said item by item."""
    if not all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in (*old, *new)):
        return False
    before, after = _steps(old), _steps(new)
    unique = len(set(before)) == len(before) and len(set(after)) == len(after)
    stay = [step for step in before if step in after]
    return unique and _are_steps([*before, *after]) and after[: len(stay)] == stay


def _are_steps(keys: list[str]) -> bool:
    """Whether a path can name each of them."""
    return all(key and "." not in key for key in keys)
