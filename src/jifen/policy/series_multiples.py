"""Limits that follow a dated figure: `annual_income >= 12 * average-wage`.

The figure is that of the month of the counting day; after the last recorded month the last figure
goes on. On a day it is a number, so rules are built once for each figure.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from jifen.policy.model import Reference, Series
from jifen.policy.months import to_month
from jifen.policy.source import Node

_MULTIPLE = re.compile(r"\*\s*([a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)")
Figures = Mapping[str, Decimal]
"""The id of a series → its figure on a day."""


def find_series_named(document: Node) -> frozenset[str]:
    """The series of which some condition of a document names a multiple."""
    return frozenset(
        name for text in _list_conditions(document) for name in _MULTIPLE.findall(text)
    )


def _list_conditions(node: Node) -> Iterator[str]:
    """The texts of a document that may be conditions, those of its overlays and readings too."""
    if isinstance(node.value, str):
        yield node.value
    for inner in [*node.items, *node.mapping.values()]:
        yield from _list_conditions(inner)


def find_figures(
    document: Node, names: frozenset[str], series: tuple[Series, ...], on: date
) -> dict[str, Decimal]:
    """The figure of each series that conditions name, on a day of assessment; a series without one
    by then is left out."""
    if not names:
        return {}
    month = to_month(_read_reference(document).day_for(on))
    figures: dict[str, Decimal] = {}
    for one in series:
        begun = [step for step in one.steps if step.since <= month]
        if one.id in names and begun:
            figures[one.id] = begun[-1].value
    return figures


def _read_reference(document: Node) -> Reference:
    """The counting day as the document says it; the day itself where it is faulty, which is told
    when the rules are built."""
    entry = document.mapping.get("reference")
    words = {key: node.value for key, node in entry.mapping.items()} if entry else {}
    try:
        month, day = (int(str(words.get(key, 0))) for key in ("month", "day"))
        if words.get("kind") == "yearly":
            date(2001, month, day)
            return Reference("yearly", month, day)
    except ValueError:
        pass
    kind = words.get("kind")
    return Reference("end_of_month_before" if kind == "end_of_month_before" else "on_the_day", 0, 0)
