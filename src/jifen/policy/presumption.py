"""What a fact is presumed to be where nothing adverse is on record: `presumed:` of a city's facts.

A presumption changes no total and no bounds. It only narrows the range that is shown first.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from jifen.policy.quantity import format_number
from jifen.policy.shapes import DATE, FLAG, NUMBER, WHOLE, Choice, ListOf, Shape, Sink
from jifen.policy.source import Node


@dataclass(frozen=True, slots=True)
class Presumption:
    """The presumed value, in the type of its fact (dates as a tuple)."""

    value: Any


class _Presumable(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def type(self) -> str: ...

    @property
    def least(self) -> Decimal: ...

    @property
    def most(self) -> Decimal: ...

    @property
    def ids(self) -> tuple[str, ...]: ...

    @property
    def is_record(self) -> bool: ...

    @property
    def is_number(self) -> bool: ...


_SHAPES: dict[str, Shape] = {
    "bool": FLAG,
    "date": DATE,
    "dates": ListOf(DATE),
    "months": WHOLE,
    "years": WHOLE,
    "count": WHOLE,
    "number": NUMBER,
    "yuan": NUMBER,
    "ratio": NUMBER,
}


def read_presumption(node: Node, fact: _Presumable, sink: Sink) -> Presumption | None:
    """Read the value under `presumed:`; None after a fault, which goes to the sink."""
    if fact.is_record:
        sink.add_fault(
            "JF-P028",
            node.place,
            f"a presumed value for the record '{fact.id}'",
            "a fact with a value; a record cannot be presumed",
            "remove 'presumed:', or write it at the fact that the record gives",
        )
        return None
    shape = Choice(fact.ids) if fact.type == "choice" else _SHAPES[fact.type]
    before = len(sink.faults)
    value = shape.read(node, sink)
    if len(sink.faults) > before:
        return None
    if fact.is_number and not fact.least <= value <= fact.most:
        sink.add_fault(
            "JF-P014",
            node.place,
            f"the presumed value {format_number(Decimal(value))} of '{fact.id}'",
            f"a number from {format_number(fact.least)} to {format_number(fact.most)}",
            "correct the value, or the range of the fact",
        )
        return None
    return Presumption(value)
