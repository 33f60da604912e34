"""A draft as the whole document of a version: its change stands in the text, and neither an overlay
nor a reading of the version takes it back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.policy.editing import MISSING, value_at
from jifen.policy.editing.paths import with_value
from jifen.policy.patch import apply_changes
from jifen.policy.policy import Policy

PlainChange = Mapping[str, Any]


def build_document(start: Policy, policy: Policy, frame: Mapping[str, Any]) -> dict[str, Any]:
    """The document of `start` with the reforms of `policy`, as plain values with every default in
    its place. `frame`: what the version says of itself (name, edition, days, title)."""
    node, changes = start.document, dict[str, Any]()
    for reform in policy.reforms:
        node = apply_changes(node, dict(reform.change), [])
        changes |= {path: value.to_plain() for path, value in reform.change.items()}
    document: dict[str, Any] = node.to_plain()
    changes = {_name_items(document, path): value for path, value in changes.items()}
    if overlays := document.get("overlays"):
        document["overlays"] = [
            overlay | {"change": left}
            for overlay in overlays
            if (left := _yield_to(changes, overlay["change"], document))
        ]
    for switch in document.get("switches") or ():
        switch["readings"] = {
            ident: _yield_reading(changes, reading, document)
            for ident, reading in switch["readings"].items()
        }
    return document | dict(frame)


def frame_of_version(version: str, edition: int, since: date, recorded_on: date) -> dict[str, Any]:
    """What a version says of itself and its days."""
    return {
        "version": version,
        "edition": edition,
        "recorded_on": recorded_on,
        "in_force": {"from": since, "until": None, "confidence": "certain"},
    }


def _yield_reading(changes: PlainChange, reading: dict[str, Any], document: Any) -> dict[str, Any]:
    if not reading.get("change"):
        return reading
    left = _yield_to(changes, reading["change"], document)
    rest = {key: value for key, value in reading.items() if key != "change"}
    return rest | ({"change": left} if left else {})


def _yield_to(changes: PlainChange, written: PlainChange, document: Any) -> dict[str, Any]:
    """What an overlay or a reading still changes where a draft changes something: the draft is made
    last, so nothing at or below its paths, and what stands above them with its values in it."""
    left = {}
    for path, value in written.items():
        named, kept = _name_items(document, path), value
        if any(named == other or named.startswith(f"{other}.") for other in changes):
            continue
        for other, new in changes.items():
            if other.startswith(f"{named}."):
                kept = _put(kept, other[len(named) + 1 :], new)
        left[path] = kept
    return left


def _put(value: Any, path: str, new: Any) -> Any:
    try:
        return with_value(value, path, new)
    except KeyError:  # what stands above has no such place: the draft changes nothing in it
        return value


def _name_items(document: Any, path: str) -> str:
    """The path with the ids of items instead of their numbers, so that two paths to one place are
    one."""
    steps: list[str] = []
    for step in path.split("."):
        item = value_at(document, ".".join([*steps, step]))
        ident = item.get("id") if isinstance(item, dict) else None
        is_number = step.isdecimal() and item is not MISSING and isinstance(ident, str)
        steps.append(str(ident) if is_number else step)
    return ".".join(steps)
