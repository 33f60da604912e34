"""What is counted in the years: whole numbers of people, or sums of weights."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population import Grouping
from jifen.lab.weights import Count, Weights, count_by_code, count_mask
from jifen.lab.years.reasons import LossReason, add_reasons

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
    """`counts` of shape (policies, years + 1, 1 + groups, len(COUNTS)): everybody first. `first`
    (policies, years + 1): of the given people surely under the line at the start, how many first
    reach it in that year; `left` those who left before. `why` by policy and year. All are int64,
    or float64 where people have weights."""

    counts: NDArray[Any]
    first: NDArray[Any]
    left: NDArray[Any]
    under: NDArray[Any]
    why: dict[tuple[int, int], dict[LossReason, Count]] = field(default_factory=dict)

    @classmethod
    def make_empty(
        cls, policies: int, years: int, groups: int, *, weighted: bool = False
    ) -> "Tally":
        """Nothing counted yet; `weighted`: sums of weights, which need not be whole."""
        dtype = np.float64 if weighted else np.int64
        return cls(
            np.zeros((policies, years + 1, 1 + groups, len(COUNTS)), dtype),
            np.zeros((policies, years + 1), dtype),
            np.zeros(policies, dtype),
            np.zeros(policies, dtype),
        )

    def add_people(
        self,
        policy: int,
        year: int,
        name: str,
        who: NDArray[np.bool_],
        groups: Grouping | None,
        *,
        amounts: NDArray[np.int64] | None = None,
        weights: Weights | None = None,
    ) -> None:
        """Count some people (or sum up their amounts) by their weights, in all and by group."""
        cells = self.counts[policy, year, :, _AT[name]]
        chosen = None if amounts is None else amounts[who]
        held = None if weights is None else weights[who]
        if chosen is None:
            cells[0] += count_mask(who, weights)
        else:
            cells[0] += chosen.sum() if held is None else held @ chosen
        if groups is not None:
            cells[1:] += count_by_code(groups.codes[who], len(groups.labels), held, chosen)

    def add_tally(self, other: "Tally") -> None:
        """Take in what was counted elsewhere."""
        self.counts += other.counts
        self.first += other.first
        self.left += other.left
        self.under += other.under
        for key, counted_reasons in other.why.items():
            self.why[key] = add_reasons(self.why.get(key, {}), counted_reasons)
