"""Totals of people of whom a fact is unknown that several indicators read: the same plans as for
one person (`scoring.joint_bounds`), over all rows in which the same is open.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from jifen.policy.joint_sets import JointSet, Sharing, find_sharing
from jifen.scoring.joint_bounds import (
    FixedFacts,
    JointBounds,
    MinMax,
    PointBounds,
    plan_joint_bounds,
)
from jifen.scoring.population.factors import multiply_array, widen_arrays
from jifen.scoring.population.program import Program

ARRAY_MIN_MAX = MinMax(np.minimum, np.maximum, widen_arrays, multiply_array)
Codes = Mapping[str, NDArray[Any]]
Rows = NDArray[np.intp]


class WideTable(Protocol):
    """A table with a stretch for 'absent'."""

    def bound_rows(
        self, codes: Codes, rows: int, fixed: FixedFacts | None = None
    ) -> PointBounds: ...


class BatchJointTotals:
    """Totals under one program, for rows in which indicators share an absent fact."""

    def __init__(self, program: Program, points: Sequence[WideTable]) -> None:
        self._program, self._points = program, points
        readers = Counter(
            fact_id for table in program.points for fact_id in program.facts_read_by(table)
        )
        self._shared = [fact_id for fact_id, lines in readers.items() if lines > 1]
        self._lines = [
            number
            for number, table in enumerate(program.points)
            if not set(self._shared).isdisjoint(program.facts_read_by(table))
        ]

    @cached_property
    def _sharing(self) -> Sharing:
        return find_sharing(self._program.rules)

    def narrow_totals(
        self, codes: Codes, lines: Sequence[PointBounds], least: NDArray[Any], most: NDArray[Any]
    ) -> NDArray[np.bool_]:
        """Put the totals that are narrower into `least` and `most` (before the floor); gives the
        rows whose totals are the narrowest that hold."""
        exact = np.ones(len(least), bool)
        for rows, absent in self._group_by_pattern(codes, lines):
            sets = self._sharing.find_joint_sets(absent)
            exact[rows] = all(joint.exact for joint in sets)
            if any(joint.exact for joint in sets):
                least[rows], most[rows] = self._bound_totals(codes, lines, rows, sets, absent)
        return exact

    def _group_by_pattern(
        self, codes: Codes, lines: Sequence[PointBounds]
    ) -> Iterator[tuple[Rows, dict[int, list[str]]]]:
        """Rows in which the same shared facts are absent and the same lines are open, with the
        absent facts of each open line."""
        axes = self._program.axes
        unknown = np.zeros(len(next(iter(codes.values()), ())), bool)
        for fact_id in self._shared:
            unknown |= codes[fact_id] == axes[fact_id].absent
        rows = np.flatnonzero(unknown)
        if not len(rows):
            return
        facts_read = {number: self._facts_read_by(number) for number in self._lines}
        facts = list(
            dict.fromkeys(fact_id for fact_ids in facts_read.values() for fact_id in fact_ids)
        )
        bits = [codes[fact_id][rows] == axes[fact_id].absent for fact_id in facts]
        bits += [lines[number][0][rows] != lines[number][1][rows] for number in self._lines]
        patterns, pattern_of_row = np.unique(np.stack(bits, axis=1), axis=0, return_inverse=True)
        for pattern_number, pattern in enumerate(patterns):
            absent_facts = {fact_id for fact_id, bit in zip(facts, pattern, strict=False) if bit}
            open_bits = pattern[len(facts) :]
            yield (
                rows[pattern_of_row.ravel() == pattern_number],
                {
                    number: [fact_id for fact_id in facts_read[number] if fact_id in absent_facts]
                    for number, bit in zip(self._lines, open_bits, strict=True)
                    if bit
                },
            )

    def _facts_read_by(self, number: int) -> list[str]:
        return [
            fact_id for fact_id in self._sharing.answers[number] if fact_id in self._program.axes
        ]

    def _bound_totals(
        self,
        codes: Codes,
        lines: Sequence[PointBounds],
        rows: Rows,
        sets: Sequence[JointSet],
        absent: Mapping[int, list[str]],
    ) -> PointBounds:
        together = {number for joint in sets if joint.exact for number in joint.indicators}
        facts = {fact_id for joint in sets if joint.exact for fact_id in joint.facts}
        own_codes = {fact_id: column[rows] for fact_id, column in codes.items()}

        def bound_indicator(number: int, fixed: FixedFacts) -> PointBounds:
            if number in together and fixed:
                return self._points[number].bound_rows(own_codes, len(rows), fixed)
            return lines[number][0][rows], lines[number][1][rows]

        values = {fact_id: self._possible_codes(fact_id) for fact_id in facts}
        plan = plan_joint_bounds(self._program.tree, sets, absent)
        return JointBounds(values, bound_indicator, ARRAY_MIN_MAX, use_cache=False).bound_group(
            plan
        )

    def _possible_codes(self, fact_id: str) -> list[int]:
        """The codes of all that a shared fact may be."""
        axis = self._program.axes[fact_id]
        answers = self._sharing.shared.get(fact_id) or ()
        return sorted({axis.encode(value) for value in answers})
