"""A change to a document: paths → new values. Overlays, readings and reforms are such changes.

A path names a place by keys and, inside lists, by the `id` of an item or its number from 0:
`indicators.outer_suburb.first_of.0.per_unit.starts_at`. A new value null takes a key or an item
away; an item whose own `id` is the last step of the path is added to its list. The old
tree is not modified.
"""

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import Fault, find_nearest
from jifen.policy.source import Node


def apply_changes(document: Node, changes: dict[str, Node], faults: list[Fault]) -> Node:
    """The document with every change made; a path that leads nowhere is added to `faults`."""
    for path, value in changes.items():
        document = _apply_change(document, path, path.split("."), value, faults)
    return document


def find_node(document: Node, path: str) -> Node | None:
    """What stands at a path; None where it leads nowhere."""
    node: Node | None = document
    for step in path.split("."):
        node = None if node is None else _find_child(node, step)
    return node


def _apply_change(node: Node, path: str, steps: list[str], new: Node, faults: list[Fault]) -> Node:
    step, rest = steps[0], steps[1:]
    child = _find_child(node, step)
    if child is None:
        if not rest and isinstance(node.value, dict):
            return _replace_child(node, step, new)
        if not rest and isinstance(node.value, list) and _id_of(new) == step:
            return Node([*node.value, new], node.place)
        faults.append(_build_lost_path_fault(node, path, step, new))
        return node
    changed = _apply_change(child, path, rest, new, faults) if rest else new
    return _replace_child(node, step, changed)


def _find_child(node: Node, step: str) -> Node | None:
    if isinstance(node.value, list):
        index = _find_index(node.value, step)
        return None if index is None else node.value[index]
    return node.mapping.get(step)


def _find_index(items: list[Node], step: str) -> int | None:
    for number, item in enumerate(items):
        if _id_of(item) == step:
            return number
    return int(step) if step.isdigit() and int(step) < len(items) else None


def _id_of(item: Node) -> object:
    ident = item.mapping.get("id")
    return None if ident is None else ident.value


def _replace_child(node: Node, step: str, new: Node) -> Node:
    if isinstance(node.value, list):
        items = list(node.value)
        index = _find_index(items, step)
        if index is not None:
            items[index : index + 1] = [] if new.value is None else [new]
        return Node(items, node.place)
    entries = {**node.mapping, step: new}
    if new.value is None:
        del entries[step]
    return Node(entries, node.place, {**node.key_places, step: new.place})


def _build_lost_path_fault(node: Node, path: str, step: str, new: Node) -> Fault:
    known = list(node.mapping)
    for number, item in enumerate(node.items):
        ident = item.mapping.get("id")
        known.append(str(ident.value) if ident else str(number))
    hint = find_nearest(step, known)
    words = POLICY.fault_words(
        "JF-P024", "lost_path", path=path, step=step, known=join_list(known), hint=hint
    )
    return Fault.from_words("JF-P024", new.place, words)
