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
from jifen.scoring.population.program import Program

ARRAY_MIN_MAX = MinMax(np.minimum, np.maximum)
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
            ident for table in program.points for ident in program.facts_read_by(table)
        )
        self._shared = [ident for ident, lines in readers.items() if lines > 1]
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
        for ident in self._shared:
            unknown |= codes[ident] == axes[ident].absent
        rows = np.flatnonzero(unknown)
        if not len(rows):
            return
        read = {number: self._facts_read_by(number) for number in self._lines}
        facts = list(dict.fromkeys(ident for idents in read.values() for ident in idents))
        bits = [codes[ident][rows] == axes[ident].absent for ident in facts]
        bits += [lines[number][0][rows] != lines[number][1][rows] for number in self._lines]
        patterns, which = np.unique(np.stack(bits, axis=1), axis=0, return_inverse=True)
        for place, pattern in enumerate(patterns):
            gone = {ident for ident, bit in zip(facts, pattern, strict=False) if bit}
            open_ = pattern[len(facts) :]
            yield (
                rows[which.ravel() == place],
                {
                    number: [ident for ident in read[number] if ident in gone]
                    for number, bit in zip(self._lines, open_, strict=True)
                    if bit
                },
            )

    def _facts_read_by(self, number: int) -> list[str]:
        return [ident for ident in self._sharing.answers[number] if ident in self._program.axes]

    def _bound_totals(
        self,
        codes: Codes,
        lines: Sequence[PointBounds],
        rows: Rows,
        sets: Sequence[JointSet],
        absent: Mapping[int, list[str]],
    ) -> PointBounds:
        together = {number for joint in sets if joint.exact for number in joint.indicators}
        facts = {ident for joint in sets if joint.exact for ident in joint.facts}
        own = {ident: column[rows] for ident, column in codes.items()}

        def bound_indicator(number: int, fixed: FixedFacts) -> PointBounds:
            if number in together and fixed:
                return self._points[number].bound_rows(own, len(rows), fixed)
            return lines[number][0][rows], lines[number][1][rows]

        values = {ident: self._possible_codes(ident) for ident in facts}
        plan = plan_joint_bounds(self._program.tree, sets, absent)
        return JointBounds(values, bound_indicator, ARRAY_MIN_MAX, use_cache=False).bound_group(
            plan
        )

    def _possible_codes(self, ident: str) -> list[int]:
        """The codes of all that a shared fact may be."""
        axis = self._program.axes[ident]
        answers = self._sharing.shared.get(ident) or ()
        return sorted({axis.encode(value) for value in answers})
