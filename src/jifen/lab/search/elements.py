"""Elements of a measure that the figures of a brief touch, each with its tables for every
combination of their values.

A measure with a choice of values is put together from these tables, without reading a document
again: thousands of variants a second. Figures that change the same table belong to one element, so
that what they do together is what the evaluator said. Answers of one choice ("points for a
master's degree") change cells of their own: they need no combinations.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise, product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jifen.lab.fault_catalogue import LAB
from jifen.lab.search.space import Choice, Space
from jifen.lab.sweeps.leaves import Leaf, build_leaf
from jifen.policy.fault import Fault, PolicyError
from jifen.policy.model import Rules
from jifen.scoring.population.program import Program, build_programs
from jifen.scoring.population.tables import OutcomeTable

MOST_COMBINATIONS = 2_000
Kind = Literal["points", "conditions", "vetoes"]
KINDS: tuple[Kind, ...] = ("points", "conditions", "vetoes")
Line = tuple[Kind, int]
"""A table of a program: its kind and its number."""
_PARTS = ("indicators", "groups", "conditions", "decision")
_OWN_CELLS = re.compile(r"indicators\.[^.]+\.choice\.points\.[^.]+\Z")


@dataclass(frozen=True, eq=False)
class Element:
    """Figures that act together. `programs`: today's with each combination of their values (by the
    numbers of the values); `leaves`: the tables that they change, one row for each combination.
    With `own_cells` the combinations are those in which one figure moves alone."""

    figures: tuple[int, ...]
    today: Choice
    programs: Mapping[Choice, Program]
    own_cells: bool

    @cached_property
    def rows(self) -> dict[Choice, int]:
        """The number of the row of each combination."""
        return {choice: number for number, choice in enumerate(self.programs)}

    @cached_property
    def leaves(self) -> dict[Line, Leaf]:
        """The tables that differ between the combinations."""
        programs = list(self.programs.values())
        outcome_tables = {}
        for kind in KINDS:
            for number, tables in enumerate(
                zip(*(getattr(p, kind) for p in programs), strict=True)
            ):
                if any(table is not tables[0] for table in tables):
                    outcome_tables[kind, number] = build_leaf(tables)
        return outcome_tables

    def get_row(self, line: Line, choice: Choice) -> NDArray[np.int32]:
        """The points of a table by code, under a combination."""
        points = self.leaves[line].points
        if not self.own_cells:
            return np.asarray(points[self.rows[choice]])
        today = points[self.rows[self.today]]
        return np.asarray(
            today
            + sum(points[self.rows[alone]] - today for alone in self._list_single_moves(choice))
        )

    def _list_single_moves(self, choice: Choice) -> Iterator[Choice]:
        """The combinations in which one of the moved figures moves alone."""
        for number, place in enumerate(choice):
            if place != self.today[number]:
                yield (*self.today[:number], place, *self.today[number + 1 :])

    def get_rules(self, choice: Choice) -> Rules:
        """The rules that have the groups and the decision of a combination. With own cells they
        are today's."""
        return self.programs[self.today if self.own_cells else choice].rules

    def find_direction(self, figure: int, on: date) -> int | None:
        """Whether more people reach the line as the figure goes from value to value (1), fewer (-1)
        or as many (0); None where it is now one, now the other."""
        own = self.figures.index(figure)
        signs: set[int] = set()
        for first, second in self._list_neighbours(own):
            sign = self._compare_programs(first, second, on)
            if sign is None:
                return None
            signs |= {sign} - {0}
        return None if len(signs) > 1 else next(iter(signs), 0)

    def _list_neighbours(self, own: int) -> Iterator[tuple[Choice, Choice]]:
        """Combinations that differ in the next value of one figure only."""
        by_others: dict[Choice, list[Choice]] = {}
        for choice in self.programs:
            by_others.setdefault((*choice[:own], *choice[own + 1 :]), []).append(choice)
        for choices in by_others.values():
            yield from pairwise(sorted(choices, key=lambda choice: choice[own]))

    def _compare_programs(self, first: Choice, second: Choice, on: date) -> int | None:
        differences = [
            self.get_row(line, second) - self.get_row(line, first) for line in self.leaves
        ]
        turned = [
            d * (-1 if line[0] == "vetoes" else 1)
            for line, d in zip(self.leaves, differences, strict=True)
        ]
        first_program, other = self.programs[first], self.programs[second]
        ends = [_list_caps(other.rules) - _list_caps(first_program.rules)]
        ends.append(np.array([first_program.threshold_on(on) - other.threshold_on(on)]))
        every = np.concatenate([np.nan_to_num(part).ravel() for part in (*turned, *ends)])
        rises, falls = bool((every > 0).any()), bool((every < 0).any())
        return None if rises and falls else rises - falls


_NO_CAP = 1e9


def _list_caps(rules: Rules) -> NDArray[np.float64]:
    """The caps of the groups; far above every sum where there is none."""
    return np.array(
        [_NO_CAP if group.most is None else float(group.most) for group in rules.groups] or [0.0]
    )


def elements_of(space: Space, on: date) -> list[Element]:
    """The elements of a space. Raises PolicyError where a path cannot be searched, a value does not
    fit, or an indicator has too many combinations."""
    _refuse_other_parts(space)
    together = _by_name(space)
    while True:
        elements = _tabulate_elements(space, on, together)
        owners: dict[object, int] = {}
        for number, element in enumerate(elements):
            clash = next((owners[o] for o in _find_owned_parts(element) if o in owners), None)
            if clash is not None:  # two elements change one table: they are one
                together[clash] = sorted(together[clash] + together.pop(number))
                break
            owners |= dict.fromkeys(_find_owned_parts(element), number)
        else:
            return elements


def _by_name(space: Space) -> list[list[int]]:
    """The numbers of the figures by the indicator, group or condition in which they stand."""
    parts: list[tuple[set[str], list[int]]] = []
    for number, figure in enumerate(space.figures):
        names, numbers = {_find_owner_name(path) for path in figure.paths}, [number]
        for part in [part for part in parts if part[0] & names]:
            parts.remove(part)
            names, numbers = names | part[0], part[1] + numbers
        parts.append((names, sorted(numbers)))
    return [numbers for _, numbers in parts]


def _find_owner_name(path: str) -> str:
    first, *rest = path.split(".")
    return first if first == "decision" else ".".join([first, *rest[:1]])


def _refuse_other_parts(space: Space) -> None:
    for figure in space.figures:
        for path in figure.paths:
            if path.split(".")[0] not in _PARTS:
                words = LAB.fault_words("JF-L007", "other_part", path=path)
                raise PolicyError([_make_fault(space, figure.values[0].place, words)])


def _tabulate_elements(space: Space, on: date, together: Sequence[Sequence[int]]) -> list[Element]:
    """Every combination of every element, in tables over the same axes."""
    combinations = [_list_combinations(space, figures) for figures in together]
    rules = [
        space.apply_choice(_complete_choice(space, figures, choice), space.brief.id).rules_on(on)
        for figures, choices in zip(together, combinations, strict=True)
        for choice in choices
    ]
    programs = iter(build_programs(tuple(rules)))
    return [
        Element(
            tuple(figures),
            tuple(space.today[n] for n in figures),
            {choice: next(programs) for choice in choices},
            _has_own_cells(space, figures),
        )
        for figures, choices in zip(together, combinations, strict=True)
    ]


def _list_combinations(space: Space, figures: Sequence[int]) -> list[Choice]:
    counts = [len(space.figures[number].values) for number in figures]
    today = tuple(space.today[number] for number in figures)
    if _has_own_cells(space, figures):
        alone = [
            (*today[:n], place, *today[n + 1 :])
            for n, count in enumerate(counts)
            for place in range(count)
            if place != today[n]
        ]
        return [today, *alone]
    combinations = int(np.prod(counts, dtype=np.int64))
    if combinations > MOST_COMBINATIONS:
        first = space.figures[figures[0]]
        words = LAB.fault_words(
            "JF-L007",
            "too_many",
            element=_find_owner_name(first.paths[0]),
            combinations=f"{combinations:,}",
            most=f"{MOST_COMBINATIONS:,}",
        )
        raise PolicyError([_make_fault(space, first.values[0].place, words)])
    return list(product(*map(range, counts)))


def _has_own_cells(space: Space, figures: Sequence[int]) -> bool:
    """Whether every figure gives the points of an answer of its own."""
    paths = [path for number in figures for path in space.figures[number].paths]
    return all(_OWN_CELLS.match(path) for path in paths) and len(set(paths)) == len(paths)


def _complete_choice(space: Space, figures: Sequence[int], choice: Choice) -> Choice:
    """A choice for all figures: those of an element as given, all others as today."""
    places = dict(zip(figures, choice, strict=True))
    return tuple(places.get(n, today) for n, today in enumerate(space.today))


def _find_owned_parts(element: Element) -> set[object]:
    """What an element changes: tables, groups, the decision."""
    owned: set[object] = set(element.leaves)
    rules = [program.rules for program in element.programs.values()]
    for groups in zip(*(element_rules.groups for element_rules in rules), strict=True):
        if any(group != groups[0] for group in groups):
            owned.add(groups[0].id)
    if any(element_rules.decision != rules[0].decision for element_rules in rules):
        owned.add("decision")
    return owned


def table_of(leaf: Leaf, row: NDArray[np.int32]) -> OutcomeTable:
    """A row of a leaf as a table of a program."""
    shape = [len(starts) for starts in leaf.starts]
    cells = row[leaf.code_of_cell].reshape(shape).astype(np.int32)
    return OutcomeTable(leaf.id, leaf.facts, leaf.starts, cells)


def _make_fault(space: Space, place: object, words: object) -> Fault:
    lines = space.brief.lines
    number = getattr(place, "line", 0)
    text = lines[number - 1][:200] if 0 < number <= len(lines) else ""
    return Fault.from_words("JF-L007", place, words, line_text=text)  # type: ignore[arg-type]
