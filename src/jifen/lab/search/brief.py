"""A brief: which figures may change, how many people the measure should admit, within which limits.

language: "1"
propose: five-percent-fewer
label: {zh: 少 5%, en: Five per cent fewer}
policy: shanghai-points
vary:
  - id: bachelor
    label: {zh: 本科, en: Bachelor}
    paths: [indicators.education.choice.points.bachelor_with_degree]
    range: {from: 60, to: 100, step: 5}
admit: {share_of_today: 0.95, within: 20}
limits:
  changed: 3
  keep_order: [[doctor, master, bachelor]]
  groups: [{by: education, most_loss: 0.1}]
prefer: [change, worst_loss]
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jifen.lab.fault_catalogue import LAB
from jifen.lab.sweeps.sweep_file import VARIED, VariedFigure, read_varied
from jifen.policy.catalogue import join_list, join_with_and
from jifen.policy.fault import PolicyError
from jifen.policy.shapes import (
    BILINGUAL,
    IDENT,
    NUMBER,
    WHOLE,
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

Preference = Literal["change", "cells", "stayers", "closeness", "worst_loss"]
"""What a proposal should have little of: steps moved, figures changed, people who lose the line,
people more or fewer than asked for, the largest share that a group loses."""
PREFERENCES: tuple[Preference, ...] = ("change", "cells", "stayers", "closeness", "worst_loss")

_ADMIT = Closed(
    "how many are admitted",
    {
        "people": optional(NUMBER, doc="so many people surely at the line"),
        "share_of_today": optional(NUMBER, doc="0.95: five per cent fewer than today"),
        "within": optional(NUMBER, doc="so many people more or fewer are near enough; else 0"),
    },
)
_GROUP_LIMIT = Closed(
    "the limit of a group",
    {
        "by": Field(WORD, doc="education, age:10, a column"),
        "most_loss": Field(NUMBER, doc="0.02: at most 2 % of those at the line today lose it"),
        "only": optional(ListOf(WORD, 1), doc="these groups, by label or answer; else every group"),
    },
)
_LIMITS = Closed(
    "limits",
    {
        "changed": optional(WHOLE, doc="at most so many figures may change"),
        "keep_order": optional(ListOf(ListOf(IDENT, 2), 1), doc="figures, the highest first"),
        "groups": optional(ListOf(_GROUP_LIMIT, 1)),
    },
)
BRIEF = Closed(
    "a brief for proposals",
    {
        "language": Field(Choice(("1",))),
        "propose": Field(IDENT),
        "label": Field(BILINGUAL),
        "policy": Field(IDENT),
        "note": optional(BILINGUAL, EMPTY),
        "vary": Field(ListOf(VARIED, 1)),
        "admit": Field(_ADMIT),
        "limits": optional(_LIMITS),
        "prefer": optional(ListOf(Choice(PREFERENCES), 1)),
    },
)


@dataclass(frozen=True, slots=True)
class Target:
    """How many people should surely be at the line: a number, or a share of today's; `within` so
    many more or fewer is near enough."""

    people: Decimal | None
    share_of_today: Decimal | None
    within: Decimal

    def to_people(self, today: float) -> float:
        """The people asked for, where so many are at the line today."""
        if self.people is not None:
            return float(self.people)
        assert self.share_of_today is not None  # a brief has one of the two
        return float(self.share_of_today) * today


@dataclass(frozen=True, slots=True)
class GroupLimit:
    """No group (or only those named) may lose more than this share of its people at the line."""

    by: str
    most_loss: Decimal
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What is looked for."""

    id: str
    label: Text
    policy: str
    vary: tuple[VariedFigure, ...]
    target: Target
    most_changed: int | None
    orders: tuple[tuple[str, ...], ...]
    groups: tuple[GroupLimit, ...]
    prefer: tuple[Preference, ...]
    file: str = ""
    lines: tuple[str, ...] = ()


def read_brief(node: Node, lines: tuple[str, ...] = ()) -> Brief:
    """A document → the brief. Raises PolicyError with every fault of the file."""
    sink = Sink(lines)
    entry = BRIEF.read(node, sink)
    if entry is not None:
        report_repeated_ids(entry["vary"] or (), sink, "figure")
    if entry is None or sink.faults:
        raise PolicyError(sink.faults)
    vary = tuple(read_varied(figure, sink) for figure in entry["vary"])
    limits = entry["limits"]
    brief = Brief(
        entry["propose"],
        entry["label"],
        entry["policy"],
        vary,
        _read_target(entry["admit"], sink),
        limits["changed"] if limits else None,
        _read_orders(limits, [figure.id for figure in vary], sink) if limits else (),
        _group_limits(limits, sink) if limits else (),
        tuple(entry["prefer"] or ("change", "closeness", "worst_loss")),
        node.place.file,
        lines,
    )
    if sink.faults:
        raise PolicyError(sink.faults)
    return brief


def _read_target(entry: Entry, sink: Sink) -> Target:
    given = [key for key in ("people", "share_of_today") if entry[key] is not None]
    if len(given) != 1:
        words = LAB.format_phrase("neither_target") if not given else join_with_and(given)
        sink.report_fault(
            "JF-L007", entry.place_of(), LAB.fault_words("JF-L007", "target", given=words)
        )
    for key in ("people", "share_of_today", "within"):
        if entry[key] is not None and entry[key] < 0:
            words_of = LAB.fault_words("JF-L007", "negative", value=entry[key])
            sink.report_fault("JF-L007", entry.place_of(key), words_of)
    return Target(entry["people"], entry["share_of_today"], entry["within"] or Decimal(0))


def _read_orders(limits: Entry, known: list[str], sink: Sink) -> tuple[tuple[str, ...], ...]:
    """The orders to be kept; a figure that does not vary is told."""
    for order in limits["keep_order"] or ():
        for figure in order:
            if figure not in known:
                words = LAB.fault_words(
                    "JF-L007", "unknown_figure", figure=figure, known=join_list(known)
                )
                sink.report_fault("JF-L007", limits.place_of("keep_order"), words)
    return tuple(tuple(order) for order in limits["keep_order"] or ())


def _group_limits(limits: Entry, sink: Sink) -> tuple[GroupLimit, ...]:
    for entry in limits["groups"] or ():
        if not 0 <= entry["most_loss"] <= 1:
            words = LAB.fault_words("JF-L007", "share", value=entry["most_loss"])
            sink.report_fault("JF-L007", entry.place_of("most_loss"), words)
    return tuple(
        GroupLimit(entry["by"], entry["most_loss"], tuple(entry["only"] or ()))
        for entry in limits["groups"] or ()
    )
