"""What is counted on the way: whole numbers only, so that the order of blocks does not matter."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population import Grouping
from jifen.lab.years.reasons import LossReason

COUNTS = (
    "people",
    "admissible",
    "reached",
    "undecided",
    "newly",
    "lost",
    "entered",
    "gone",
    "settled",
    "known",
    "total",
)
"""people: here. admissible: surely meet the conditions, without a veto. reached: surely at the
line. undecided: perhaps. newly, lost: here both years, and surely at the line in one of them only.
entered: came this year and reached. gone, settled: reached last year, and left of themselves or by
settling.
known, total: people of whom every fact is known, and the sum of their scaled totals."""
_AT = {name: number for number, name in enumerate(COUNTS)}


@dataclass(slots=True)
class Tally:
    """`counts` int64 of shape (policies, years + 1, 1 + groups, len(COUNTS)): everybody first.
    `first` int64 (policies, years + 1): of the given people surely under the line at the start, how
    many first reach it in that year; `left` those who left before. `why` by policy and year."""

    counts: NDArray[np.int64]
    first: NDArray[np.int64]
    left: NDArray[np.int64]
    under: NDArray[np.int64]
    why: dict[tuple[int, int], Counter[LossReason]] = field(default_factory=dict)

    @classmethod
    def make_empty(cls, policies: int, years: int, groups: int) -> "Tally":
        """Nothing counted yet."""
        return cls(
            np.zeros((policies, years + 1, 1 + groups, len(COUNTS)), np.int64),
            np.zeros((policies, years + 1), np.int64),
            np.zeros(policies, np.int64),
            np.zeros(policies, np.int64),
        )

    def add_people(
        self,
        policy: int,
        year: int,
        name: str,
        who: NDArray[np.bool_],
        groups: Grouping | None,
        amounts: NDArray[np.int64] | None = None,
    ) -> None:
        """Count some people (or sum up their amounts), in all and by group."""
        cells = self.counts[policy, year, :, _AT[name]]
        chosen = None if amounts is None else amounts[who]
        cells[0] += np.count_nonzero(who) if chosen is None else chosen.sum()
        if groups is not None:
            size = len(groups.labels)
            # sums of whole points are exact in float64 far beyond any number of people
            sums = np.bincount(groups.codes[who], chosen, minlength=size)
            cells[1:] += sums.astype(np.int64)

    def add_tally(self, other: "Tally") -> None:
        """Take in what was counted elsewhere."""
        self.counts += other.counts
        self.first += other.first
        self.left += other.left
        self.under += other.under
        for key, counted_reasons in other.why.items():
            self.why.setdefault(key, Counter()).update(counted_reasons)
