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
from jifen.lab.sweeps.leaves import Codes, End, Leaf, build_leaf
from jifen.lab.sweeps.loop import SweepLoop
from jifen.lab.sweeps.loop_inputs import (
    LoopTooLarge,
    build_gates,
    build_limit_rows,
    build_structure,
    build_table_rows,
    is_steady,
)
from jifen.lab.sweeps.variant_tree import split_tree
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.derived_numbers import add_derived
from jifen.scoring.population.program import Program

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class VariantTables:
    """Indicators and gates (conditions, vetoes turned round) of all variants. With an `end`, for
    people of whom something is unknown."""

    programs: tuple[Program, ...]
    points: list[Leaf]
    gates: list[Leaf]

    @classmethod
    def build_tables(cls, programs: tuple[Program, ...], end: End | None = None) -> "VariantTables":
        """Raises TableError where an indicator needs more than 256 codes."""
        points = [
            build_leaf(tables, end) for tables in zip(*(p.points for p in programs), strict=True)
        ]
        return cls(programs, points, build_gates(programs, end))

    def meets_steady_gates(self, people: People, rows: Rows) -> NDArray[np.bool_]:
        """Of some people, who meets the conditions that are the same in all variants."""
        columns, axes = collect_columns(people, self.programs)
        holds = np.ones(len(rows), bool)
        for gate in self.gates:
            if is_steady(gate):
                holds &= gate.points[0][gate.encode_people(columns, axes, rows)] != 0
        return holds

    def build_loop(
        self, people: People, rows: Rows, on: date, threads: int
    ) -> tuple[SweepLoop, int]:
        """The compiled loop over some people, and the least total of all variants. Raises TooLarge
        where points do not fit into it."""
        columns, axes = collect_columns(people, self.programs)
        root, constants, coded_points = split_tree([p.tree for p in self.programs], self.points)
        gates = [gate for gate in self.gates if not is_steady(gate)]
        varying = [self.points[n] for n in coded_points] + gates
        structure = build_structure(root, varying, len(gates), self.programs)

        def read_codes(leaf: Leaf) -> Codes:
            return leaf.encode_people(columns, axes, rows)

        def read_points(number: int) -> NDArray[np.int32]:
            leaf = self.points[number]
            return np.asarray(leaf.points[0][read_codes(leaf)])

        steady = sorted({leaf for constant in constants for leaf in constant.all_leaves})
        with ThreadPoolExecutor(threads) as pool:
            coded = list(pool.map(read_codes, varying))
            known = dict(zip(steady, pool.map(read_points, steady), strict=True))
        same = [constant.compute_values(known).astype(np.int16) for constant in constants]
        limits = build_limit_rows(root, self.programs, on)
        tables = build_table_rows(varying, structure.widths)
        return SweepLoop(structure, coded, same, tables, limits), structure.least


def collect_columns(
    people: People, programs: Sequence[Program]
) -> tuple[dict[str, NDArray[Any]], dict[str, Axis]]:
    """The columns of some people and their axes, with the derived numbers of all programs."""
    derived = {key: formula for program in programs for key, formula in program.derived.items()}
    return add_derived(people.get_columns(programs[0]), programs[0].axes, derived)


@dataclass(frozen=True, eq=False)
class CountedPart:
    """Some people in the order of their groups. `counts`: which counts their loop adds to:
    `reached`, `at_most` (who reaches or could reach) and `sums` of totals."""

    tables: VariantTables
    rows: Rows
    starts: list[int]
    counts: frozenset[str]


def split_people(
    people: People, programs: tuple[Program, ...], codes: NDArray[np.uint8], groups: int
) -> list[CountedPart]:
    """Everybody whose values can be used, in parts that are counted alike, but for those of whom a
    fact is unknown that several indicators read (`sharing_rows`). `codes`: the group of each
    person. Raises TableError where an indicator needs more than 256 codes, TooLarge where it
    needs so many only for people of whom something is unknown."""
    known, unknown = split_known_rows(people, programs[0])
    unknown = unknown[~mark_sharing_rows(people, programs, unknown)]
    plain = VariantTables.build_tables(programs)
    holds = plain.meets_steady_gates(people, known)
    parts = [
        _build_part(plain, known[holds], codes, groups, "reached", "at_most", "sums"),
        _build_part(plain, known[~holds], codes, groups, "sums"),
    ]
    if len(unknown):
        for count, tables in zip(("reached", "at_most"), _build_both_ends(programs), strict=True):
            meet = tables.meets_steady_gates(people, unknown)
            parts.append(_build_part(tables, unknown[meet], codes, groups, count))
    return [part for part in parts if len(part.rows)]


def _build_both_ends(programs: tuple[Program, ...]) -> tuple[VariantTables, VariantTables]:
    try:
        return VariantTables.build_tables(programs, "least"), VariantTables.build_tables(
            programs, "most"
        )
    except TableError as error:
        raise LoopTooLarge from error


def mark_sharing_rows(
    people: People, programs: tuple[Program, ...], rows: Rows
) -> NDArray[np.bool_]:
    """Of some people, those of whom a fact is unknown that several indicators of a variant read:
    the ends of such indicators do not add up, so the bounds of a score are asked for them."""
    readers = [
        Counter(ident for table in program.points for ident in program.facts_read_by(table))
        for program in dict.fromkeys(programs)
    ]
    shared = {
        ident
        for readers_of_part in readers
        for ident, indicators in readers_of_part.items()
        if indicators > 1
    }
    # a derived number whose facts are not all known is asked for as well
    derived = (
        formula for program in dict.fromkeys(programs) for formula in program.derived.values()
    )
    shared |= {ident for formula in derived for ident in formula.formula.list_facts()}
    columns, axes = people.get_columns(programs[0]), programs[0].axes
    unknown = np.zeros(len(rows), bool)
    for ident in shared & set(axes):
        unknown |= columns[ident][rows] == axes[ident].absent
    return unknown


def split_known_rows(people: People, program: Program) -> tuple[Rows, Rows]:
    """The people of whom every fact is known, and the others; without unusable values."""
    usable = np.ones(people.count, bool) if people.faulty is None else ~people.faulty
    unknown = people.find_unknown_rows(program)
    unknown = unknown[usable[unknown]]
    usable[unknown] = False
    return np.flatnonzero(usable), unknown


def _build_part(
    tables: VariantTables, rows: Rows, codes: NDArray[np.uint8], groups: int, *counts: str
) -> CountedPart:
    own = codes[rows]
    order = np.argsort(own, kind="stable") if groups > 1 else np.arange(len(rows))
    starts = np.searchsorted(own[order], np.arange(groups + 1)) if groups > 1 else [0, len(rows)]
    return CountedPart(tables, rows[order], [int(start) for start in starts], frozenset(counts))


def list_spans(part: CountedPart, size: int) -> Sequence[tuple[int, int, int]]:
    """(group, start, end) of stretches of at most `size` people of one group."""
    ends = zip(part.starts, part.starts[1:], strict=False)
    return [
        (group, start, min(start + size, end))
        for group, (begin, end) in enumerate(ends)
        for start in range(begin, end, size)
    ]
