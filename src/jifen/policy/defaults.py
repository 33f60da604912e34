"""Fills in the clause, confidence and sources that an element leaves out, before it is read.

The values come from the `defaults` of its group, else of its file. The result is the same as if
every element had stated them itself."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.document import SOURCES_FILE
from jifen.policy.fault import find_nearest
from jifen.policy.shapes import Closed, ListOf, MapOf, Shape, Sink, report_repeated_ids
from jifen.policy.source import Node

KEY = "defaults"
DefaultValues = dict[str, Node]
"""A key of every element → the value that stands where an element says none."""


def fill_defaults(node: Node, shape: Closed, sink: Sink) -> Node:
    """The document with every default in its place and no `defaults` left. Faults of the defaults
    themselves go to the sink."""
    given = _read_defaults(node, shape, sink)
    groups = _read_group_defaults(node, shape, sink)
    if not given and not groups:
        return _drop_defaults(node) if KEY in node.mapping else node
    return _fill_node(node, shape, given, groups)


def _read_defaults(node: Node, shape: Closed, sink: Sink) -> DefaultValues:
    declared, defaults_node = shape.fields.get(KEY), node.mapping.get(KEY)
    if declared is None or defaults_node is None or defaults_node.value is None:
        return {}
    declared.shape.read(defaults_node, sink)
    return dict(defaults_node.mapping)


def _read_group_defaults(node: Node, shape: Closed, sink: Sink) -> dict[str, DefaultValues]:
    """The defaults of each group that has some, or a group above it: the nearest one says."""
    declared, group_list = shape.fields.get("groups"), node.mapping.get("groups")
    if declared is None or group_list is None or not isinstance(declared.shape, ListOf):
        return {}
    item = declared.shape.item
    groups = {
        _read_word(group, "id"): group for group in group_list.items if _read_word(group, "id")
    }
    if not isinstance(item, Closed) or not any(KEY in group.mapping for group in groups.values()):
        return {}
    own = {group_id: _read_defaults(group, item, sink) for group_id, group in groups.items()}
    return {group_id: _inherit_defaults(group_id, groups, own) for group_id in groups}


def _inherit_defaults(
    group_id: str, groups: Mapping[str, Node], own: Mapping[str, DefaultValues]
) -> DefaultValues:
    given, seen = DefaultValues(), set[str]()
    while group_id in groups and group_id not in seen:
        seen.add(group_id)
        given = own[group_id] | given
        group_id = _read_word(groups[group_id], "parent")
    return given


def _read_word(node: Node, key: str) -> str:
    child = node.mapping.get(key)
    return child.value if child is not None and isinstance(child.value, str) else ""


def _drop_defaults(node: Node) -> Node:
    entries = {key: inner for key, inner in node.mapping.items() if key != KEY}
    return replace(node, value=entries)


def _fill_node(
    node: Node, shape: Shape, given: DefaultValues, groups: Mapping[str, DefaultValues]
) -> Node:
    """A value and all that stands in it, with the defaults of the elements."""
    if isinstance(shape, ListOf) and isinstance(node.value, list):
        items = [_fill_node(item, shape.item, given, groups) for item in node.value]
        return replace(node, value=items)
    if isinstance(shape, MapOf) and isinstance(node.value, dict):
        values = {k: _fill_node(v, shape.value, given, groups) for k, v in node.value.items()}
        return replace(node, value=values)
    if not isinstance(shape, Closed) or not isinstance(node.value, dict):
        return node
    if group := _read_word(node, "group"):  # an indicator
        given = given | groups.get(group, {})
    elif (
        KEY in node.mapping and KEY in shape.fields and _read_word(node, "id")
    ):  # a group, for itself
        given = given | dict(node.mapping[KEY].mapping)
    entries = {
        key: _fill_node(inner, shape.fields[key].shape, given, groups)
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
    report_repeated_ids(entry["sources"], sink, "source")
    return {source["id"]: source.node for source in entry["sources"] if source and source["id"]}


def fill_shared_sources(node: Node, shared: Mapping[str, Node], sink: Sink) -> Node:
    """The document with the whole entry for every source that it names by its id alone."""
    source_list = node.mapping.get("sources")
    if source_list is None or not any(isinstance(item.value, str) for item in source_list.items):
        return node
    items = []
    for item in source_list.items:
        if not isinstance(item.value, str):
            items.append(item)
        elif item.value in shared:
            items.append(shared[item.value])
        else:
            words: dict[str, Any] = {
                "source": item.value,
                "known": join_list(shared) if shared else POLICY.format_phrase("no_shared_sources"),
                "hint": find_nearest(item.value, shared),
            }
            sink.report_fault(
                "JF-P023", item.place, POLICY.fault_words("JF-P023", "shared_source", **words)
            )
    return replace(node, value=node.mapping | {"sources": replace(source_list, value=items)})
