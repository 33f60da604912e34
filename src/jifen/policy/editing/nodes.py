"""A change as nodes of a document, and where a fault stands as a path.

A draft has no file: the lines of its nodes are numbers that lead back to their paths.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jifen.policy.editing.change import Change
from jifen.policy.fault import Place
from jifen.policy.source import Node

FILE = "draft"
"""The file name of every node of a change."""


def change_nodes(change: Change) -> tuple[dict[str, Node], dict[Place, str]]:
    """The values as nodes, by path; and the path of each place in them."""
    maker = _Maker()
    nodes = {path: maker.node(value, path) for path, value in change.items()}
    return nodes, maker.paths


class _Maker:
    def __init__(self) -> None:
        self.paths: dict[Place, str] = {}

    def node(self, value: Any, path: str) -> Node:
        place = self._place(path)
        if isinstance(value, dict):
            entries = {key: self.node(one, f"{path}.{key}") for key, one in value.items()}
            return Node(entries, place, {key: entry.place for key, entry in entries.items()})
        if isinstance(value, list):
            return Node(
                [self.node(one, f"{path}.{step_of(one, n)}") for n, one in enumerate(value)], place
            )
        return Node(value, place)

    def _place(self, path: str) -> Place:
        place = Place(FILE, len(self.paths) + 1, 1)
        self.paths[place] = path
        return place


def step_of(item: Any, number: int) -> str:
    """The step that leads to an item of a list: its id, or its number."""
    ident = item.get("id") if isinstance(item, dict) else None
    return ident if isinstance(ident, str) and ident else str(number)


def paths_by_place(document: Node) -> dict[Place, str]:
    """The path of every place of a document; a value that stands for several (a default) has the
    path of the first."""
    paths: dict[Place, str] = {}
    for path, place in _places(document, ""):
        paths.setdefault(place, path)
    return paths


def _places(node: Node, path: str) -> Iterator[tuple[str, Place]]:
    yield path, node.place
    for key, inner in node.mapping.items():
        yield from _places(inner, f"{path}.{key}" if path else key)
        if key in node.key_places:
            yield (f"{path}.{key}" if path else key), node.key_places[key]
    for number, item in enumerate(node.items):
        ident = item.mapping.get("id")
        step = ident.value if ident and isinstance(ident.value, str) else str(number)
        yield from _places(item, f"{path}.{step}")


def path_of(place: Place, *known: Mapping[Place, str]) -> str:
    """The path of a place; empty where it is none of a document."""
    return next((paths[place] for paths in known if place in paths), "")
