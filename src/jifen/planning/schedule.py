"""Which moves a person can make, and when each of a set of them is done."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations, permutations
from typing import Any, Literal

from jifen.facts.measures import ABSENT
from jifen.facts.permit import NO_PERMIT
from jifen.planning.ages import turns_of_age
from jifen.planning.asked import is_age
from jifen.planning.case import Case, Timeline
from jifen.planning.days import ONE_DAY
from jifen.planning.effects import Done
from jifen.planning.model import Move
from jifen.policy.condition import facts_of
from jifen.policy.months import minus_months

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
    """The moves of a case in time."""

    case: Case
    timeline: Timeline

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Every move of the city and how it stands."""
        first = {move.id: self._standing(move) for move in self.case.moves.moves}
        offered = [s.move for s in first.values() if s.status == "offered"]
        for _ in self.case.moves.moves:  # a move may open another, and that one a third
            opened = [
                m
                for m, s in ((s.move, s) for s in first.values())
                if s.status == "not_now" and self._opened(m, offered)
            ]
            if not opened:
                break
            offered += opened
            first |= {move.id: Standing(move, "offered") for move in opened}
        return tuple(first.values())

    @cached_property
    def open(self) -> tuple[Standing, ...]:
        """Moves of which nobody knows whether they can be made, and that change more than facts
        that are not known anyway: with them in doubt nothing is impossible."""
        courses, _ = self.timeline.find(self.case.on)
        known = {i for i in courses.start.rules.used if courses.track(i).at(0)[0] is not ABSENT}
        unknown = (one for one in self.standings if one.status == "unknown")
        return tuple(one for one in unknown if self.touched(one.move) & known)

    @property
    def offered(self) -> tuple[Move, ...]:
        """The moves that can be made, alone or after others."""
        return tuple(s.move for s in self.standings if s.status == "offered")

    def _standing(self, move: Move) -> Standing:
        if move.id in self.case.wishes.without:
            return Standing(move, "ruled_out")
        if self._alone[move.id] is not None:
            return Standing(move, "offered")
        missing = self._missing(move)
        return Standing(move, "unknown" if missing else "not_now", missing)

    def _missing(self, move: Move) -> tuple[str, ...]:
        """The facts that are not known, and that its need depends on."""
        courses, _ = self.timeline.find(self.case.on)
        wanted = facts_of(move.needs) if move.needs else ()
        return tuple(i for i in wanted if courses.track(i).at(0)[0] is ABSENT)

    def _opened(self, move: Move, offered: Sequence[Move]) -> bool:
        """Whether other moves, done in some order, let this one begin. For each fact that it needs
        only the last move that sets it matters, so that no more are tried than facts are set."""
        if move.id in self.case.wishes.without or move.needs is None:
            return False
        needs = set(facts_of(move.needs))
        helpers = [(m, found) for m in offered if (found := self.touched(m) & needs)]
        facts = {ident for _, found in helpers for ident in found}
        return any(
            self.begins(move, self._one_by_one(some)) is not None
            for size in range(1, len(facts) + 1)
            for some in permutations([helper for helper, _ in helpers], size)
        )

    def touched(self, move: Move) -> frozenset[str]:
        """The facts on which a move has any effect."""
        courses, _ = self.timeline.find(self.case.on)
        return courses.touched(Done(move, self.case.on, self.case.on))

    def _one_by_one(self, moves: Sequence[Move]) -> Set:
        """Moves done day after day from the first day on: which of two comes last matters."""
        days = (self.case.on + ONE_DAY * n for n in range(len(moves)))
        return tuple(Done(move, self.case.on, day) for move, day in zip(moves, days, strict=True))

    @cached_property
    def _alone(self) -> Mapping[str, date | None]:
        return {move.id: self.begins(move, ()) for move in self.case.moves.moves}

    def begins(self, move: Move, done: Set) -> date | None:
        """The first day on which a move can surely be begun, with others done; None: never."""
        if move.only == "lapsed_permit" and self.case.start(self.case.rules).permit is NO_PERMIT:
            return None
        needs = facts_of(move.needs) if move.needs else ()
        courses, _ = self.timeline.find(self.case.on)
        helped = tuple(one for one in done if courses.touched(one) & set(needs))
        key = move.id, frozenset(helped)
        if key not in self._begun:
            self._begun[key] = self._first_day(move, needs, helped)
        return self._begun[key]

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
        if move.needs is None:
            return True
        ends: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        courses, _ = self.timeline.find(day)
        for ident in facts_of(move.needs):
            low, high = courses.on_day(ident, day, done)
            for one in done:  # a certificate is there on its day, whenever the measure counts it
                if one.on <= day and ident in one.move.sets:
                    low = high = one.move.sets[ident]
            if low is ABSENT:
                return False
            ends[0][ident], ends[1][ident] = low, high
        test = move.needs.test()
        return test(ends[0]) and test(ends[1])

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
            ends = minus_months(day, -months(move))
            if ends > self.case.last:
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
