"""What an element does not say of its clause, confidence and sources: taken from the `defaults` of
its group, else of its file, before anything else is read. What is read is the same as if every
element had said it itself."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jifen.policy.catalogue import POLICY, listed
from jifen.policy.document import SOURCES_FILE
from jifen.policy.fault import nearest
from jifen.policy.shapes import Closed, ListOf, MapOf, Shape, Sink, unique
from jifen.policy.source import Node

KEY = "defaults"
Given = dict[str, Node]
"""A key of every element → the value that stands where an element says none."""


def with_defaults(node: Node, shape: Closed, sink: Sink) -> Node:
    """The document with every default in its place and no `defaults` left. Faults of the defaults
    themselves go to the sink."""
    given = _given(node, shape, sink)
    groups = _of_groups(node, shape, sink)
    if not given and not groups:
        return _without(node) if KEY in node.mapping else node
    return _filled(node, shape, given, groups)


def _given(node: Node, shape: Closed, sink: Sink) -> Given:
    declared, found = shape.fields.get(KEY), node.mapping.get(KEY)
    if declared is None or found is None or found.value is None:
        return {}
    declared.shape.read(found, sink)
    return dict(found.mapping)


def _of_groups(node: Node, shape: Closed, sink: Sink) -> dict[str, Given]:
    """The defaults of each group that has some, or a group above it: the nearest one says."""
    declared, found = shape.fields.get("groups"), node.mapping.get("groups")
    if declared is None or found is None or not isinstance(declared.shape, ListOf):
        return {}
    item = declared.shape.item
    groups = {_word(group, "id"): group for group in found.items if _word(group, "id")}
    if not isinstance(item, Closed) or not any(KEY in group.mapping for group in groups.values()):
        return {}
    own = {ident: _given(group, item, sink) for ident, group in groups.items()}
    return {ident: _with_those_above(ident, groups, own) for ident in groups}


def _with_those_above(ident: str, groups: Mapping[str, Node], own: Mapping[str, Given]) -> Given:
    given, seen = Given(), set[str]()
    while ident in groups and ident not in seen:
        seen.add(ident)
        given = own[ident] | given
        ident = _word(groups[ident], "parent")
    return given


def _word(node: Node, key: str) -> str:
    found = node.mapping.get(key)
    return found.value if found is not None and isinstance(found.value, str) else ""


def _without(node: Node) -> Node:
    entries = {key: inner for key, inner in node.mapping.items() if key != KEY}
    return replace(node, value=entries)


def _filled(node: Node, shape: Shape, given: Given, groups: Mapping[str, Given]) -> Node:
    """A value and all that stands in it, with the defaults of the elements."""
    if isinstance(shape, ListOf) and isinstance(node.value, list):
        items = [_filled(item, shape.item, given, groups) for item in node.value]
        return replace(node, value=items)
    if isinstance(shape, MapOf) and isinstance(node.value, dict):
        values = {k: _filled(v, shape.value, given, groups) for k, v in node.value.items()}
        return replace(node, value=values)
    if not isinstance(shape, Closed) or not isinstance(node.value, dict):
        return node
    if group := _word(node, "group"):  # an indicator
        given = given | groups.get(group, {})
    elif KEY in node.mapping and KEY in shape.fields and _word(node, "id"):  # a group, for itself
        given = given | dict(node.mapping[KEY].mapping)
    entries = {
        key: _filled(inner, shape.fields[key].shape, given, groups)
        if key in shape.fields
        else inner
        for key, inner in node.value.items()
        if key != KEY or KEY not in shape.fields
    }
    for key, declared in shape.fields.items():
        if declared.inherits and key in given and key not in entries:
            entries[key] = given[key]
    return replace(node, value=entries)


def read_sources(node: Node, sink: Sink) -> Mapping[str, Node]:
    """The sources of a city by their ids; faults go to the sink."""
    entry = SOURCES_FILE.read(node, sink)
    if entry is None:
        return {}
    unique(entry["sources"], sink, "source")
    return {source["id"]: source.node for source in entry["sources"] if source and source["id"]}


def with_shared_sources(node: Node, shared: Mapping[str, Node], sink: Sink) -> Node:
    """The document with the whole entry for every source that it names by its id alone."""
    found = node.mapping.get("sources")
    if found is None or not any(isinstance(item.value, str) for item in found.items):
        return node
    items = []
    for item in found.items:
        if not isinstance(item.value, str):
            items.append(item)
        elif item.value in shared:
            items.append(shared[item.value])
        else:
            words: dict[str, Any] = {
                "source": item.value,
                "known": listed(shared) if shared else POLICY.phrase("no_shared_sources"),
                "hint": nearest(item.value, shared),
            }
            sink.tell("JF-P023", item.place, POLICY.words("JF-P023", "shared_source", **words))
    return replace(node, value=node.mapping | {"sources": replace(found, value=items)})
