"""The months of many persons at once: one row for each person, one column for each month.

What `jifen.facts.contributions.History` says of one person, for a block of persons that share the
last month that may count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.facts.contributions import SCHEMES, STATUSES
from jifen.policy.model import ContributionRules

Ints = NDArray[Any]
Flags = NDArray[np.bool_]
_PAID, _DEFERRED = STATUSES.index("paid"), STATUSES.index("deferred")
_CELLS = 1 << 22
_STEP = 12


@dataclass(frozen=True, slots=True)
class SpellArrays:
    """Sound spells, one array each: `person` as a row number, months, fen, status, bits."""

    person: Ints
    since: Ints
    until: Ints
    base: Ints
    status: Ints
    schemes: Ints

    def take(self, index: Ints | slice) -> "SpellArrays":
        """Some of them."""
        return SpellArrays(*(getattr(self, name)[index] for name in SpellArrays.__slots__))

    def select_scheme(self, scheme: str) -> "SpellArrays":
        """Those of one scheme."""
        return self.take((self.schemes >> SCHEMES.index(scheme)) & 1 == 1)


def find_last_months(
    spells: SpellArrays, people: int, rules: ContributionRules, filing: int, over: int
) -> Ints:
    """The last month that may count for each person, int32 (as `contributions.last_month`)."""
    last = filing if rules.includes_filing_month else over
    if last < filing:
        return np.full(people, last, np.int32)
    counts = np.ones(people, np.bool_)
    for scheme in rules.schemes:
        has_month = np.zeros(people, np.bool_)
        has_month[_select_counting(spells.select_scheme(scheme), rules, last).person] = True
        counts &= has_month
    return np.where(counts, last, last - 1).astype(np.int32)


def _select_counting(spells: SpellArrays, rules: ContributionRules, month: int) -> SpellArrays:
    """The spells by which a month counts."""
    recognised = any(term.since <= month <= term.until for term in rules.deferred)
    good = (spells.status == _PAID) | ((spells.status == _DEFERRED) & recognised)
    return spells.take(good & (spells.since <= month) & (spells.until >= month))


class MonthBlock:
    """Persons 0 … people−1 with one last month; `width` months that end with it."""

    def __init__(
        self, spells: SpellArrays, people: int, last: int, width: int, rules: ContributionRules
    ) -> None:
        self.people, self.last, self.width = people, last, width
        self._spells, self._rules = spells, rules
        self._counts: dict[tuple[str, ...], Flags] = {}
        self._bases: dict[tuple[str, int], Ints] = {}

    def counts_by_month(self, scheme: str | None = None) -> Flags:
        """Whether each month counts, for one scheme or for all that the measure asks for."""
        wanted = (scheme,) if scheme else self._rules.schemes
        if wanted not in self._counts:
            counting = self._counts_for_scheme(wanted[0])
            for other in wanted[1:]:
                counting = counting & self._counts_for_scheme(other)
            self._counts[wanted] = counting
        return self._counts[wanted]

    def _counts_for_scheme(self, scheme: str) -> Flags:
        if (scheme,) in self._counts:
            return self._counts[scheme,]
        spells = self._spells.select_scheme(scheme)
        edges = np.zeros((self.people, self.width + 1), np.int8)
        paid = spells.take(spells.status == _PAID)
        self._add_edges(edges, paid, paid.since, paid.until, np.int8(1))
        deferred = spells.take(spells.status == _DEFERRED)
        for term in self._rules.deferred:
            since = np.maximum(deferred.since, term.since)
            self._add_edges(
                edges, deferred, since, np.minimum(deferred.until, term.until), np.int8(1)
            )
        counting = np.cumsum(edges[:, :-1], axis=1, dtype=np.int8) > 0
        self._counts[scheme,] = counting
        return counting

    def _add_edges(
        self, edges: Ints, spells: SpellArrays, since: Ints, until: Ints, value: Any
    ) -> None:
        """Add `value` to the months of each spell, as a step up and a step down.

        Spells of one scheme and person do not overlap, so no two begin, or end, in one cell.
        """
        width = edges.shape[1] - 1
        start = np.maximum(since.astype(np.int32) - self.last + width - 1, 0)
        end = np.minimum(until.astype(np.int32) - self.last + width, width)
        inside = (end > start) & (start < width)
        rows = spells.person[inside]
        up = value[inside] if isinstance(value, np.ndarray) else value
        edges[rows, start[inside]] += up
        edges[rows, end[inside]] -= up

    def bases_by_month(self, scheme: str | None, width: int) -> Ints:
        """Bases of the last months in fen plus one, int32; 0 where none is given."""
        wanted = (scheme,) if scheme else self._rules.schemes
        of = "pension" if "pension" in wanted else wanted[0]
        if (of, width) not in self._bases:
            spells = self._spells.select_scheme(of)
            edges = np.zeros((self.people, width + 1), np.int32)
            self._add_edges(edges, spells, spells.since, spells.until, spells.base + np.int32(1))
            self._bases[of, width] = np.cumsum(edges[:, :-1], axis=1, dtype=np.int32)
        return self._bases[of, width]


def split_blocks(
    spells: SpellArrays, last: Ints, least_width: int, rules: ContributionRules
) -> Iterator[tuple[Ints, MonthBlock]]:
    """Persons by their last month and by how far back they go, in blocks of bounded size.

    With each block come the row numbers of its persons. `least_width` months are always there.
    """
    people = len(last)
    first = last.astype(np.int32).copy()
    np.minimum.at(first, spells.person, spells.since)
    width = np.maximum(last - first + 1, least_width)
    width = -(-width // _STEP) * _STEP  # few different widths: few, large blocks
    order = np.lexsort((np.arange(people), width, last))
    rank = np.empty(people, np.int64)
    rank[order] = np.arange(people)
    ranks = rank[spells.person]
    by_rank = np.argsort(ranks, kind="stable")
    ranks = ranks[by_rank]
    for start, end in _find_block_bounds(last[order], width[order]):
        chosen = by_rank[np.searchsorted(ranks, start) : np.searchsorted(ranks, end)]
        block_spells = spells.take(chosen)
        placed = SpellArrays(
            rank[block_spells.person] - start,
            *(getattr(block_spells, name) for name in SpellArrays.__slots__[1:]),
        )
        members = order[start:end]
        yield (
            members,
            MonthBlock(
                placed, end - start, int(last[members[0]]), int(width[order][end - 1]), rules
            ),
        )


def _find_block_bounds(last: Ints, width: Ints) -> Iterator[tuple[int, int]]:
    """Where blocks begin and end: one last month and one width each, at most _CELLS cells."""
    changes = np.flatnonzero((np.diff(last) != 0) | (np.diff(width) != 0)) + 1
    edges = [0, *changes.tolist(), len(last)]
    for left, right in pairwise(edges):
        if right > left:
            step = max(_CELLS // int(width[left]), 1)
            for start in range(left, right, step):
                yield start, min(start + step, right)
