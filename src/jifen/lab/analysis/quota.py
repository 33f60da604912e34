"""The line that admits so many people, and what unknown facts leave open of it.

Every person has a least and a most: the least total where nothing stands against admission for
sure, the most total where nothing must stand against it. With something unknown a line admits at
least and at most so many, and the line for a quota lies between two lines.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jifen.lab.classes import ReachClasses, count_admissible
from jifen.lab.population.people import People
from jifen.lab.scoring import ScoredPeople, score_people
from jifen.lab.weights import Count, count_by_code, find_lowest_place, to_count
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import Program, build_program

Counts = NDArray[Any]
"""Whole numbers of people, or sums of their weights."""


@dataclass(frozen=True, slots=True)
class QuotaThreshold:
    """A line (a scaled total) with the people it admits, at least and at most."""

    line: int
    least: Count
    most: Count


@dataclass(frozen=True, eq=False)
class QuotaResult:
    """Lines are scaled totals. `line` is the lowest that admits no more than `wanted` whatever the
    unknown facts are; `lowest` the lowest that could be meant: below it more than `wanted` surely
    get in. They are one line where nothing that matters is unknown."""

    program: Program
    wanted: int
    people: Count
    faulty: Count
    admissible: ReachClasses
    line: QuotaThreshold
    lowest: QuotaThreshold
    next_line: QuotaThreshold | None
    """The highest total below `line` that somebody may have: from it on more than `wanted` may get
    in."""
    around: tuple[QuotaThreshold, ...]
    """From above the line to below."""
    ranks: bool
    ranked: Count | None = None
    """A ranked measure: people inside the quota by total and tie keys, those level at the last
    place included; None where the measure does not rank, and where totals or tie keys of
    admissible people are not known."""

    @property
    def is_certain(self) -> bool:
        """Whether no unknown fact changes the line or who is admitted by it."""
        return self.line == self.lowest and self.line.least == self.line.most

    @property
    def ties(self) -> Count:
        """How many more, at most, the next lower line admits: those level there."""
        return 0 if self.next_line is None else to_count(self.next_line.most - self.line.most)


@dataclass(frozen=True, eq=False)
class ScoreDistribution:
    """How people stand, as counts that can be added up over parts of a population.

    `least`: the surely admissible at each least total, from the program's least on; `most`: the
    surely or perhaps admissible at each most total. `keys` (different standings, 1 + tie keys) and
    `people` at each, both for a measure that ranks only; higher keys stand before lower ones.
    `unranked`: people who may be admissible and whose total or tie keys are not known.
    """

    least: Counts
    most: Counts
    all_people: Count
    faulty: Count
    admissible: ReachClasses
    keys: Counts
    people: Counts
    unranked: Count

    def add_distribution(self, other: "ScoreDistribution") -> "ScoreDistribution":
        """Both together."""
        keys = np.concatenate([self.keys, other.keys])
        people = np.concatenate([self.people, other.people])
        return ScoreDistribution(
            self.least + other.least,
            self.most + other.most,
            self.all_people + other.all_people,
            self.faulty + other.faulty,
            self.admissible + other.admissible,
            *_merge_equal_keys(keys, people),
            self.unranked + other.unranked,
        )


def find_threshold_for_quota(people: People, policy: Policy, on: date, wanted: int) -> QuotaResult:
    """The lowest line that admits no more than `wanted` admissible people, and the lowest that
    could. Raises TableError for a number that makes no sense."""
    refuse_quota(wanted)
    program = build_program(policy.rules_on(on))
    return build_quota_result(program, count_scores(people, program, on), wanted)


def refuse_quota(wanted: int) -> None:
    """Raises TableError for a number that makes no sense."""
    if wanted <= 0:
        raise TableError([say("analysis.quota.the_quota_must_be_above", wanted=wanted)])


_NOT_BY_TOTAL = say("analysis.quota.not_by_total")
_BY_PLACE = say("analysis.quota.by_place")


def count_scores(
    people: People, program: Program, on: date, *, threads: int | None = None
) -> ScoreDistribution:
    """Score everybody and count how they stand. Raises TableError where a measure does not rank by
    its totals: no line of totals says who is admitted."""
    decision = program.rules.decision
    if decision.mode == "rank" and not decision.ranks_by_total:
        raise TableError([_NOT_BY_TOTAL])
    if decision.selection and decision.selection.places:
        raise TableError([_BY_PLACE])
    scored = score_people(people, [program], on, threads=threads)[0]
    bins, surely = program.most - program.least + 1, scored.admissible
    may = surely | scored.perhaps_admissible
    most = scored.total.astype(np.int64)
    most[scored.unknown_rows] = scored.most
    weights = people.weights
    least_of = None if weights is None else weights[surely]
    most_of = None if weights is None else weights[may]
    return ScoreDistribution(
        count_by_code(scored.total[surely].astype(np.int64) - program.least, bins, least_of),
        count_by_code(most[may] - program.least, bins, most_of),
        people.all_people,
        people.faulty_people,
        count_admissible(scored),
        *_count_ranks(people, program, scored, may, most),
    )


def _count_ranks(
    people: People, program: Program, scored: ScoredPeople, may: NDArray[np.bool_], most: Counts
) -> tuple[Counts, Counts, Count]:
    """The different standings with their people, and how many people have none that is known."""
    ties = [tie.fact for tie in program.rules.decision.ties]
    if program.rules.decision.mode != "rank":
        return np.zeros((0, 1 + len(ties)), np.int64), np.zeros(0, np.int64), 0
    known = scored.admissible & (scored.total == most)
    for fact in ties:
        codes = people.codes[fact]
        known &= codes != np.iinfo(codes.dtype).max
    rows = np.flatnonzero(known)
    keys = [
        scored.total[rows].astype(np.int64),
        *(_encode_tie_key(people, fact, rows) for fact in ties),
    ]
    table = np.stack(keys, axis=1)
    ones: Counts = np.ones(len(table), np.int64)
    distinct = _merge_equal_keys(table, ones if people.weights is None else people.weights[rows])
    return *distinct, scored.count_people(may & ~known)


def _merge_equal_keys(keys: Counts, people: Counts) -> tuple[Counts, Counts]:
    """Each different row once, highest first, with the people at it."""
    if not len(keys):
        return keys, people
    order = np.lexsort([-column for column in keys.T[::-1]])
    keys, people = keys[order], people[order]
    starts = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)])
    return keys[starts], np.add.reduceat(people, starts)


def build_quota_result(program: Program, standing: ScoreDistribution, wanted: int) -> QuotaResult:
    """The line, from how people stand."""
    lines = _AdmittedCounts(program, standing)
    place = find_lowest_place(lines.most, wanted)
    below = np.flatnonzero(standing.most[:place])
    ranks = program.rules.decision.mode == "rank"
    return QuotaResult(
        program,
        wanted,
        standing.all_people,
        standing.faulty,
        standing.admissible,
        lines.threshold_at(place),
        lines.threshold_at(find_lowest_place(lines.least, wanted)),
        lines.threshold_at(int(below[-1])) if len(below) else None,
        lines.list_around(place),
        ranks,
        _count_ranked(standing, wanted) if ranks and not standing.unranked else None,
    )


_SHOWN = 6


class _AdmittedCounts:
    """People at or over each total, at least and at most."""

    def __init__(self, program: Program, standing: ScoreDistribution) -> None:
        self._program, self._counts = program, standing.least + standing.most
        self.least = np.cumsum(standing.least[::-1])[::-1]
        self.most = np.cumsum(standing.most[::-1])[::-1]

    def threshold_at(self, place: int) -> QuotaThreshold:
        """The line at a bin; beyond the last it admits nobody."""
        line = place + self._program.least
        if place >= len(self.least):
            return QuotaThreshold(line, 0, 0)
        return QuotaThreshold(line, to_count(self.least[place]), to_count(self.most[place]))

    def list_around(self, place: int) -> tuple[QuotaThreshold, ...]:
        """Totals that somebody may have, some above and some below the line."""
        held = np.flatnonzero(self._counts)
        middle = int(np.searchsorted(held, place))
        some = held[max(middle - _SHOWN, 0) : middle + _SHOWN]
        return tuple(self.threshold_at(int(total)) for total in some[::-1])


def _count_ranked(standing: ScoreDistribution, wanted: int) -> Count:
    """Everybody whose place, by total and then the tie keys, is inside the quota; those level at
    the last place included."""
    if not len(standing.people):
        return 0
    places = np.cumsum(standing.people)
    last = int(np.searchsorted(places, wanted))
    return to_count(places[min(last, len(places) - 1)])


def _encode_tie_key(people: People, fact: str, rows: NDArray[np.intp]) -> Counts:
    """A tie key as codes: they rise with the value; what does not apply comes last."""
    return people.codes[fact][rows].astype(np.int64)
