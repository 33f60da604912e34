"""The exact line that admits so many people, and the ties at it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

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


def line_for_quota(people: People, policy: Policy, on: date, wanted: int) -> QuotaResult:
    """The lowest line that admits no more than `wanted` admissible people. Raises TableError for a
    number that makes no sense."""
    if wanted <= 0:
        raise TableError([Text(f"名额 {wanted} 应大于 0", f"the quota {wanted} must be above 0")])
    program = program_for(policy.at(on))
    scored = score_people(people, [program], on)[0]
    settled = np.ones(people.count, bool) if scored.settled is None else scored.settled
    open_ = settled & scored.admissible
    bins = program.most - program.least + 1
    totals = scored.total[open_].astype(np.int64) - program.least
    counts = np.bincount(totals, minlength=bins)
    over = np.cumsum(counts[::-1])[::-1]  # people at or over each total
    place = int(np.argmax(over <= wanted)) if (over <= wanted).any() else bins
    below = np.flatnonzero(counts[:place])
    next_line = int(below[-1]) if len(below) else None
    admitted = int(over[place]) if place < bins else 0
    ties = 0 if next_line is None else int(counts[next_line])
    ranked = _ranked(people, program, open_, scored.total, wanted)
    return QuotaResult(
        program,
        wanted,
        int(open_.sum()),
        int((~settled).sum()),
        place + program.least,
        admitted,
        None if next_line is None else next_line + program.least,
        ties,
        _around(counts, over, place, program.least),
        ranked if program.rules.decision.mode == "rank" else None,
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


def _ranked(
    people: People,
    program: Program,
    open_: NDArray[np.bool_],
    total: NDArray[Any],
    wanted: int,
) -> int:
    """Everybody whose place, by total and then the tie keys, is inside the quota."""
    rows = np.flatnonzero(open_)
    ties = [tie.fact for tie in program.rules.decision.ties]
    keys = [total[rows].astype(np.int64), *(_key(people, fact, rows) for fact in ties)]
    if len(rows) <= wanted:
        return len(rows)
    order = np.lexsort([-key for key in keys[::-1]])
    last = order[wanted - 1]
    level = np.ones(len(rows), bool)
    for key in keys:
        level &= key == key[last]
    better = int(np.flatnonzero(level[order])[0])
    return better + int(level.sum())


def _key(people: People, fact: str, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """A tie key as codes: they rise with the value; what does not apply comes last."""
    return people.codes[fact][rows].astype(np.int64)
