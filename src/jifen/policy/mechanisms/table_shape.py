"""The ways and the points of a `table` as they are written."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import find_nearest
from jifen.policy.mechanisms.base import MechanismLinker
from jifen.policy.shapes import (
    IDENT,
    NUMBER,
    Closed,
    Entry,
    Field,
    ListOf,
    Schema,
    Sink,
    optional,
)
from jifen.policy.source import Node
from jifen.policy.vocabulary import NUMBER_TYPES, Fact

BOOL_ANSWERS = ("false", "true")
_BY_ANSWER = frozenset({"choice", "bool"})
AxisParts = tuple[str, tuple[tuple[str, ...], ...], tuple[Decimal, ...]]


class AnswerGroup:
    """One answer, or several that share a place: `none` or `[none, primary]`."""

    def read(self, node: Node, sink: Sink) -> tuple[tuple[str, Node], ...]:
        items = node.items if isinstance(node.value, list) else [node]
        return tuple((word, item) for item in items if (word := IDENT.read(item, sink)))

    def to_schema(self) -> Schema:
        return {"anyOf": [IDENT.to_schema(), {"type": "array", "items": IDENT.to_schema()}]}


class PointsGrid:
    """Lists in lists, with a number in every innermost place."""

    def read(self, node: Node, sink: Sink) -> Node | None:
        if isinstance(node.value, list):
            return node
        found = POLICY.fault_words("JF-P012", "list", found=node.describe_value())
        sink.report_fault("JF-P012", node.place, found)
        return None

    def to_schema(self) -> Schema:
        return {"type": "array", "items": {"anyOf": [{"type": "number"}, {"type": "array"}]}}


POINTS_GRID = PointsGrid()
AXIS_SHAPE = Closed(
    "way",
    {
        "of": Field(IDENT, doc="a fact or a derived number"),
        "answers": optional(
            ListOf(AnswerGroup(), 1),
            doc="of a choice: one answer, or a list of answers, for each place; "
            "of a yes/no: false and true",
        ),
        "from": optional(
            ListOf(NUMBER, 1), doc="of a number: where each place begins; it ends at the next"
        ),
    },
)


def read_axis(entry: Entry, linker: MechanismLinker) -> AxisParts | None:
    """The fact of a way with its answers or starts; None after a fault."""
    fact_id = linker.read_fact(entry, "of", NUMBER_TYPES | _BY_ANSWER)
    if not fact_id:
        return None
    fact = linker.vocabulary[fact_id]
    wanted, other = ("answers", "from") if fact.type in _BY_ANSWER else ("from", "answers")
    if entry[wanted] is None or entry[other] is not None:
        words = {"fact": fact_id, "type": fact.type, "wanted": wanted, "other": other}
        linker.report_fault("JF-P060", entry.place_of(), "way_of_type", **words)
        return None
    if wanted == "answers":
        answers = _read_answers(entry, fact, linker)
        return (fact_id, answers, ()) if answers else None
    starts = _read_starts(entry, fact, linker)
    return (fact_id, (), starts) if starts else None


def _read_answers(
    entry: Entry, fact: Fact, linker: MechanismLinker
) -> tuple[tuple[str, ...], ...] | None:
    known = BOOL_ANSWERS if fact.type == "bool" else fact.ids
    named = [answer for group in entry["answers"] for answer in group]
    seen: set[str] = set()
    sound = True
    for word, node in named:
        if word not in known:
            hint = find_nearest(word, known)
            words = {"answer": word, "fact": fact.id, "known": join_list(known), "hint": hint}
            linker.report_fault("JF-P020", node.place, "answer", **words)
            sound = False
        if word in seen:
            linker.report_fault("JF-P060", node.place, "answer_twice", answer=word)
            sound = False
        seen.add(word)
    missing = [word for word in known if word not in seen]
    if missing:
        words = {"missing": join_list(missing), "fact": fact.id}
        linker.report_fault("JF-P060", entry.place_of("answers"), "answers_without_place", **words)
    if missing or not sound or not all(entry["answers"]):
        return None
    return tuple(tuple(word for word, _ in group) for group in entry["answers"])


def _read_starts(entry: Entry, fact: Fact, linker: MechanismLinker) -> tuple[Decimal, ...] | None:
    starts = [start for start in entry["from"] if start is not None]
    if len(starts) < len(entry["from"]):
        return None
    if any(high <= low for low, high in pairwise(starts)):
        linker.report_fault("JF-P060", entry.place_of("from"), "starts_do_not_rise")
        return None
    broken = [start for start in starts if start != start.to_integral_value()]
    if fact.is_whole and broken:
        words = {"value": broken[0], "fact": fact.id}
        linker.report_fault("JF-P026", entry.place_of("from"), "fraction", **words)
        return None
    return tuple(starts)


def list_grid_cells(
    grid: Node, sizes: Sequence[int], facts: Sequence[str], linker: MechanismLinker
) -> list[Decimal] | None:
    """The points of a grid in order; None after a fault of its form or of a number."""
    cells, sound = list[Decimal](), True
    for node, size, fact_id in _walk_grid(grid, list(zip(sizes, facts, strict=True))):
        if fact_id:
            words: dict[str, Any] = {"fact": fact_id, "size": size, "count": len(node.items)}
            kind = "places" if isinstance(node.value, list) else "no_list"
            linker.report_fault("JF-P060", node.place, kind, **words)
            sound = False
            continue
        points = linker.read_cell(node)
        sound = sound and points is not None
        cells.append(points or Decimal(0))
    return cells if sound else None


def _walk_grid(node: Node, ways: list[tuple[int, str]]) -> Iterator[tuple[Node, int, str]]:
    """Every innermost node (with an empty fact), and every list that does not fit its way."""
    if not ways:
        yield node, 0, ""
        return
    size, fact_id = ways[0]
    if not isinstance(node.value, list) or len(node.items) != size:
        yield node, size, fact_id
        return
    for item in node.items:
        yield from _walk_grid(item, ways[1:])
