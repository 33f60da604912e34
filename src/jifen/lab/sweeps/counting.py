"""The loops of a sweep: people of whom every fact is known, and both ends of all the others."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import People
from jifen.lab.sweeps.figures import (
    TooLarge,
    gates_of,
    is_steady,
    limit_rows,
    rows_of,
    structure_of,
)
from jifen.lab.sweeps.leaves import Codes, End, Leaf, leaf_of
from jifen.lab.sweeps.loop import Loop
from jifen.lab.sweeps.shape import split
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.derived_numbers import add_derived
from jifen.scoring.population.program import Program

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tables:
    """Indicators and gates (conditions, vetoes turned round) of all variants. With an `end`, for
    people of whom something is unknown."""

    programs: tuple[Program, ...]
    points: list[Leaf]
    gates: list[Leaf]

    @classmethod
    def of(cls, programs: tuple[Program, ...], end: End | None = None) -> "Tables":
        """Raises TableError where an indicator needs more than 256 codes."""
        points = [
            leaf_of(tables, end) for tables in zip(*(p.points for p in programs), strict=True)
        ]
        return cls(programs, points, gates_of(programs, end))

    def steady_gates_hold(self, people: People, rows: Rows) -> NDArray[np.bool_]:
        """Of some people, who meets the conditions that are the same in all variants."""
        columns, axes = columns_of(people, self.programs)
        holds = np.ones(len(rows), bool)
        for gate in self.gates:
            if is_steady(gate):
                holds &= gate.points[0][gate.codes(columns, axes, rows)] != 0
        return holds

    def loop(self, people: People, rows: Rows, on: date, threads: int) -> tuple[Loop, int]:
        """The compiled loop over some people, and the least total of all variants. Raises TooLarge
        where points do not fit into it."""
        columns, axes = columns_of(people, self.programs)
        root, constants, coded_points = split([p.tree for p in self.programs], self.points)
        gates = [gate for gate in self.gates if not is_steady(gate)]
        varying = [self.points[n] for n in coded_points] + gates
        structure = structure_of(root, varying, len(gates), self.programs)

        def codes(leaf: Leaf) -> Codes:
            return leaf.codes(columns, axes, rows)

        def points(number: int) -> NDArray[np.int32]:
            leaf = self.points[number]
            return np.asarray(leaf.points[0][codes(leaf)])

        steady = sorted({leaf for constant in constants for leaf in constant.every})
        with ThreadPoolExecutor(threads) as pool:
            coded = list(pool.map(codes, varying))
            known = dict(zip(steady, pool.map(points, steady), strict=True))
        same = [constant.values(known).astype(np.int16) for constant in constants]
        limits = limit_rows(root, self.programs, on)
        tables = rows_of(varying, structure.widths)
        return Loop(structure, coded, same, tables, limits), structure.least


def columns_of(
    people: People, programs: Sequence[Program]
) -> tuple[dict[str, NDArray[Any]], dict[str, Axis]]:
    """The columns of some people and their axes, with the derived numbers of all programs."""
    derived = {key: one for program in programs for key, one in program.derived.items()}
    return add_derived(people.columns(programs[0]), programs[0].axes, derived)


@dataclass(frozen=True, eq=False)
class Part:
    """Some people in the order of their groups. `counts`: which counts their loop adds to:
    `reached`, `at_most` (who reaches or could reach) and `sums` of totals."""

    tables: Tables
    rows: Rows
    starts: list[int]
    counts: frozenset[str]


def parts_of(
    people: People, programs: tuple[Program, ...], codes: NDArray[np.uint8], groups: int
) -> list[Part]:
    """Everybody whose values can be used, in parts that are counted alike, but for those of whom a
    fact is unknown that several indicators read (`sharing_rows`). `codes`: the group of each
    person. Raises TableError where an indicator needs more than 256 codes, TooLarge where it
    needs so many only for people of whom something is unknown."""
    known, unknown = rows_of_people(people, programs[0])
    unknown = unknown[~sharing_rows(people, programs, unknown)]
    plain = Tables.of(programs)
    holds = plain.steady_gates_hold(people, known)
    parts = [
        _part(plain, known[holds], codes, groups, "reached", "at_most", "sums"),
        _part(plain, known[~holds], codes, groups, "sums"),
    ]
    if len(unknown):
        for count, tables in zip(("reached", "at_most"), _both_ends(programs), strict=True):
            meet = tables.steady_gates_hold(people, unknown)
            parts.append(_part(tables, unknown[meet], codes, groups, count))
    return [part for part in parts if len(part.rows)]


def _both_ends(programs: tuple[Program, ...]) -> tuple[Tables, Tables]:
    try:
        return Tables.of(programs, "least"), Tables.of(programs, "most")
    except TableError as error:
        raise TooLarge from error


def sharing_rows(people: People, programs: tuple[Program, ...], rows: Rows) -> NDArray[np.bool_]:
    """Of some people, those of whom a fact is unknown that several indicators of a variant read:
    the ends of such indicators do not add up, so the bounds of a score are asked for them."""
    readers = [
        Counter(ident for table in program.points for ident in program.facts_read_by(table))
        for program in dict.fromkeys(programs)
    ]
    shared = {ident for one in readers for ident, indicators in one.items() if indicators > 1}
    # a derived number whose facts are not all known is asked for as well
    derived = (one for program in dict.fromkeys(programs) for one in program.derived.values())
    shared |= {ident for one in derived for ident in one.formula.list_facts()}
    columns, axes = people.columns(programs[0]), programs[0].axes
    unknown = np.zeros(len(rows), bool)
    for ident in shared & set(axes):
        unknown |= columns[ident][rows] == axes[ident].absent
    return unknown


def rows_of_people(people: People, program: Program) -> tuple[Rows, Rows]:
    """The people of whom every fact is known, and the others; without unusable values."""
    usable = np.ones(people.count, bool) if people.faulty is None else ~people.faulty
    unknown = people.unknown(program)
    unknown = unknown[usable[unknown]]
    usable[unknown] = False
    return np.flatnonzero(usable), unknown


def _part(tables: Tables, rows: Rows, codes: NDArray[np.uint8], groups: int, *counts: str) -> Part:
    own = codes[rows]
    order = np.argsort(own, kind="stable") if groups > 1 else np.arange(len(rows))
    starts = np.searchsorted(own[order], np.arange(groups + 1)) if groups > 1 else [0, len(rows)]
    return Part(tables, rows[order], [int(start) for start in starts], frozenset(counts))


def spans_of(part: Part, size: int) -> Sequence[tuple[int, int, int]]:
    """(group, start, end) of stretches of at most `size` people of one group."""
    ends = zip(part.starts, part.starts[1:], strict=False)
    return [
        (group, start, min(start + size, end))
        for group, (begin, end) in enumerate(ends)
        for start in range(begin, end, size)
    ]
