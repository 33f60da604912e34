"""Figures that are told as ranges: what a reform does to the people at the line, the line for a
quota, the shares and ratios of groups. Each is worked out from everybody's classes and the weight
of each, so that other weights need no other scoring."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.scoring import ScoredPeople
from jifen.lab.weights import Weights, count_by_code, find_lowest_place
from jifen.policy.text import Text

Scored = Sequence[ScoredPeople]
"""Everybody under today's rules, and under the reform where there is one."""
Estimate = Callable[[Weights], float]
EVERYBODY = slice(None)


@dataclass(frozen=True)
class RangedFigure(ABC):
    """A figure with its unit: `people`, `points`, `share` or `ratio`."""

    id: str
    label: Text
    unit: str

    @abstractmethod
    def prepare_estimate(self, scored: Scored, rows: slice) -> Estimate:
        """What gives the figure of some rows by their weights."""

    @abstractmethod
    def find_ends(self, scored: Scored, weights: Weights) -> tuple[float, float]:
        """The figure with every unknown fact at its worst and at its best."""


@dataclass(frozen=True)
class ReachedFigure(RangedFigure):
    """People surely at the line after a reform (`after`), who gain or lose it for sure (`gains`,
    `loses`), and the difference to today (`net`)."""

    flow: str

    def prepare_estimate(self, scored: Scored, rows: slice) -> Estimate:
        """The people of some rows."""
        before, after = scored[0], scored[-1]
        counted: NDArray[Any]
        if self.flow == "after":
            counted = after.reached[rows].astype(np.int8)
        elif self.flow == "gains":
            counted = (before.not_reached & after.reached)[rows].astype(np.int8)
        elif self.flow == "loses":
            counted = (before.reached & after.not_reached)[rows].astype(np.int8)
        else:
            counted = after.reached[rows].astype(np.int8) - before.reached[rows].astype(np.int8)
        return lambda weights: float(weights @ counted)

    def find_ends(self, scored: Scored, weights: Weights) -> tuple[float, float]:
        """The least and the most people."""
        before, after = scored[0], scored[-1]
        lows = before.reached, after.reached
        highs = lows[0] | before.perhaps, lows[1] | after.perhaps
        if self.flow == "after":
            ends = lows[1], highs[1]
        elif self.flow == "gains":
            ends = before.not_reached & lows[1], ~lows[0] & highs[1] & before.everybody
        elif self.flow == "loses":
            ends = lows[0] & after.not_reached, highs[0] & ~lows[1]
        else:
            least = lows[1].astype(np.int8) - highs[0].astype(np.int8)
            most = highs[1].astype(np.int8) - lows[0].astype(np.int8)
            return float(weights @ least), float(weights @ most)
        return float(weights @ ends[0]), float(weights @ ends[1])


@dataclass(frozen=True)
class QuotaFigure(RangedFigure):
    """The lowest line that admits no more than so many of `people`."""

    admit: int
    people: float

    def prepare_estimate(self, scored: Scored, rows: slice) -> Estimate:
        """The line for the same part of these rows as the quota is of everybody."""
        after = scored[-1]
        return self._prepare_line(after, after.total, after.admissible, rows)

    def find_ends(self, scored: Scored, weights: Weights) -> tuple[float, float]:
        """The line at the least and at the most totals."""
        after = scored[-1]
        most = after.total.astype(np.int64)
        most[after.unknown_rows] = after.most
        may = after.admissible | after.perhaps_admissible
        lowest = self._prepare_line(after, after.total, after.admissible, EVERYBODY)
        highest = self._prepare_line(after, most, may, EVERYBODY)
        return lowest(weights), highest(weights)

    def _prepare_line(
        self, scored: ScoredPeople, totals: NDArray[Any], mask: NDArray[np.bool_], rows: slice
    ) -> Estimate:
        program, usable = scored.program, scored.everybody[rows]
        held = mask[rows]
        places = totals[rows][held].astype(np.int64) - program.least
        bins = program.most - program.least + 1

        def find_line(weights: Weights) -> float:
            wanted = self.admit / self.people * float(weights[usable].sum())
            over = np.cumsum(count_by_code(places, bins, weights[held])[::-1])[::-1]
            return (find_lowest_place(over, wanted) + program.least) / program.scale

        return find_line


@dataclass(frozen=True)
class ShareFigure(RangedFigure):
    """The share of a group that is surely at the line (`side` 0: today, -1: under the reform); of
    `beside`, another group, how many times its share that is."""

    side: int
    members: NDArray[np.bool_]
    beside: NDArray[np.bool_] | None = None

    def prepare_estimate(self, scored: Scored, rows: slice) -> Estimate:
        """The share, or the ratio, of some rows."""
        side = scored[self.side]
        usable, reached = side.everybody[rows], side.reached[rows]
        group = self.members[rows] & usable
        other = None if self.beside is None else self.beside[rows] & usable

        def find_share(weights: Weights) -> float:
            share = _find_share(weights, group, reached)
            return share if other is None else _divide(share, _find_share(weights, other, reached))

        return find_share

    def find_ends(self, scored: Scored, weights: Weights) -> tuple[float, float]:
        """With every unknown fact at its worst for the group (and best for the other), and the
        other way."""
        side = scored[self.side]
        low, high = side.reached, side.reached | side.perhaps
        group = self.members & side.everybody
        least, most = (_find_share(weights, group, reached) for reached in (low, high))
        if self.beside is None:
            return least, most
        other = self.beside & side.everybody
        fewest, all_ = (_find_share(weights, other, reached) for reached in (low, high))
        return _divide(least, all_), _divide(most, fewest)


def _find_share(weights: Weights, members: NDArray[np.bool_], reached: NDArray[np.bool_]) -> float:
    return _divide(float(weights @ (members & reached)), float(weights @ members))


def _divide(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
