"""Programs of many variants → one code per person and indicator, and points by code and variant.

Over the stretches of all variants together an indicator is one table per variant; cells that no
variant tells apart share a code. What is left is at most 256 codes: one byte a person. For people
of whom something is unknown there are two leaves more, with a stretch for 'absent' that holds the
least, or the most, of the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jifen.lab.words import say
from jifen.policy.text import Text
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.coding import look_up_codes
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import Program
from jifen.scoring.population.tables import OutcomeTable

End = Literal["least", "most"]
Columns = Mapping[str, NDArray[Any]]
Rows = NDArray[np.intp]
Codes = NDArray[np.uint8]
MOST_CODES = 256
_BLOCK = 1 << 18


@dataclass(frozen=True, eq=False)
class Leaf:
    """An indicator (or condition) over all variants: how to code people, and `points` int32 of
    shape (variants, codes)."""

    id: str
    facts: tuple[str, ...]
    starts: tuple[tuple[int, ...], ...]
    code_of_cell: NDArray[np.uint8]
    points: NDArray[np.int32]
    end: End | None = None
    """Which end of an absent fact the points are; None: every fact must be known."""

    def encode_people(self, columns: Columns, axes: dict[str, Axis], rows: Rows | None) -> Codes:
        """The code of each person of some rows (None: everybody), uint8. Without an `end` an absent
        fact gives some code: such people are left out."""
        wide = self.end is not None
        stretches = [
            _number_stretches(axes[i], s, absent=wide)
            for i, s in zip(self.facts, self.starts, strict=True)
        ]
        count = len(next(iter(columns.values()))) if rows is None else len(rows)
        if len(self.facts) == 1:
            column = columns[self.facts[0]]
            chosen = column if rows is None else column[rows]
            return look_up_codes(self.code_of_cell[stretches[0]], chosen)
        leaf_codes = np.empty(count, np.uint8)
        for start in range(0, count, _BLOCK):
            span: Any = slice(start, start + _BLOCK)
            cell = np.zeros(len(leaf_codes[span]), np.intp)
            chosen = span if rows is None else rows[span]
            for ident, stretch, starts in zip(self.facts, stretches, self.starts, strict=True):
                cell = cell * (len(starts) + wide) + stretch[columns[ident][chosen]]
            leaf_codes[span] = self.code_of_cell[cell]
        return leaf_codes


def build_leaf(tables: Sequence[OutcomeTable], end: End | None = None) -> Leaf:
    """One indicator in every variant. Raises TableError where it needs more than 256 codes."""
    facts = tuple(dict.fromkeys(ident for table in tables for ident in table.facts))
    starts = tuple(_unite_starts(tables, ident) for ident in facts)
    shape = [len(starts_of_fact) for starts_of_fact in starts]
    kept: dict[int, NDArray[np.int32]] = {}
    rows = []
    for table in tables:
        if id(table) not in kept:
            kept[id(table)] = _add_absent(_spread_cells(table, facts, starts, shape), end).ravel()
        rows.append(kept[id(table)])
    different = np.unique(np.stack(list(kept.values())), axis=1, return_inverse=True)[1].ravel()
    codes = int(different.max()) + 1
    if codes > MOST_CODES:
        raise TableError([_describe_too_many(tables[0].id, codes)])
    first = np.array([int(np.argmax(different == code)) for code in range(codes)])
    points = np.stack([row[first] for row in rows])
    return Leaf(tables[0].id, facts, starts, different.astype(np.uint8), points, end)


def _add_absent(cells: NDArray[np.int32], end: End | None) -> NDArray[np.int32]:
    """The cells with a stretch more along each fact: the least or the most of the others."""
    if end is None:
        return cells
    worst_or_best = np.min if end == "least" else np.max
    for axis in range(cells.ndim):
        more = worst_or_best(cells, axis=axis, keepdims=True)
        cells = np.concatenate([cells, more], axis)
    return cells


def _unite_starts(tables: Sequence[OutcomeTable], ident: str) -> tuple[int, ...]:
    cuts = {0}
    for table in {id(table): table for table in tables}.values():
        if ident in table.facts:
            cuts.update(table.starts[table.facts.index(ident)])
    return tuple(sorted(cuts))


def _spread_cells(
    table: OutcomeTable,
    facts: tuple[str, ...],
    starts: tuple[tuple[int, ...], ...],
    shape: list[int],
) -> NDArray[np.int32]:
    """The cells of a table over finer stretches and further facts."""
    cells = table.cells
    order = [table.facts.index(ident) for ident in facts if ident in table.facts]
    cells = cells.transpose(order) if order else cells
    for axis, ident in enumerate(i for i in facts if i in table.facts):
        own = table.starts[table.facts.index(ident)]
        finer = starts[facts.index(ident)]
        cells = cells.take(np.searchsorted(own, finer, side="right") - 1, axis)
    for axis, ident in enumerate(facts):
        if ident not in table.facts:
            cells = np.expand_dims(cells, axis)
    return np.ascontiguousarray(np.broadcast_to(cells, shape))


def _number_stretches(axis: Axis, starts: tuple[int, ...], *, absent: bool) -> NDArray[np.intp]:
    """Code → number of its stretch; with `absent`, the absent code → one after the last."""
    every = np.arange(axis.absent + 1)
    stretch = np.searchsorted(np.array(starts), every, side="right").astype(np.intp) - 1
    if absent:
        stretch[axis.absent] = len(starts)
    return stretch


def _describe_too_many(ident: str, codes: int) -> Text:
    return say(
        "sweeps.leaves.the_indicator_has_different_cases",
        ident=ident,
        codes=codes,
        most_codes=MOST_CODES,
    )


def find_structure_faults(programs: Sequence[Program]) -> list[Any]:
    """Variants must differ in figures only: the same indicators, conditions and groups."""
    first = _structure_key(programs[0])
    wrong = any(_structure_key(program) != first for program in programs)
    words = say("sweeps.leaves.variants_may_differ_in_figures")
    if any(program.multiplier_lines for program in programs):
        return [say("sweeps.leaves.the_measure_multiplies_a_total")]
    if any(program.ways for program in programs):
        return [say("sweeps.leaves.the_measure_has_ways_without")]
    if any(program.has_products for program in programs):
        return [say("sweeps.leaves.the_measure_rounds_a_group")]
    return [words] if wrong else []


def _structure_key(program: Program) -> Any:
    tables = (program.points, program.conditions, program.vetoes)
    groups = tuple((group.id, group.parent, group.combine) for group in program.rules.groups)
    ids = tuple(tuple(table.id for table in part) for part in tables)
    return ids, groups, program.scale, program.floor is None
