"""A sweep file: which figures of a policy take which values, as a grid or side by side.

language: "1"
sweep: degree-and-line
label: {zh: 学历分与标准分, en: Degree and line}
policy: shanghai-points
mode: grid
vary:
  - id: bachelor
    label: {zh: 本科, en: Bachelor}
    paths: [indicators.education.choice.points.bachelor_with_degree]
    values: [70, 80, 90]
  - id: line
    label: {zh: 标准分, en: Line}
    paths: [decision.lines.0.points]
    range: {from: 100, to: 130, step: 5}
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import product
from typing import Any

from jifen.lab.fault_catalogue import LAB
from jifen.policy.catalogue import join_with_and
from jifen.policy.fault import PolicyError, shorten_text
from jifen.policy.patch import find_node
from jifen.policy.policy import Policy, Reform
from jifen.policy.quantity import format_number
from jifen.policy.reform import refuse_change_of_records
from jifen.policy.shapes import (
    BILINGUAL,
    IDENT,
    NUMBER,
    WORD,
    Choice,
    Closed,
    Entry,
    Field,
    ListOf,
    Sink,
    optional,
    report_repeated_ids,
)
from jifen.policy.source import Node
from jifen.policy.text import EMPTY, Text

MOST_VARIANTS = 20_000
_RANGE = Closed("a range", {k: Field(NUMBER) for k in ("from", "to", "step")})
VARIED = Closed(
    "a figure that varies",
    {
        "id": Field(IDENT),
        "label": Field(BILINGUAL),
        "paths": Field(ListOf(WORD, 1), doc="all of them take the value"),
        "values": optional(ListOf(WORD, 1)),
        "range": optional(_RANGE, doc="numbers from … to …, both inside"),
    },
    "id",
)
SWEEP_SCHEMA = Closed(
    "a sweep",
    {
        "language": Field(Choice(("1",))),
        "sweep": Field(IDENT),
        "label": Field(BILINGUAL),
        "policy": Field(IDENT),
        "mode": optional(Choice(("grid", "list")), "grid", "every combination, or side by side"),
        "note": optional(BILINGUAL, EMPTY),
        "vary": Field(ListOf(VARIED, 1)),
    },
)


@dataclass(frozen=True, slots=True)
class VariedFigure:
    """A figure that varies: the paths that take its values."""

    id: str
    label: Text
    paths: tuple[str, ...]
    values: tuple[Node, ...]

    @property
    def value_texts(self) -> tuple[str, ...]:
        """The values as they are written."""
        return tuple(str(node.value) for node in self.values)

    def find_place(self, policy: Policy) -> int | None:
        """Which of the values the policy has today at every path; None where it has none of them
        there."""
        today = {_read_value(find_node(policy.document, path)) for path in self.paths}
        places = [n for n, node in enumerate(self.values) if {_read_value(node)} == today]
        return places[0] if places else None


def _read_value(node: Node | None) -> Any:
    """A value to be compared: 120 and 120.0 are the same."""
    text = "" if node is None else str(node.value)
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


@dataclass(frozen=True, slots=True)
class Sweep:
    """What varies, and how the values are combined."""

    id: str
    label: Text
    policy: str
    grid: bool
    vary: tuple[VariedFigure, ...]
    file: str = ""
    lines: tuple[str, ...] = ()

    def list_choices(self) -> Iterator[tuple[int, ...]]:
        """For each variant, which value each figure takes."""
        counts = [range(len(figure.values)) for figure in self.vary]
        yield from product(*counts) if self.grid else zip(*counts, strict=True)

    def list_variants(self, policy: Policy) -> Iterator[Policy]:
        """The policy of each variant, in the order of `choices`."""
        for number, choice in enumerate(self.list_choices()):
            yield self.apply_choice(policy, number, choice)

    def find_base(self, policy: Policy) -> tuple[int, ...] | None:
        """The choice that is the policy as it stands; None where no variant is."""
        places = [figure.find_place(policy) for figure in self.vary]
        base = tuple(place for place in places if place is not None)
        return base if len(base) == len(places) and base in set(self.list_choices()) else None

    def apply_choice(self, policy: Policy, number: int, choice: tuple[int, ...]) -> Policy:
        """The policy of one choice of values."""
        change = {
            path: figure.values[place]
            for figure, place in zip(self.vary, choice, strict=True)
            for path in figure.paths
        }
        reform = Reform(f"{self.id}-{number}", self.label, change, file=self.file, lines=self.lines)
        refuse_change_of_records(reform)
        return policy.apply_reform(reform)


def read_sweep(node: Node, lines: tuple[str, ...] = ()) -> Sweep:
    """A document → the sweep. Raises PolicyError with every fault of the file."""
    sink = Sink(lines)
    entry = SWEEP_SCHEMA.read(node, sink)
    if entry is not None:
        report_repeated_ids(entry["vary"] or (), sink, "figure")
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    vary = tuple(read_varied(figure_entry, sink) for figure_entry in entry["vary"])
    sweep = Sweep(
        entry["sweep"],
        entry["label"],
        entry["policy"],
        entry["mode"] == "grid",
        vary,
        node.place.file,
        lines,
    )
    _check_counts(sweep, entry, sink)
    if sink.faults:
        raise PolicyError(sink.faults)
    return sweep


def read_varied(entry: Entry, sink: Sink) -> VariedFigure:
    """A figure that varies, with its values; faults go into the sink."""
    given = [key for key in ("values", "range") if entry[key] is not None]
    if len(given) != 1:
        what = join_with_and(given) if given else LAB.format_phrase("neither")
        words = LAB.fault_words("JF-L005", "values", given=what, figure=entry["id"])
        sink.report_fault("JF-L005", entry.place_of(), words)
    values: tuple[Node, ...] = ()
    if entry["values"] is not None:
        values = tuple(entry.node.mapping["values"].items)
    elif entry["range"] is not None:
        values = _read_range(entry["range"], sink)
    return VariedFigure(entry["id"], entry["label"], tuple(entry["paths"]), values)


def _read_range(entry: Entry, sink: Sink) -> tuple[Node, ...]:
    first, last, step = entry["from"], entry["to"], entry["step"]
    if step <= 0 or last < first or (last - first) / step > MOST_VARIANTS:
        words = LAB.fault_words("JF-L005", "range", first=first, last=last, step=step)
        sink.report_fault("JF-L005", entry.place_of(), words)
        return ()
    count = int((last - first) / step) + 1
    return tuple(
        Node(format_number(first + step * Decimal(n)), entry.place_of()) for n in range(count)
    )


def _check_counts(sweep: Sweep, entry: Entry, sink: Sink) -> None:
    lengths: list[Any] = [len(figure.values) for figure in sweep.vary]
    if not sweep.grid and len(set(lengths)) > 1:
        words = LAB.fault_words(
            "JF-L005", "lists", lengths=shorten_text(", ".join(map(str, lengths)), 60)
        )
        sink.report_fault("JF-L005", entry.place_of("vary"), words)
    variants = 1
    for length in lengths:
        variants *= length
    if sweep.grid and variants > MOST_VARIANTS:
        figures = {"variants": f"{variants:,}", "most": f"{MOST_VARIANTS:,}"}
        sink.report_fault(
            "JF-L005", entry.place_of("vary"), LAB.fault_words("JF-L005", "too_many", **figures)
        )
