"""Which moves a person can make, and when each of a set of them is done."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations, permutations
from typing import Literal

from jifen.facts.permit import NO_PERMIT
from jifen.planning.ages import turns_of_age
from jifen.planning.asked import is_age
from jifen.planning.case import Case, Timeline
from jifen.planning.course import Courses
from jifen.planning.days import ONE_DAY
from jifen.planning.effects import Done
from jifen.planning.model import Move
from jifen.planning.needs import Ends, Need
from jifen.policy.condition import list_condition_facts
from jifen.policy.months import subtract_months

Status = Literal["offered", "ruled_out", "not_now", "unknown"]
Set = tuple[Done, ...]
Months = Callable[[Move], int]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a move stands for a person: offered, ruled out by them, not possible or of no use
    (`not_now`), or unknown for want of the facts that are missing."""

    move: Move
    status: Status
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Schedule:
    """The moves of a case in time. `hopeful`: each is begun on the first day on which it cannot be
    ruled out that it can be, and not on the first on which it surely can be. `last`: the day by
    which moves are done (None: the last of the case)."""

    case: Case
    timeline: Timeline
    hopeful: bool = False
    last: date | None = None

    @cached_property
    def hoping(self) -> "Schedule":
        """The same where every unknown fact turns out well for each move."""
        return self if self.hopeful else replace(self, hopeful=True)

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Every move of the city and how it stands."""
        return tuple(map(self._standing, self.case.moves.moves))

    @cached_property
    def offered(self) -> tuple[Move, ...]:
        """The moves that can be made, alone or after others."""
        without = self.case.wishes.without
        moves = [move for move in self.case.moves.moves if move.id not in without]
        found = [move for move in moves if self._alone[move.id] is not None]
        for _ in moves:  # a move may open another, and that one a third
            opened = [move for move in moves if move not in found and self._opened(move, found)]
            if not opened:
                break
            found += opened
        return tuple(move for move in moves if move in found)

    @cached_property
    def in_doubt(self) -> bool:
        """Whether it is not known of some move if, or on which day, it can be begun."""
        days = [self._alone, self.hoping._alone]
        same = self.offered == self.hoping.offered
        return not same or days[0] != days[1] or any(map(self._unsure, self.hoping.offered))

    def _unsure(self, move: Move) -> bool:
        """Whether a fact that a move needs is not known on some day."""
        needs = list_condition_facts(move.needs) if move.needs else ()
        tracks = [courses.track(i) for courses in self.timeline.spans for i in needs]
        return any(track.absent or track.open for track in tracks)

    def _standing(self, move: Move) -> Standing:
        if move.id in self.case.wishes.without:
            return Standing(move, "ruled_out")
        if move in self.offered:
            return Standing(move, "offered")
        if move in self.hoping.offered:
            return Standing(move, "unknown", self.missing(move))
        return Standing(move, "not_now")

    def missing(self, move: Move) -> tuple[str, ...]:
        """The facts that are not known, and that decide whether a move can be begun: its own, or
        where none of them is open those of the moves that open it."""
        own = self._own_missing(move)
        if own or move.needs is None:
            return own
        needs = set(list_condition_facts(move.needs))
        helpers = [m for m in self.hoping.offered if m is not move and self.touched(m) & needs]
        return tuple(dict.fromkeys(i for m in helpers for i in self._own_missing(m)))

    def _own_missing(self, move: Move) -> tuple[str, ...]:
        need = self._need(move)
        if need is None:
            return ()
        return need.missing({i: self._first.on_day(i, self.case.on) for i in need.facts})

    def _opened(self, move: Move, offered: Sequence[Move]) -> bool:
        """Whether other moves, done in some order, let this one begin. For each fact that it needs
        only the last move that sets it matters, so that no more are tried than facts are set."""
        if move.needs is None:
            return False
        needs = set(list_condition_facts(move.needs))
        helpers = [(m, found) for m in offered if (found := self.touched(m) & needs)]
        facts = {ident for _, found in helpers for ident in found}
        return any(
            self.begins(move, self._one_by_one(some)) is not None
            for size in range(1, len(facts) + 1)
            for some in permutations([helper for helper, _ in helpers], size)
        )

    def touched(self, move: Move) -> frozenset[str]:
        """The facts on which a move has any effect."""
        return self._first.touched(Done(move, self.case.on, self.case.on))

    def _one_by_one(self, moves: Sequence[Move]) -> Set:
        """Moves done day after day from the first day on: which of two comes last matters."""
        days = (self.case.on + ONE_DAY * n for n in range(len(moves)))
        return tuple(Done(move, self.case.on, day) for move, day in zip(moves, days, strict=True))

    @cached_property
    def _alone(self) -> Mapping[str, date | None]:
        return {move.id: self.begins(move, ()) for move in self.case.moves.moves}

    def begins(self, move: Move, done: Set) -> date | None:
        """The first day on which a move can be begun (surely, or perhaps where the schedule is
        hopeful), with others done; None: never."""
        if move.only == "lapsed_permit" and self.case.start(self.case.rules).permit is NO_PERMIT:
            return None
        need = self._need(move)
        needs = need.facts if need else ()
        touched = self._first.touched
        helped = tuple(one for one in done if not touched(one).isdisjoint(needs))
        key = move.id, frozenset(helped)
        if key not in self._begun:
            self._begun[key] = self._first_day(move, needs, helped)
        return self._begun[key]

    @cached_property
    def _first(self) -> Courses:
        """The facts through the days under the measure of the first day."""
        return self.timeline.find(self.case.on)[0]

    @cached_property
    def _begun(self) -> dict[tuple[str, frozenset[Done]], date | None]:
        return {}

    def _first_day(self, move: Move, needs: Sequence[str], helped: Set) -> date | None:
        for day in self._days_for(needs, helped):
            if move.open_on(day) and self._holds(move, day, helped):
                return day
        return None

    def _days_for(self, needs: Sequence[str], done: Set) -> Iterator[date]:
        """The days on which the answer to what a move needs can change."""
        found = {self.case.on, *(one.on for one in done)}
        start = self.case.start(self.case.rules)
        for fact in (start.rules.vocabulary[ident] for ident in needs):
            if is_age(fact):
                found |= {*turns_of_age(start, fact, self.case.last)}
        for courses in self.timeline.spans:
            days = courses.span.days
            found.add(days[0])
            for ident in needs:
                found |= {days[n] for n in courses.track(ident, done).changes()}
        yield from sorted(day for day in found if self.case.on <= day <= self.case.last)

    def _holds(self, move: Move, day: date, done: Set) -> bool:
        need = self._need(move)
        if need is None:
            return True
        ends, (courses, _) = dict[str, Ends](), self.timeline.find(day)
        for ident in need.facts:
            ends[ident] = courses.on_day(ident, day, done)
            for one in done:  # a certificate is there on its day, whenever the measure counts it
                if one.on <= day and ident in one.move.sets:
                    ends[ident] = (one.move.sets[ident],) * 2
        holds = need.holds(ends)
        return holds is True or (holds is None and self.hopeful)

    def _need(self, move: Move) -> Need | None:
        if move.needs is None:
            return None
        if move.id not in self._needs:
            self._needs[move.id] = Need(move.needs, self.case.rules.vocabulary)
        return self._needs[move.id]

    @cached_property
    def _needs(self) -> dict[str, Need]:
        return {}

    def timed(self, moves: Sequence[Move], months: Months) -> Set | None:
        """When each of some moves is done, each begun as soon as it can be; None where one cannot
        be begun, is not done in time, or two are made that stand for one another."""
        waiting, done = list(moves), list[Done]()
        while waiting:
            starts = [(self._begins(move, tuple(done)), n) for n, move in enumerate(waiting)]
            possible = [(day, n) for day, n in starts if day is not None]
            if not possible:
                return None
            day, number = min(possible)
            move = waiting.pop(number)
            ends = subtract_months(day, -months(move))
            if ends > (self.last or self.case.last):
                return None
            done.append(Done(move, day, ends, move.at_will))
        return tuple(done) if _one_of_each(done) else None

    def _begins(self, move: Move, done: Set) -> date | None:
        alone = self._alone[move.id]
        if alone == self.case.on or not done:
            return alone
        return self.begins(move, done)

    def sets(self, most: int, months: Months) -> list[Set]:
        """Every set of at most so many moves that can be made, in time."""
        found = list[Set]()
        for size in range(most + 1):
            for moves in combinations(self.offered, size):
                timed = self.timed(moves, months)
                if timed is not None:
                    found.append(timed)
        return found

    def sets_of_any_size(self, months: Months, most: int) -> list[Set] | None:
        """Every set that can be made, grown move by move; None where there are more than `most`.
        The moves begun first of a set that can be made can be made without the others, so that
        none is missed."""
        found: dict[frozenset[str], Set] = {frozenset(): ()}
        layer, tried = list(found), set[frozenset[str]]()
        while layer:
            larger = []
            for ids in layer:
                for move in self.offered:
                    wanted = ids | {move.id}
                    if move.id in ids or wanted in tried:
                        continue
                    tried.add(wanted)
                    timed = self.timed([m for m in self.offered if m.id in wanted], months)
                    if timed is not None:
                        found[wanted] = timed
                        larger.append(wanted)
                    if len(found) > most:
                        return None
            layer = larger
        return list(found.values())


def _one_of_each(done: Sequence[Done]) -> bool:
    """Of moves that stand for one another the later begins when the earlier is done."""
    for one, other in combinations(done, 2):
        if one.move.instead and one.move.instead == other.move.instead:
            first, second = sorted((one, other), key=lambda done: done.begun)
            if second.begun < first.on or second.begun == first.begun:
                return False
    return True
