"""The dated figures of a city: `series.yaml`."""

from dataclasses import replace
from decimal import Decimal

from jifen.policy.catalogue import POLICY
from jifen.policy.defaults import fill_defaults
from jifen.policy.document import SERIES_FILE
from jifen.policy.linker import PolicyLinker
from jifen.policy.model import (
    Basis,
    Series,
    SeriesStep,
)
from jifen.policy.shapes import Closed, Entry, ListOf, Sink, report_repeated_ids
from jifen.policy.source import Node
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary


def read_series(node: Node, sink: Sink) -> tuple[Series, ...]:
    """The dated figures of a city; faults go to the sink."""
    entry = SERIES_FILE.read(_fill_series_defaults(node, sink), sink)
    if entry is None:
        return ()
    report_repeated_ids(entry["series"], sink, "series")
    return tuple(_build_series(item, sink) for item in entry["series"] if item and item["id"])


def _fill_series_defaults(node: Node, sink: Sink) -> Node:
    """The file with the defaults of each series in its steps."""
    every = node.mapping.get("series")
    shape = SERIES_FILE.fields["series"].shape
    if every is None or not isinstance(shape, ListOf) or not isinstance(shape.item, Closed):
        return node
    items = [fill_defaults(item, shape.item, sink) for item in every.items]
    filled = replace(every, value=items) if isinstance(every.value, list) else every
    return replace(node, value=node.mapping | {"series": filled})


def _build_series(entry: Entry, sink: Sink) -> Series:
    sources = frozenset(source["id"] for source in entry["sources"] if source and source["id"])
    linker = PolicyLinker(Vocabulary("", (), ()), sink, 2, sources)
    steps: list[SeriesStep] = []
    for item in entry["steps"]:
        if item is None or None in (item["from"], item["to"], item["value"]):
            continue
        basis: Basis = linker.read_basis(item)
        if item["to"] < item["from"] or (steps and item["from"] <= steps[-1].until):
            sink.report_fault(
                "JF-P029", item.place_of("from"), POLICY.fault_words("JF-P029", "steps")
            )
        steps.append(SeriesStep(item["from"], item["to"], Decimal(item["value"]), basis))
    label: Text = entry["label"]
    return Series(entry["id"], label, tuple(steps))
