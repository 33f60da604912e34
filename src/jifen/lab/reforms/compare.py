"""The comparison: exact counts of the same people under several rules, in one pass.

Everybody whose values can be used is counted by the class before and after (surely not at the line,
open, surely). Points are compared for the people of whom every fact is known.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.classes import ReachClasses
from jifen.lab.disclosure.hidden_count import HIDDEN_COUNT, is_hidden
from jifen.lab.population.people import Grouping, People
from jifen.lab.reforms.crossing_loop import (
    KNOWN,
    UNKNOWN,
    UNUSABLE,
    CountedCrossings,
    Crossings,
    TotalRange,
    count_crossings,
    join_groupings,
)
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.weights import Count, Weights, count_by_code, to_count
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.bounds import UNKNOWN_SHIFT
from jifen.scoring.population.kernel import count_processors
from jifen.scoring.population.loop_emitter import REACHED
from jifen.scoring.population.program import Program, build_programs

Counts = NDArray[Any]
"""Whole numbers of people, or sums of their weights."""
Mask = NDArray[np.bool_]
CLASSES = ("surely_not", "perhaps", "surely")
"""Of the line: not reached, could be reached, reached."""
FLOWS = {"stays_out": (0, 0), "gains": (0, 2), "loses": (2, 0), "stays_in": (2, 2)}
"""Neither, only after, only before, before and after at the line: the classes that make it sure."""
MOVES = ("fewer", "same", "more")
_BLOCK = 1 << 18


@dataclass(frozen=True, eq=False)
class GroupResult:
    """One group: people by what happens to them, and the distribution of known totals."""

    label: Text
    crossings: Counts
    """(3 classes before, 3 classes after): people."""
    moves: Counts
    """(3 moves): people of whom every fact is known."""
    before: Counts
    after: Counts
    """People of whom every fact is known by scaled total, from the least total on."""

    @property
    def people(self) -> Count:
        """How many people with usable values the group has."""
        return to_count(self.crossings.sum())

    @property
    def known(self) -> Count:
        """Of how many every fact is known: points and means are compared for them."""
        return to_count(self.moves.sum())

    @property
    def reached_before(self) -> ReachClasses:
        """Everybody by today's rules."""
        return _build_classes(self.crossings.sum(1))

    @property
    def reached_after(self) -> ReachClasses:
        """Everybody by the rules of the reform."""
        return _build_classes(self.crossings.sum(0))

    @property
    def open(self) -> Count:
        """People of whom it is not settled which flow they belong to."""
        return to_count(self.people - sum(self.count_flow(name) for name in FLOWS))

    def count_flow(self, name: str) -> Count:
        """People of a flow across the line for sure."""
        return to_count(self.crossings[FLOWS[name]])

    def count_flow_at_most(self, name: str) -> Count:
        """People of a flow if everything that is open goes that way."""
        before, after = ([1, end] for end in FLOWS[name])
        return to_count(self.crossings[np.ix_(before, after)].sum())

    def count_move(self, name: str) -> Count:
        """People with fewer, the same or more points."""
        return to_count(self.moves[MOVES.index(name)])


def _build_classes(counts: Counts) -> ReachClasses:
    surely_not, perhaps, surely = map(to_count, counts)
    return ReachClasses(surely, perhaps, surely_not)


@dataclass(frozen=True, eq=False)
class ReformResult:
    """One reform against the baseline. Totals are scaled by `scale`; bins begin at `least`."""

    id: str
    label: Text
    baseline: Program
    reform: Program
    lines: tuple[int, int]
    people: Count
    faulty: Count
    """People with values that cannot be used: they are not compared."""
    everybody: GroupResult
    groups: tuple[tuple[Grouping, tuple[GroupResult, ...]], ...]
    change: Counts
    """People (every fact known) by change of the scaled total, from `least_change` on."""
    least: int
    least_change: int
    bands: Counts | None = None
    """Of a register: the distributions before and after as they may be shown, two rows of people by
    scaled total (those of a band at its lowest total)."""

    @property
    def shown_totals(self) -> tuple[Counts, Counts]:
        """People of whom every fact is known by scaled total, before and after."""
        if self.bands is None:
            return self.everybody.before, self.everybody.after
        return self.bands[0], self.bands[1]

    @property
    def changed_indicators(self) -> tuple[str, ...]:
        """The indicators and conditions whose table is not the same, added or removed."""
        before, after = _key_tables(self.baseline), _key_tables(self.reform)
        return tuple(
            ident
            for ident in dict.fromkeys([*before, *after])
            if before.get(ident) != after.get(ident)
        )

    def mean_points(self, bins: Counts) -> float | None:
        """The mean of a distribution of totals, in points; None where there is nobody."""
        people = bins.sum().item()
        if is_hidden(people):
            return HIDDEN_COUNT
        if not people:
            return None
        exact = (bins @ (np.arange(len(bins)) + self.least)).item()
        return float(exact / people / self.baseline.scale)


def compare_reforms(
    people: People,
    policy: Policy,
    reforms: Sequence[Policy],
    on: date,
    *,
    groups: Sequence[str] = (),
    threads: int | None = None,
) -> list[ReformResult]:
    """The policy and each reform of it (`Policy.reformed`) on the same people on a day. Columns are
    read once for all of them. Raises TableError where a fact is missing."""
    rules = (policy.rules_on(on), *(reform.rules_on(on) for reform in reforms))
    programs = build_programs(rules)
    for reform in reforms:
        people = people.with_own_facts(reform.vocabulary)
    groupings = [people.group_by(name) for name in groups]
    before, *after = score_people(people, programs, on, threads=threads)
    pairs = zip(reforms, after, strict=True)
    return [
        compare_scored(people, before, scored, reform, groupings, on, threads=threads)
        for reform, scored in pairs
    ]


def compare_scored(
    people: People,
    before: ScoredPeople,
    after: ScoredPeople,
    reform: Policy,
    groupings: Sequence[Grouping],
    on: date,
    *,
    threads: int | None = None,
) -> ReformResult:
    """The same people scored by two programs over the same axes."""
    comparison = _Comparison(people, before, after, groupings)
    totals_range, counted = comparison.count(threads or count_processors())
    programs = before.program, after.program
    asked = len(groupings)
    groupings = comparison.groupings
    return build_result(people, programs, reform, groupings, on, totals_range, counted, asked)


def build_result(
    people: People,
    programs: tuple[Program, Program],
    reform: Policy,
    groupings: Sequence[Grouping],
    on: date,
    totals_range: TotalRange,
    counted: CountedCrossings,
    asked: int,
) -> ReformResult:
    """A version against a reform of it, from the counts of each grouping; the first `asked` of them
    are shown."""
    grouping_results = [
        _build_groups(grouping, crossings)
        for grouping, crossings in zip(groupings, counted.groupings, strict=True)
    ]
    last = reform.reforms[-1]
    first, second = (program.threshold_on(on) for program in programs)
    return ReformResult(
        last.id,
        last.label,
        *programs,
        (first, second),
        people.all_people,
        people.faulty_people,
        _add_groups(grouping_results[0]),
        tuple(zip(groupings, grouping_results, strict=True))[:asked],
        counted.change,
        totals_range.least,
        1 - totals_range.span,
    )


def _build_groups(grouping: Grouping, counts: Crossings) -> tuple[GroupResult, ...]:
    kinds = len(CLASSES)
    classes = counts.crossings.reshape(-1, kinds, kinds)
    return tuple(
        GroupResult(label, classes[n], counts.moves[n], counts.before[n], counts.after[n])
        for n, label in enumerate(grouping.labels)
    )


def mark_known(scored: ScoredPeople) -> NDArray[np.uint8] | None:
    """What is known of each person; None where everything is known of everybody."""
    if not len(scored.unknown_rows) and scored.usable is None:
        return None
    known = np.full(len(scored.flags), KNOWN, np.uint8)
    known[scored.unknown_rows] = UNKNOWN
    if scored.usable is not None:
        known[~scored.usable] = UNUSABLE
    return known


def _key_tables(program: Program) -> dict[str, Any]:
    return {
        f"{kind}{table.id}": (table.facts, table.starts, table.cells.tobytes())
        for kind, tables in (("", program.points), ("conditions.", program.conditions))
        for table in tables
    }


class _Comparison:
    """Counting, block by block, so that what is counted stays in the caches."""

    def __init__(
        self,
        people: People,
        before: ScoredPeople,
        after: ScoredPeople,
        groupings: Sequence[Grouping],
    ) -> None:
        self._people, self._before, self._after = people, before, after
        # everybody is the sum of some groups; where none are asked for, of a group of all
        self.groupings = groupings or [_group_everybody(people.count)]
        programs = before.program, after.program
        self._least = min(program.least for program in programs)
        self._span = max(program.most for program in programs) - self._least + 1
        # programs of one comparison read the same facts, so that the same people are known
        self._known = before.known if len(before.unknown_rows) else None

    def count(self, threads: int) -> tuple[TotalRange, CountedCrossings]:
        """The counts of each grouping: by a compiled loop for people who stand for one each."""
        totals_range = TotalRange(self._least, self._span)
        if self._people.weights is not None:
            return totals_range, self._count_blocks(threads)
        return totals_range, count_crossings(
            (self._before.total, self._after.total),
            (self._before.flags, self._after.flags),
            join_groupings(self.groupings),
            totals_range,
            mark_known(self._before),
            threads,
        )

    def _count_blocks(self, threads: int) -> CountedCrossings:
        starts = range(0, max(self._people.count, 1), _BLOCK)
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(self._count_block, starts))
        change, *tables = (reduce(np.add, part) for part in zip(*parts, strict=True))
        counted = []
        for n, grouping in enumerate(self.groupings):
            shape = len(grouping.labels), -1
            counted.append(
                Crossings(*(table.reshape(shape) for table in tables[4 * n : 4 * n + 4]))
            )
        return CountedCrossings(change, tuple(counted))

    def _count_block(self, start: int) -> list[Any]:
        """The change of totals, then for each grouping: crossings, moves, totals before, after."""
        span = slice(start, start + _BLOCK)
        usable, known = self._get_masks(span)
        classes = [
            _classify_flags(_take_rows(s.flags[span], usable)) for s in (self._before, self._after)
        ]
        crossing = classes[0] * np.int32(len(CLASSES)) + classes[1]
        totals = [_take_rows(s.total[span], known) for s in (self._before, self._after)]
        bins = [total.astype(np.int32) - self._least for total in totals]
        difference = bins[1] - bins[0]
        move = np.sign(difference) + 1
        of_usable, of_known_people = self._get_weights(span, usable), self._get_weights(span, known)
        arrays: list[Any] = [
            count_by_code(difference + (self._span - 1), 2 * self._span - 1, of_known_people)
        ]
        for grouping in self.groupings:
            count, codes = len(grouping.labels), grouping.codes[span]
            kinds = len(CLASSES) ** 2
            arrays.append(
                _count_table(_take_rows(codes, usable), crossing, count, kinds, of_usable)
            )
            of_known = _take_rows(codes, known)
            arrays.append(_count_table(of_known, move, count, len(MOVES), of_known_people))
            arrays += [
                _count_table(of_known, bin_codes, count, self._span, of_known_people)
                for bin_codes in bins
            ]
        return arrays

    def _get_weights(self, span: slice, keep: Mask | None) -> Weights | None:
        weights = self._people.weights
        return None if weights is None else _take_rows(weights[span], keep)

    def _get_masks(self, span: slice) -> tuple[Mask | None, Mask | None]:
        """Whose values can be used, and of whom every fact is known; None: everybody."""
        usable = None if self._before.usable is None else self._before.usable[span]
        return usable, usable if self._known is None else self._known[span]


def _classify_flags(flags: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The number of each person's class in `CLASSES`."""
    surely, perhaps = (flags & REACHED) != 0, (flags & (REACHED << UNKNOWN_SHIFT)) != 0
    return np.asarray(surely * np.int32(2) + perhaps)


def _count_table(
    codes: NDArray[np.uint8],
    kinds: NDArray[np.int32],
    count: int,
    size: int,
    weights: Weights | None,
) -> Counts:
    """People by group and kind, as one row."""
    return count_by_code(codes.astype(np.int32) * size + kinds, count * size, weights)


def _take_rows(values: NDArray[Any], keep: Mask | None) -> NDArray[Any]:
    return values if keep is None else values[keep]


_ALL = say("reforms.compare.all")


def _group_everybody(count: int) -> Grouping:
    return Grouping("", _ALL, np.zeros(count, np.uint8), (_ALL,))


def _add_groups(groups: Sequence[GroupResult]) -> GroupResult:
    tables = zip(
        *((group.crossings, group.moves, group.before, group.after) for group in groups),
        strict=True,
    )
    return GroupResult(_ALL, *(reduce(np.add, table) for table in tables))
