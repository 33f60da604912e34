"""The exact line that admits so many people, and the ties at it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population.people import People
from jifen.lab.scoring import score_people
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.program import Program, program_for


@dataclass(frozen=True, eq=False)
class QuotaResult:
    """Lines are scaled totals. `line` admits at most `wanted`; the next lower total that somebody
    has admits more than that: all that are level there, the ties."""

    program: Program
    wanted: int
    admissible: int
    unsettled: int
    line: int
    admitted: int
    next_line: int | None
    ties: int
    around: tuple[tuple[int, int], ...]
    """(line, people at or over it), from above the line to below."""
    ranked: int | None = None
    """A ranked measure: people inside the quota by total and tie keys, those level at the last
    place included; None where the measure does not rank."""

    @property
    def admitted_with_ties(self) -> int:
        """How many the next lower line admits."""
        return self.admitted + self.ties


@dataclass(frozen=True, eq=False)
class Standing:
    """How admissible people stand, as counts that can be added up over parts of a population.

    `totals`: people at each scaled total from the program's least on. `keys` (different standings,
    1 + tie keys) and `people` at each, both for a measure that ranks only; higher keys stand before
    lower ones.
    """

    totals: NDArray[np.int64]
    unsettled: int
    keys: NDArray[np.int64]
    people: NDArray[np.int64]

    def plus(self, other: "Standing") -> "Standing":
        """Both together."""
        keys = np.concatenate([self.keys, other.keys])
        people = np.concatenate([self.people, other.people])
        return Standing(
            self.totals + other.totals,
            self.unsettled + other.unsettled,
            *_distinct(keys, people),
        )


def line_for_quota(people: People, policy: Policy, on: date, wanted: int) -> QuotaResult:
    """The lowest line that admits no more than `wanted` admissible people. Raises TableError for a
    number that makes no sense."""
    refuse_quota(wanted)
    program = program_for(policy.at(on))
    return quota_of(program, standing(people, program, on), wanted)


def refuse_quota(wanted: int) -> None:
    """Raises TableError for a number that makes no sense."""
    if wanted <= 0:
        raise TableError([Text(f"名额 {wanted} 应大于 0", f"the quota {wanted} must be above 0")])


def standing(people: People, program: Program, on: date, *, threads: int | None = None) -> Standing:
    """Score everybody and count how they stand."""
    scored = score_people(people, [program], on, threads=threads)[0]
    settled = np.ones(people.count, bool) if scored.settled is None else scored.settled
    open_ = settled & scored.admissible
    bins = program.most - program.least + 1
    totals = scored.total[open_].astype(np.int64)
    counts = np.bincount(totals - program.least, minlength=bins)
    ties = [tie.fact for tie in program.rules.decision.ties]
    ranks = program.rules.decision.mode == "rank"
    keys = [totals, *(_key(people, fact, np.flatnonzero(open_)) for fact in ties)]
    table = np.stack(keys if ranks else [key[:0] for key in keys], axis=1)
    distinct = _distinct(table, np.ones(len(table), np.int64))
    return Standing(counts, int((~settled).sum()), *distinct)


def _distinct(
    keys: NDArray[np.int64], people: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each different row once, highest first, with the people at it."""
    if not len(keys):
        return keys, people
    order = np.lexsort([-column for column in keys.T[::-1]])
    keys, people = keys[order], people[order]
    starts = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)])
    return keys[starts], np.add.reduceat(people, starts)


def quota_of(program: Program, found: Standing, wanted: int) -> QuotaResult:
    """The line, from how people stand."""
    counts, bins = found.totals, len(found.totals)
    over = np.cumsum(counts[::-1])[::-1]  # people at or over each total
    place = int(np.argmax(over <= wanted)) if (over <= wanted).any() else bins
    below = np.flatnonzero(counts[:place])
    next_line = int(below[-1]) if len(below) else None
    return QuotaResult(
        program,
        wanted,
        int(counts.sum()),
        found.unsettled,
        place + program.least,
        int(over[place]) if place < bins else 0,
        None if next_line is None else next_line + program.least,
        0 if next_line is None else int(counts[next_line]),
        _around(counts, over, place, program.least),
        _ranked(found, wanted) if program.rules.decision.mode == "rank" else None,
    )


_SHOWN = 6


def _around(
    counts: NDArray[np.int64], over: NDArray[np.int64], place: int, least: int
) -> tuple[tuple[int, int], ...]:
    """Totals that somebody has, some above and some below the line."""
    held = np.flatnonzero(counts)
    middle = int(np.searchsorted(held, place))
    some = held[max(middle - _SHOWN, 0) : middle + _SHOWN]
    return tuple((int(total) + least, int(over[total])) for total in some[::-1])


def _ranked(found: Standing, wanted: int) -> int:
    """Everybody whose place, by total and then the tie keys, is inside the quota; those level at
    the last place included."""
    if not len(found.people):
        return 0
    places = np.cumsum(found.people)
    last = int(np.searchsorted(places, wanted))
    return int(places[min(last, len(places) - 1)])


def _key(people: People, fact: str, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """A tie key as codes: they rise with the value; what does not apply comes last."""
    return people.codes[fact][rows].astype(np.int64)
