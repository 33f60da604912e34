"""Bounds for rows with unknown facts. Each table gets one more stretch for 'absent', which holds
the least and the most outcome of the other stretches.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.policy.derived_mechanism import find_one_way
from jifen.policy.joint_sets import find_sharing
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.derived_numbers import add_derived
from jifen.scoring.population.factors import multiply_array, widen_arrays
from jifen.scoring.population.joint_totals import BatchJointTotals
from jifen.scoring.population.loop_emitter import ELIGIBLE, REACHED, VETOED
from jifen.scoring.population.program import Program
from jifen.scoring.population.tables import OutcomeTable
from jifen.scoring.tree import GroupNode

UNKNOWN_SHIFT = 3
"""A flag that is unknown is stored as its bit shifted left by this many places."""
ArrayBounds = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True)
class BatchBounds:
    """For some rows: least and most total (int32), flags (uint8), least and most of each line;
    `exact` (bool): whether the total's ends are the narrowest that hold, as in an assessment."""

    least: NDArray[np.int32]
    most: NDArray[np.int32]
    flags: NDArray[np.uint8]
    lines: list[ArrayBounds]
    exact: NDArray[np.bool_]

    @classmethod
    def concatenate(cls, parts: list["BatchBounds"]) -> "BatchBounds":
        """The bounds of several groups of rows, one after another."""
        lines = zip(*(part.lines for part in parts), strict=True)

        def join_end(of: tuple[ArrayBounds, ...], index: int) -> NDArray[np.int32]:
            return np.concatenate([ends[index] for ends in of])

        return cls(
            np.concatenate([part.least for part in parts]),
            np.concatenate([part.most for part in parts]),
            np.concatenate([part.flags for part in parts]),
            [(join_end(of, 0), join_end(of, 1)) for of in lines],
            np.concatenate([part.exact for part in parts]),
        )


class _BoundedTable:
    """A table with stretches for absent facts."""

    def __init__(self, table: OutcomeTable, axes: dict[str, Axis]) -> None:
        self.facts = table.facts
        self._stretch = [
            _map_codes_to_stretches(axes[fact_id], starts)
            for fact_id, starts in zip(table.facts, table.starts, strict=True)
        ]
        least = most = table.cells
        for axis in range(table.cells.ndim):
            least = np.concatenate([least, least.min(axis, keepdims=True)], axis)
            most = np.concatenate([most, most.max(axis, keepdims=True)], axis)
        self._shape, self._least, self._most = least.shape, least.ravel(), most.ravel()

    def bound_rows(
        self, codes: Mapping[str, NDArray[Any]], rows: int, fixed: Mapping[str, int] | None = None
    ) -> ArrayBounds:
        """The least and the most outcome of each row; `fixed`: codes that count for all rows."""
        cell = np.zeros(rows, np.intp)
        for fact_id, stretch, size in zip(self.facts, self._stretch, self._shape, strict=True):
            code = codes[fact_id] if fixed is None or fact_id not in fixed else fixed[fact_id]
            cell = cell * size + stretch[code]
        return self._least[cell], self._most[cell]


class _DerivedTable:
    """A table over derived numbers. Every possible answer to the absent facts is evaluated, as in
    the plain evaluator, and the derived numbers are computed from it. Of a fact that only derived
    numbers read, and with which points move one way, the two ends are enough."""

    def __init__(
        self,
        table: OutcomeTable,
        program: Program,
        answers: Mapping[str, Any],
        directions: Mapping[str, int],
    ) -> None:
        self._axes = dict(program.axes)
        self._derived = {key: program.derived[key] for key in table.facts if key in program.derived}
        self.facts = program.facts_read_by(table)
        self._table = _BoundedTable(
            table,
            self._axes
            | {
                derived_key: derived_axis.axis
                for derived_key, derived_axis in self._derived.items()
            },
        )
        self._codes = {
            fact_id: sorted({self._axes[fact_id].encode(value) for value in answers[fact_id]})
            for fact_id in self.facts
        }
        self._worst_and_best = {
            fact_id: (codes[0], codes[-1]) if directions[fact_id] > 0 else (codes[-1], codes[0])
            for fact_id, codes in self._codes.items()
            if fact_id in directions
        }

    def bound_rows(
        self, codes: Mapping[str, NDArray[Any]], rows: int, fixed: Mapping[str, int] | None = None
    ) -> ArrayBounds:
        """As those of a table without derived numbers."""
        columns = {
            fact_id: np.full(rows, fixed[fact_id]) if fixed and fact_id in fixed else codes[fact_id]
            for fact_id in self.facts
        }
        gaps = {
            fact_id: column == self._axes[fact_id].absent for fact_id, column in columns.items()
        }
        gaps = {fact_id: absent for fact_id, absent in gaps.items() if absent.any()}
        one_way = {fact_id: gaps.pop(fact_id) for fact_id in self._worst_and_best.keys() & gaps}
        worst, best = (
            {
                fact_id: np.where(absent, self._worst_and_best[fact_id][end], columns[fact_id])
                for fact_id, absent in one_way.items()
            }
            for end in (0, 1)
        )
        least = most = None
        for combination in product(*(self._codes[fact_id] for fact_id in gaps)):
            filled = {
                fact_id: np.where(absent, code, columns[fact_id])
                for (fact_id, absent), code in zip(gaps.items(), combination, strict=True)
            }
            low = self._score_rows({**columns, **filled, **worst}, rows)
            high = self._score_rows({**columns, **filled, **best}, rows) if one_way else low
            least = low if least is None else np.minimum(least, low)
            most = high if most is None else np.maximum(most, high)
        return least, most  # type: ignore[return-value]

    def _score_rows(self, columns: dict[str, NDArray[Any]], rows: int) -> NDArray[np.int32]:
        """The outcome of rows of which everything is known."""
        all_columns, _ = add_derived(columns, self._axes, self._derived)
        return self._table.bound_rows(all_columns, rows)[0]


def _map_codes_to_stretches(axis: Axis, starts: tuple[int, ...]) -> NDArray[np.intp]:
    """Code → number of its stretch; the absent code → one after the last."""
    stretch = np.searchsorted(starts, np.arange(axis.absent + 1), side="right") - 1
    stretch[axis.absent] = len(starts)
    return stretch.astype(np.intp)


class Bounder:
    """Bounds under one program."""

    def __init__(self, program: Program) -> None:
        axes = dict(program.axes)
        self._program = program
        self._points = [
            self._build_derived_table(number, table)
            if program.derived.keys() & set(table.facts)
            else _BoundedTable(table, axes)
            for number, table in enumerate(program.points)
        ]
        self._conditions = [_BoundedTable(table, axes) for table in program.conditions]
        self._vetoes = [_BoundedTable(table, axes) for table in program.vetoes]
        self._ways = [_BoundedTable(table, axes) for table in program.ways]
        self._joint = BatchJointTotals(program, self._points)

    def _build_derived_table(self, index: int, table: OutcomeTable) -> _DerivedTable:
        rules = self._program.rules
        answers = find_sharing(rules).answers[index]
        return _DerivedTable(table, self._program, answers, find_one_way(rules.indicators[index]))

    def bound_scores(
        self, codes: dict[str, NDArray[Any]], threshold: int | NDArray[np.int32]
    ) -> BatchBounds:
        """Bounds of the rows whose codes are given, each an array of one length. `line`: for all
        rows, or one for each (days on which it differs)."""
        rows = len(next(iter(codes.values()), ()))
        lines = [table.bound_rows(codes, rows) for table in self._points]
        least, most = _tally_group(self._program.tree, lines, rows)
        exact = self._joint.narrow_totals(codes, lines, least, most)
        if self._program.floor is not None:
            least, most = (np.maximum(end, self._program.floor) for end in (least, most))
        flags = self._build_flags(codes, rows, (least >= threshold, most >= threshold))
        for number in self._program.multiplier_lines:  # a multiplier has no points of its own
            lines[number] = (np.zeros(rows, np.int32),) * 2
        return BatchBounds(least, most, flags, lines, exact | (least == most))

    def find_failing(self, codes: dict[str, NDArray[Any]], rows: int) -> list[NDArray[np.bool_]]:
        """For each condition and then each veto, the rows (of known facts) in which it fails or
        stands."""
        conditions = [table.bound_rows(codes, rows)[0] == 0 for table in self._conditions]
        return conditions + [table.bound_rows(codes, rows)[0] != 0 for table in self._vetoes]

    def find_possibly_failing(
        self, codes: dict[str, NDArray[Any]], rows: int
    ) -> list[NDArray[np.bool_]]:
        """For each condition and then each veto, the rows in which it may fail, or may stand: what
        is unknown is taken for the worse."""
        conditions = [table.bound_rows(codes, rows)[0] == 0 for table in self._conditions]
        return conditions + [table.bound_rows(codes, rows)[1] != 0 for table in self._vetoes]

    def find_possibly_passing(
        self, codes: dict[str, NDArray[Any]], rows: int
    ) -> list[NDArray[np.bool_]]:
        """For each condition and then each veto, the rows in which it may hold, or may not stand:
        what is unknown is taken for the better."""
        conditions = [table.bound_rows(codes, rows)[1] != 0 for table in self._conditions]
        return conditions + [table.bound_rows(codes, rows)[0] == 0 for table in self._vetoes]

    def _build_flags(
        self, codes: dict[str, NDArray[Any]], rows: int, at_line: tuple[Any, Any]
    ) -> NDArray[np.uint8]:
        met = _all_hold([table.bound_rows(codes, rows) for table in self._conditions], rows)
        stands = [table.bound_rows(codes, rows) for table in self._vetoes]
        clear = _all_hold([(1 - most, 1 - least) for least, most in stands], rows)
        reached = [above & eligible for above, eligible in zip(at_line, met, strict=True)]
        for way, table in zip(self._program.rules.ways, self._ways, strict=True):
            for end, on_it in enumerate(table.bound_rows(codes, rows)):
                reached[end] = reached[end] | (
                    (on_it != 0) if way.waives_conditions else (on_it != 0) & met[end]
                )
        reached = [ends & not_vetoed for ends, not_vetoed in zip(reached, clear, strict=True)]
        vetoed = (~clear[1], ~clear[0])
        flags = np.zeros(rows, np.uint8)
        for bit, (surely, maybe) in ((ELIGIBLE, met), (VETOED, vetoed), (REACHED, reached)):
            flags |= np.where(surely, bit, np.where(maybe, bit << UNKNOWN_SHIFT, 0)).astype(
                np.uint8
            )
        return flags


def _all_hold(ends: list[ArrayBounds], rows: int) -> tuple[Any, Any]:
    """Whether all surely hold, and whether all may hold."""
    surely, maybe = np.ones(rows, bool), np.ones(rows, bool)
    for least, most in ends:
        surely &= least != 0
        maybe &= most != 0
    return surely, maybe


def _tally_group(node: GroupNode, lines: list[ArrayBounds], rows: int) -> ArrayBounds:
    members = [lines[line] for line in node.lines]
    members += [_tally_group(group, lines, rows) for group in node.groups]
    low, high = (_combine_ends(node, [ends[end] for ends in members], rows) for end in (0, 1))
    if node.rounding is not None:
        low, high = (multiply_array(node.rounding, points) for points in (low, high))
    for factor in node.factors:
        low, high = widen_arrays(factor, low, high, lines[factor.line])
    return low, high


def _combine_ends(node: GroupNode, parts: list[NDArray[np.int32]], rows: int) -> NDArray[np.int32]:
    total = np.zeros(rows, np.int32)
    for number, part in enumerate(parts):
        total = np.maximum(total, part) if node.best and number else total + part
    return total if node.most is None else np.minimum(total, node.most)


@lru_cache(maxsize=64)
def get_bounder(program: Program) -> Bounder:
    """The bounder of a program."""
    return Bounder(program)
