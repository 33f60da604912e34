"""The change that makes a draft of a version: paths into it and their new values.

It is kept in one form: paths in their order, none above another, none whose value is that of the
version itself. So two drafts with the same rules have the same change, and the same hash.
"""

import json
from collections.abc import Mapping
from typing import Any

from jifen.policy.editing.paths import MISSING, value_at, with_value

Change = Mapping[str, Any]
"""Path → plain value: text, lists and mappings as a document holds them; None takes away."""


def apply_edit(change: Change, start: Any, path: str, value: Any) -> Change:
    """The change with another value at a path. `start`: the version as a plain document.

    Raises KeyError where the path leads nowhere.
    """
    above = next((known for known in change if path.startswith(f"{known}.")), "")
    if above:
        value = with_value(change[above], path[len(above) + 1 :], value)
        path = above
    elif path not in change and value_at(start, path) is MISSING:
        with_value(start, path, value)  # a path that leads nowhere is refused
    edited = {
        known: one
        for known, one in change.items()
        if known != path and not known.startswith(f"{path}.")
    }
    before = value_at(start, path)
    if value != (None if before is MISSING else before):
        edited[path] = value
    return dict(sorted(edited.items()))


def without(change: Change, path: str) -> Change:
    """The change without what it says at a path and below it."""
    return {
        known: value
        for known, value in change.items()
        if known != path and not known.startswith(f"{path}.")
    }


def dump_change(change: Change) -> str:
    """As text that is stored and hashed. Mappings keep the order of their keys: it is the order of
    the rows that readers see."""
    return json.dumps(dict(sorted(change.items())), ensure_ascii=False)


def load_change(text: str) -> Change:
    """The change of such a text."""
    change: dict[str, Any] = json.loads(text)
    return change
