"""Figures from outside: `steps: wages.csv` takes the steps of a series from a table beside
series.yaml, as a statistics office gives it."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from jifen.policy.catalogue import POLICY, join_list
from jifen.policy.fault import DocumentError, Place, shorten_text
from jifen.policy.shapes import Sink
from jifen.policy.source import MAX_BYTES, Node, decode_bytes

COLUMNS = ("from", "to", "value")
OTHER_COLUMNS = ("confidence", "sources")
MOST_ROWS = 10_000
"""So many months are 833 years."""


def fill_series_tables(node: Node, folder: Path, sink: Sink) -> Node:
    """A file of series in which every `steps` that names a table holds its rows; faults go to the
    sink, which learns the lines of the tables."""
    every = node.mapping.get("series")
    if every is None or not isinstance(every.value, list):
        return node
    items = []
    for item in every.items:
        steps = item.mapping.get("steps")
        if steps is not None and isinstance(steps.value, str):
            rows = replace(steps, value=_read_table(steps, folder, sink))
            items.append(replace(item, value=item.mapping | {"steps": rows}))
        else:
            items.append(item)
    return replace(node, value=node.mapping | {"series": replace(every, value=items)})


def _report(sink: Sink, place: Place, kind: str, /, **values: Any) -> None:
    sink.report_fault("JF-P094", place, POLICY.fault_words("JF-P094", kind, **values))


def _read_table(named: Node, folder: Path, sink: Sink) -> list[Node]:
    name = str(named.value)
    shown, path = shorten_text(name, 60), folder / name
    if "/" in name or "\\" in name or not name.endswith(".csv"):
        _report(sink, named.place, "name", file=shown)
        return []
    try:
        if path.stat().st_size > MAX_BYTES:
            _report(sink, named.place, "too_large", file=shown, most=f"{MAX_BYTES:,}")
            return []
        text = decode_bytes(path.read_bytes(), name)
    except DocumentError as error:
        sink.faults += error.faults
        return []
    except OSError:
        _report(sink, named.place, "no_file", file=shown)
        return []
    own = {named.place.file: sink.lines}
    sink.texts = {**(sink.texts or own), name: tuple(text.splitlines())}
    return list(_read_rows(text, name, sink))


def _read_rows(text: str, name: str, sink: Sink) -> Iterator[Node]:
    reader = csv.reader(text.splitlines())
    header = [word.strip() for word in next(reader, [])]
    wrong = [word for word in header if word not in COLUMNS + OTHER_COLUMNS]
    if wrong or not set(COLUMNS) <= set(header) or len(set(header)) < len(header):
        known = join_list([*COLUMNS, *OTHER_COLUMNS])
        _report(
            sink, Place(name, 1, 1), "header", found=shorten_text(",".join(header)), known=known
        )
        return
    for number, cells in enumerate(reader, start=1):
        place = Place(name, reader.line_num, 1)
        if not any(cell.strip() for cell in cells):
            continue
        if number > MOST_ROWS:
            _report(sink, place, "too_many", most=f"{MOST_ROWS:,}")
            return
        if len(cells) != len(header):
            _report(sink, place, "cells", count=len(cells), expected=len(header))
            return
        yield _build_step(dict(zip(header, cells, strict=True)), place)


def _build_step(cells: dict[str, str], place: Place) -> Node:
    """A step as it would stand in YAML; an empty cell is a key that is left out."""
    written = {key: cell.strip() for key, cell in cells.items() if cell.strip()}
    entries = {key: Node(cell, place) for key, cell in written.items() if key != "sources"}
    if sources := written.get("sources"):
        entries["sources"] = Node([Node(word, place) for word in sources.split()], place)
    return Node(entries, place, dict.fromkeys(entries, place))
