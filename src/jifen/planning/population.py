"""How many people of a table stand within one move of the line.

For each person below the line and each move that they can begin on the day: would they be at the
line, surely, on the day on which the move has its whole effect, under the rules of that day, that
much older, with what they pay going on? And would they be without it? Who gets there by waiting as
long is counted apart. Facts take the courses of the planner itself, of totals at the worse end, so
the counts are lower bounds. Unknown counts as no.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from jifen.cities import city_of
from jifen.planning.asked import holds
from jifen.planning.case import Case
from jifen.planning.crowd import Ahead, Columns, Crowd
from jifen.planning.days import firsts
from jifen.planning.effects import Done
from jifen.planning.model import Move
from jifen.planning.states import Mask, Rows
from jifen.planning.waiting import NEVER, Days, Waiting, reached_by
from jifen.policy.model import Rules
from jifen.policy.months import subtract_months
from jifen.policy.policy import Policy
from jifen.scoring.population.bounds import UNKNOWN as OPEN
from jifen.scoring.population.bounds import bounder_for
from jifen.scoring.population.coding import Coded
from jifen.scoring.population.emit import REACHED
from jifen.scoring.population.score import UNKNOWN, Scorer

COUNTED_WITHIN = 14
"""Months within which every measure has a counting day."""


@dataclass(frozen=True, slots=True)
class Near:
    """Of `people`: how many are surely at the line (`reached`) and how many could be, settled not
    (`perhaps`), by the same bounds as a score. Moves are asked of those of whom every fact is known
    and who are not at the line: how many would be by one move, and not by waiting as long
    (`within`); how many others get there by waiting as long as a move takes (`waiting`). By each
    move: `by_move`, and `by_waiting` as long as it takes. `open`: rows in which something is
    unknown or faulty, of which no moves are asked; `faulty` those that cannot be used at all.
    `rows` and `waiting_rows` mark them for each move."""

    people: int
    reached: int
    perhaps: int
    within: int
    waiting: int
    by_move: Mapping[str, int]
    by_waiting: Mapping[str, int]
    open: int
    faulty: int
    rows: Mapping[str, Mask]
    waiting_rows: Mapping[str, Mask]

    def with_faulty(self, more: int) -> "Near":
        """The counts with people whose values cannot be used, who were not in the table."""
        people, faulty = self.people + more, self.faulty + more
        return replace(self, people=people, open=self.open + more, faulty=faulty)


def within_one_move(
    policy: Policy,
    table: pa.Table,
    *,
    on: date,
    readings: Mapping[str, str] | None = None,
    later: Sequence[Policy] = (),
) -> Near:
    """Count them. The table is one of people, as for `score_population`; `later` are the versions
    that follow (none: the policy is taken for every day). Raises TableError where a column is
    missing, NoMoves where the city has no moves."""
    case = Case(
        policy.city,
        {},
        on,
        (policy, *later),
        readings=readings or {},
        always=not later,
        place=city_of(policy),
    )
    return _Counting(case, table).counted()


def added(several: Iterable[Near]) -> Near:
    """The counts of several tables together; their rows are let go."""
    found = list(several)
    names = dict.fromkeys(ident for near in found for ident in near.by_move)
    return Near(
        sum(near.people for near in found),
        sum(near.reached for near in found),
        sum(near.perhaps for near in found),
        sum(near.within for near in found),
        sum(near.waiting for near in found),
        {ident: sum(near.by_move[ident] for near in found) for ident in names},
        {ident: sum(near.by_waiting[ident] for near in found) for ident in names},
        sum(near.open for near in found),
        sum(near.faulty for near in found),
        {},
        {},
    )


@dataclass(frozen=True, eq=False)
class _Counting:
    """The question for one table. Masks are of the people who are `below` the line."""

    case: Case
    table: pa.Table

    def counted(self) -> Near:
        """Every move in turn."""
        surely, perhaps = self._waits()
        by_move, by_waiting = dict[str, Mask](), dict[str, Mask]()
        for move in self.case.moves.moves:
            day = self._ends.get(move.id)
            able = self._able(move) & (day is not None)
            last = day.toordinal() if day else 0
            by_waiting[move.id] = able & (surely <= last)
            needed = able & (perhaps > last)
            by_move[move.id] = self._there(move, day, needed) if day and needed.any() else needed
        return self._near(by_move, by_waiting)

    def _near(self, by_move: Mapping[str, Mask], by_waiting: Mapping[str, Mask]) -> Near:
        none = np.zeros(self._first.people, bool)
        within = np.logical_or.reduce([none, *by_move.values()])
        waiting = np.logical_or.reduce([none, *by_waiting.values()]) & ~within
        open_surely, open_perhaps, faulty = self._open_classes()
        return Near(
            self.table.num_rows,
            int((self._known & ~self._below).sum()) + open_surely,
            open_perhaps,
            int(within.sum()),
            int(waiting.sum()),
            {ident: int(there.sum()) for ident, there in by_move.items()},
            {ident: int(there.sum()) for ident, there in by_waiting.items()},
            int((~self._known).sum()),
            faulty,
            {ident: self._everybody(there) for ident, there in by_move.items()},
            {ident: self._everybody(there) for ident, there in by_waiting.items()},
        )

    def _open_classes(self) -> tuple[int, int, int]:
        """Of the rows of which something is unknown, who surely reaches the line and who could; and
        how many rows cannot be used."""
        scorer, coded = self._first_coded
        rows = coded.rows(coded.unknown)
        if coded.faulty is not None:
            rows = rows[~coded.faulty[rows]]
        faulty = 0 if coded.faulty is None else int(coded.faulty.sum())
        if not len(rows):
            return 0, 0, faulty
        some = {ident: codes[rows] for ident, codes in coded.columns.items()}
        flags = bounder_for(scorer.program).bounds(some, scorer.line).flags
        surely = int(np.count_nonzero(flags & REACHED))
        return surely, int(np.count_nonzero(flags & (REACHED << OPEN))), faulty

    @cached_property
    def _first_coded(self) -> tuple[Scorer, Coded]:
        """Everybody in codes by the rules of the first day."""
        return self._coded_by(self.case.rules)

    def _coded_by(self, rules: Rules) -> tuple[Scorer, Coded]:
        scorer, first = Scorer(rules, self.case.on), rules is self.case.rules
        assume = {} if first else dict.fromkeys(scorer.program.facts, UNKNOWN)
        plan = scorer.plan(self.table.column_names, assume=assume, bounds=False)
        return scorer, scorer.coder(plan).code(self.table)

    def _everybody(self, some: Mask) -> Mask:
        """A mask of those below the line as one of all rows."""
        found = np.zeros(self.table.num_rows, bool)
        found[self._rows[some]] = True
        return found

    # ------------------------------------------------------------ who is asked

    @cached_property
    def _known(self) -> Mask:
        """Rows of which all is known today."""
        return self._coded(self.case.rules)[1]

    @cached_property
    def _below(self) -> Mask:
        """Rows of which all is known and which are not at the line."""
        columns, known = self._coded(self.case.rules)
        return known & ~reached_by(self.case.rules, columns, self.case.on)

    @cached_property
    def _rows(self) -> Rows:
        """The numbers of the rows below the line."""
        return np.flatnonzero(self._below)

    @cached_property
    def _first(self) -> Crowd:
        """Those below the line, by the rules of the first day."""
        return self._crowd(self.case.rules)[0]

    def _crowd(self, rules: Rules) -> tuple[Crowd, Mask]:
        """Those below the line by some rules, and of whom these know all."""
        if id(rules) not in self._crowds:
            columns, known = self._coded(rules)
            some = {ident: codes.take(self._rows) for ident, codes in columns.items()}
            crowd = Crowd(rules, self.case.moves, self.case.on, some, len(self._rows))
            self._crowds[id(rules)] = crowd, known.take(self._rows)
        return self._crowds[id(rules)]

    @cached_property
    def _crowds(self) -> dict[int, tuple[Crowd, Mask]]:
        return {}

    def _coded(self, rules: Rules) -> tuple[Columns, Mask]:
        """All people in codes on the first day, and of whom all is known. What only rules of later
        days ask for need not be in the table: it is not known then."""
        if id(rules) not in self._codes:
            first = rules is self.case.rules
            coded = self._first_coded[1] if first else self._coded_by(rules)[1]
            known = np.ones(coded.people, bool)
            for mask in (coded.unknown, coded.faulty):
                known = known if mask is None else known & ~mask
            self._codes[id(rules)] = coded.columns, known
        return self._codes[id(rules)]

    @cached_property
    def _codes(self) -> dict[int, tuple[Columns, Mask]]:
        return {}

    def _able(self, move: Move) -> Mask:
        """Who can begin a move on the first day. No table says who holds a lapsed permit."""
        if move.only or not move.open_on(self.case.on):
            return np.zeros(self._first.people, bool)
        if move.needs is None:
            return np.ones(self._first.people, bool)
        return self._first.holds(move.needs)

    # ------------------------------------------------------------ the days ahead

    @cached_property
    def _ends(self) -> dict[str, date]:
        """The first day on which each move counts whole; none beyond the years looked at."""
        found = {}
        for move in self.case.moves.moves:
            day = self._end(move)
            if day is not None and day <= self.case.last:
                found[move.id] = day
        return found

    def _end(self, move: Move) -> date | None:
        whole = subtract_months(self._done(move).on, -move.settles)
        for day in (whole, *firsts(whole, subtract_months(whole, -COUNTED_WITHIN))):
            rules = self.case.rules_on(day)
            if rules is not None and rules.reference.day_for(day) >= whole:
                return day
        return None

    def _done(self, move: Move) -> Done:
        """The move begun at once, at its shortest. What must hold each time that an amount is given
        is asked apart, of the first day and of the last (`_may_give`)."""
        gives = tuple(replace(gift, during=None) for gift in move.gives)
        ends = subtract_months(self.case.on, -move.shortest)
        return Done(replace(move, gives=gives), self.case.on, ends, move.at_will)

    def _there(self, move: Move, day: date, needed: Mask) -> Mask:
        """Who of those that need it is at the line by a move."""
        rules = self.case.rules_on(day)
        if rules is None:
            return np.zeros_like(needed)
        crowd, known = self._crowd(rules)
        rows = np.flatnonzero(needed & known)
        ahead = crowd.ahead(self._days_under(rules), (self._done(move),))
        number = ahead.span.days.index(day)
        columns, unknown = ahead.columns(number, rows)
        there = reached_by(rules, columns, day) & _may_give(ahead, move, number, rows)
        found = np.zeros_like(needed)
        found[rows] = there if unknown is None else there & ~unknown
        return found

    def _days_under(self, rules: Rules) -> tuple[date, ...]:
        """The days on which moves are done under some rules."""
        days = sorted(set(self._ends.values()))
        return tuple(day for day in days if self.case.rules_on(day) is rules)

    def _waits(self) -> tuple[Days, Days]:
        """The first day, as a number, on which each is surely, and perhaps, at the line without
        any move (NEVER: not before the last move is done). Perhaps: their birthday may be any."""
        surely, perhaps = (np.full(self._first.people, NEVER, np.int32) for _ in range(2))
        last = max(self._ends.values(), default=self.case.on)
        for courses in (one for one in self.case.timeline().spans if not one.span.void):
            days = [day for day in courses.span.days if self.case.on < day <= last]
            if days:
                crowd, known = self._crowd(courses.start.rules)
                perhaps[~known] = np.minimum(perhaps[~known], days[0].toordinal())
                rows = np.flatnonzero(known & (surely == NEVER))
                Waiting(crowd.ahead(days), surely, perhaps).fill(0, len(days) - 1, rows)
        return surely, perhaps


def _may_give(ahead: Ahead, move: Move, number: int, rows: Rows) -> Mask:
    """For whom what an amount hangs on holds from the first day to another, whatever their
    birthday: it is asked of both, since time makes nothing hold in between only."""
    crowd, found = ahead.crowd, np.ones(len(rows), bool)
    for during in (gift.during for gift in move.gives if gift.during is not None):
        found &= crowd.holds(during)[rows]
        for younger in (False, True):
            columns, _ = ahead.columns(number, rows, younger=younger)
            found &= holds(during, crowd.program.axes, columns, len(rows))
    return found
