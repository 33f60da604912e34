"""table: points by two or more facts at once, such as pay and age, or age and a status."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from math import prod
from typing import Any

from jifen.policy.mechanisms.base import (
    FactValues,
    Mechanism,
    MechanismDeclaration,
    MechanismLinker,
    RuleRow,
    ScoreFunction,
)
from jifen.policy.mechanisms.phrases import format_points, join_rows
from jifen.policy.mechanisms.table_shape import AXIS_SHAPE, POINTS_GRID, list_grid_cells, read_axis
from jifen.policy.possible_points import BoundsFunction, PossibleValues
from jifen.policy.quantity import Quantity
from jifen.policy.shapes import Closed, Entry, Field, ListOf
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Fact, Vocabulary
from jifen.policy.words import say

MOST_TABLE_CELLS = 5_000
"""A table of points is read by people: it has no more cells than this."""


@dataclass(frozen=True, slots=True)
class TableAxis:
    """One way of a table. A choice or a yes/no has groups of `answers`, one group for each place;
    a number has the values (`starts`) at which the places begin."""

    fact: str
    answers: tuple[tuple[str, ...], ...]
    starts: tuple[Decimal, ...]

    @property
    def size(self) -> int:
        """How many places it has."""
        return len(self.answers or self.starts)

    def map_answers(self) -> Mapping[Any, int]:
        """Answer → its place. A yes/no that does not apply does what no does."""
        by_word = {word: place for place, group in enumerate(self.answers) for word in group}
        if by_word.keys() == {"false", "true"}:
            return {False: by_word["false"], None: by_word["false"], True: by_word["true"]}
        return by_word

    def find_place(self, value: Any) -> int | None:
        """The place of a value; None below the first start and where the fact does not apply."""
        if self.answers:
            return self.map_answers().get(value)
        place = -1 if value is None else bisect_right(self.starts, value) - 1
        return place if place >= 0 else None

    def describe_place(self, place: int, fact: Fact) -> Text:
        """'35 to 39 years of age' / 'master, doctor'."""
        if self.answers:
            names = [_name_answer(fact, word) for word in self.answers[place]]
            return Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))
        first = Quantity(self.starts[place], fact.unit).to_text()
        if place + 1 == len(self.starts):
            return say("mechanisms.table.or_more", first=first)
        following = Quantity(self.starts[place + 1], fact.unit).to_text()
        if fact.is_whole and self.starts[place + 1] == self.starts[place] + 1:
            return first
        number = Quantity(self.starts[place], "").to_text()
        return say("mechanisms.table.to_under", number=number, following=following)


@dataclass(frozen=True, slots=True)
class PointsTable:
    """`points` in the order of the axes: the last one moves first."""

    axes: tuple[TableAxis, ...]
    points: tuple[Decimal, ...]

    def list_facts(self) -> tuple[str, ...]:
        return tuple(axis.fact for axis in self.axes)

    def list_breaks(self) -> Iterator[tuple[str, Decimal]]:
        for axis in self.axes:
            for start in axis.starts:
                yield axis.fact, start

    def compile_score(self, scale: int) -> ScoreFunction:
        cells = [int(points * scale) for points in self.points]
        finders = [(axis.fact, _compile_place(axis), axis.size) for axis in self.axes]

        def score_facts(v: FactValues) -> int:
            cell = 0
            for fact_id, find_place, size in finders:
                place = find_place(v[fact_id])
                if place is None:
                    return 0
                cell = cell * size + place
            return cells[cell]

        return score_facts

    def compile_bounds(self, scale: int) -> BoundsFunction:
        score = self.compile_score(scale)
        axes = self.axes

        def bound_points(possible: PossibleValues) -> tuple[int, int]:
            alike = [
                {axis.find_place(value): value for value in possible[axis.fact]}.values()
                for axis in axes
            ]
            facts = [axis.fact for axis in axes]
            outcomes = [score(dict(zip(facts, case, strict=True))) for case in product(*alike)]
            return min(outcomes), max(outcomes)

        return bound_points

    def list_directions(self, fact_id: str, least: Decimal) -> set[int]:
        """How the points move with a number from `least` on, whatever the other facts are: 1, -1,
        or both."""
        number = next(n for n, axis in enumerate(self.axes) if axis.fact == fact_id)
        size, inner = self.axes[number].size, prod(axis.size for axis in self.axes[number + 1 :])
        below = [Decimal(0)] if self.axes[number].starts[0] > least else []
        signs = set()
        for first in (n for n in range(len(self.points)) if n // inner % size == 0):
            column = [*below, *(self.points[first + place * inner] for place in range(size))]
            signs |= {(high > low) - (high < low) for low, high in pairwise(column)}
        return signs - {0}

    def list_rows(self, vocabulary: Vocabulary) -> tuple[RuleRow, ...]:
        last, rows = self.axes[-1], []
        last_fact = vocabulary[last.fact]
        columns = [last.describe_place(place, last_fact) for place in range(last.size)]
        for number, places in enumerate(product(*(range(axis.size) for axis in self.axes[:-1]))):
            row_points = self.points[number * last.size : (number + 1) * last.size]
            rows.append(
                RuleRow(self._describe_row(places, vocabulary), _list_cells(columns, row_points))
            )
        return tuple(rows)

    def _describe_row(self, places: tuple[int, ...], vocabulary: Vocabulary) -> Text:
        words = [
            (vocabulary[axis.fact].label, axis.describe_place(place, vocabulary[axis.fact]))
            for axis, place in zip(self.axes, places, strict=False)
        ]
        zh = "，".join(f"{label.zh}：{place.zh}" for label, place in words)
        return Text(zh, ", ".join(f"{label.en}: {place.en}" for label, place in words))

    def find_row(self, values: FactValues) -> int | None:
        row = 0
        for axis in self.axes[:-1]:
            place = axis.find_place(values[axis.fact])
            if place is None:
                return None
            row = row * axis.size + place
        return row

    def describe_rule(self, vocabulary: Vocabulary, lang: Lang) -> str:
        last = vocabulary[self.axes[-1].fact].label
        by = say("mechanisms.table.points_by", last=last)(lang)
        rows = [(r.when(lang), r.gives(lang)) for r in self.list_rows(vocabulary)]
        return by + join_rows(rows, lang)


def _compile_place(axis: TableAxis) -> Any:
    return axis.map_answers().get if axis.answers else axis.find_place


def _name_answer(fact: Fact, word: str) -> Text:
    if fact.type == "bool":
        return fact.describe_value(word == "true")
    return fact.option_label(word)


def _list_cells(columns: list[Text], row_points: tuple[Decimal, ...]) -> Text:
    """'under 30: 15 points, 30 to under 35: 10 points'; equal neighbours are not joined."""
    cells = [(column, format_points(p)) for column, p in zip(columns, row_points, strict=True)]
    zh = "，".join(f"{column.zh}：{given.zh}" for column, given in cells)
    return Text(zh, ", ".join(f"{column.en}: {given.en}" for column, given in cells))


def build_table(entry: Entry, linker: MechanismLinker) -> Mechanism | None:
    """Read a table: every way has a fact of its own, and the points fill the ways exactly."""
    axes = [read_axis(way, linker) for way in entry["by"] if way]
    if None in axes or len(axes) != len(entry["by"]) or entry["points"] is None:
        return None
    ways = [TableAxis(*axis) for axis in axes if axis]
    seen: set[str] = set()
    for axis, way in zip(ways, entry["by"], strict=True):
        if axis.fact in seen:
            linker.report_fault("JF-P060", way.place_of("of"), "way_twice", fact=axis.fact)
            return None
        seen.add(axis.fact)
    sizes = [axis.size for axis in ways]
    if prod(sizes) > MOST_TABLE_CELLS:
        words = {"cells": prod(sizes), "most": MOST_TABLE_CELLS}
        linker.report_fault("JF-P060", entry.place_of("points"), "too_many_cells", **words)
        return None
    cells = list_grid_cells(entry["points"], sizes, [axis.fact for axis in ways], linker)
    return PointsTable(tuple(ways), tuple(cells)) if cells is not None else None


TABLE = MechanismDeclaration(
    "table",
    Closed(
        "table",
        {
            "by": Field(ListOf(AXIS_SHAPE, 2), doc="the ways of the table, the rows first"),
            "points": Field(
                POINTS_GRID, doc="a list for each place of the first way, and so on to the points"
            ),
        },
    ),
    build_table,
    "points by two or more facts at once",
)
