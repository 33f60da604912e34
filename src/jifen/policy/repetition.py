"""`for_each`: an element that is written once and stands for several, one for each row of words.

The rows stand under `for_each` itself, or under `rows` at the head of the file where several
elements share them. In the texts of the element `<word>` is what the row says under `word`; a value
that is `<word>` and nothing else is taken whole, whatever it is, and null there leaves its key out.
What is read is the same as if every element had been written out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import Place, find_nearest
from jifen.policy.shapes import AnyValue, Closed, ListOf, MapOf, Shape, Sink, optional
from jifen.policy.source import Node

FOR_EACH, ROWS = "for_each", "rows"
NAMED_ROWS = optional(
    MapOf(ListOf(MapOf(AnyValue()), 1)),
    None,
    "rows of words by their names, for elements that are written once `for_each` of them",
)
MOST_NODES = 200_000
"""At most so many values may come out of the repeated elements of a file."""
_WORD = re.compile(r"<([a-z][a-z0-9_]*)>")
_Row = Mapping[str, Node]


class _TooLarge(Exception):
    """More comes out of the repeated elements than MOST_NODES."""


def write_out_repeats(node: Node, shape: Closed, sink: Sink) -> Node:
    """A document in which every element with `for_each` is written out, without its `rows`. Faults
    go to the sink."""
    if not isinstance(node.value, dict):
        return node
    named_rows = node.mapping.get(ROWS) if ROWS in shape.fields else None
    writer = _RepeatWriter(sink, dict(named_rows.mapping) if named_rows else {})
    if named_rows is not None:
        shape.fields[ROWS].shape.read(named_rows, sink)
        node = replace(node, value={k: v for k, v in node.mapping.items() if k != ROWS})
    try:
        return writer.write_out(node, shape)
    except _TooLarge:
        writer.report_fault(node.place, "too_many", most=f"{MOST_NODES:,}")
        return node


@dataclass(slots=True)
class _RepeatWriter:
    sink: Sink
    named_rows: Mapping[str, Node]
    nodes_written: int = field(default=0)

    def report_fault(self, place: Place, kind: str, /, **values: Any) -> None:
        self.sink.report_fault("JF-P091", place, POLICY.fault_words("JF-P091", kind, **values))

    def write_out(self, node: Node, shape: Shape) -> Node:
        """A value, with the repeated elements of every list in it that may hold some."""
        if isinstance(shape, ListOf) and isinstance(node.value, list):
            items = [written for item in node.value for written in self._write_item(item, shape)]
            return replace(node, value=items)
        if isinstance(shape, MapOf) and isinstance(node.value, dict):
            values = {key: self.write_out(v, shape.value) for key, v in node.value.items()}
            return replace(node, value=values)
        if isinstance(shape, Closed) and isinstance(node.value, dict):
            fields = shape.fields
            values = {
                key: self.write_out(inner, fields[key].shape) if key in fields else inner
                for key, inner in node.value.items()
            }
            return replace(node, value=values)
        return node

    def _write_item(self, item: Node, shape: ListOf) -> Iterator[Node]:
        if not shape.repeats or FOR_EACH not in item.mapping:
            yield self.write_out(item, shape.item)
            return
        element = replace(item, value={k: v for k, v in item.mapping.items() if k != FOR_EACH})
        if nested := _find_key(element, FOR_EACH):
            self.report_fault(nested, "nested")
            return
        for row in self._read_rows(item.mapping[FOR_EACH]):
            yield self._fill_node(element, row)

    def _read_rows(self, given: Node) -> list[_Row]:
        """The rows of an element; none after a fault."""
        if isinstance(given.value, str):
            if given.value not in self.named_rows:
                hint = find_nearest(given.value, self.named_rows)
                known = join_list(self.named_rows or [POLICY.format_phrase("none")])
                self.report_fault(
                    given.place, "unknown_rows", rows=given.value, known=known, hint=hint
                )
                return []
            given = self.named_rows[given.value]
        rows = given.items
        if not rows or not all(row.mapping for row in rows):
            self.report_fault(given.place, "no_rows", found=given.describe_value())
            return []
        return [row.mapping for row in rows]

    def _fill_node(self, node: Node, row: _Row) -> Node:
        """A value of the element, with the words of a row in it."""
        self.nodes_written += 1
        if self.nodes_written > MOST_NODES:
            raise _TooLarge
        if isinstance(node.value, dict):
            values = {key: self._fill_node(inner, row) for key, inner in node.value.items()}
            kept = {
                key: inner
                for key, inner in values.items()
                if inner.value is not None or node.value[key].value is None
            }
            return replace(node, value=kept)
        if isinstance(node.value, list):
            return replace(node, value=[self._fill_node(inner, row) for inner in node.value])
        return self._fill_text(node, row) if isinstance(node.value, str) else node

    def _fill_text(self, node: Node, row: _Row) -> Node:
        text = str(node.value)
        whole = _WORD.fullmatch(text)
        if whole and whole[1] in row:
            return self._copy_value(row[whole[1]])
        for word in dict.fromkeys(_WORD.findall(text)):
            if word not in row:
                hint, known = find_nearest(word, row), join_list(row)
                self.report_fault(node.place, "unknown_word", word=word, known=known, hint=hint)
                return node
            if not isinstance(row[word].value, str):
                found = row[word].describe_value()
                self.report_fault(row[word].place, "not_a_word", word=word, found=found)
                return node
        return replace(node, value=_WORD.sub(lambda match: str(row[match[1]].value), text))

    def _copy_value(self, value: Node) -> Node:
        self.nodes_written += _count_nodes(value)
        return value


def _count_nodes(node: Node) -> int:
    return 1 + sum(map(_count_nodes, [*node.items, *node.mapping.values()]))


def _find_key(node: Node, key: str) -> Place | None:
    """Where a key stands in a value or below it."""
    if key in node.mapping:
        return node.key_places.get(key, node.place)
    places = (_find_key(inner, key) for inner in [*node.items, *node.mapping.values()])
    return next((place for place in places if place), None)
