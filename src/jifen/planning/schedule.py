"""Which moves a person can make, and when each of a set of them is done."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations, permutations
from typing import Literal

from jifen.facts.permit import NO_PERMIT
from jifen.planning.ages import list_age_changes
from jifen.planning.case import PlanCase, Timeline
from jifen.planning.days import ONE_DAY
from jifen.planning.effects import TimedMove
from jifen.planning.model import Move
from jifen.planning.population_answers import is_age
from jifen.planning.preconditions import FactRange, Precondition
from jifen.planning.trajectories import Trajectories
from jifen.policy.condition import list_condition_facts
from jifen.policy.months import subtract_months

MoveStatusCode = Literal["offered", "ruled_out", "not_now", "unknown"]
MoveSet = tuple[TimedMove, ...]
MonthsOfMove = Callable[[Move], int]


@dataclass(frozen=True, slots=True)
class MoveStatus:
    """How a move stands for a person: offered, ruled out by them, not possible or of no use
    (`not_now`), or unknown for want of the facts that are missing."""

    move: Move
    status: MoveStatusCode
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Schedule:
    """The moves of a case in time. `hopeful`: each is begun on the first day on which it cannot be
    ruled out that it can be, and not on the first on which it surely can be. `last`: the day by
    which moves are done (None: the last of the case)."""

    case: PlanCase
    timeline: Timeline
    is_hopeful: bool = False
    last_day: date | None = None

    @cached_property
    def hopeful_schedule(self) -> "Schedule":
        """The same where every unknown fact turns out well for each move."""
        return self if self.is_hopeful else replace(self, is_hopeful=True)

    @cached_property
    def move_statuses(self) -> tuple[MoveStatus, ...]:
        """Every move of the city and how it stands."""
        return tuple(map(self._find_status, self.case.moves.moves))

    @cached_property
    def offered_moves(self) -> tuple[Move, ...]:
        """The moves that can be made, alone or after others."""
        without = self.case.wishes.ruled_out
        moves = [move for move in self.case.moves.moves if move.id not in without]
        found = [move for move in moves if self._first_days_alone[move.id] is not None]
        for _ in moves:  # a move may open another, and that one a third
            opened = [
                move for move in moves if move not in found and self._is_opened_by(move, found)
            ]
            if not opened:
                break
            found += opened
        return tuple(move for move in moves if move in found)

    @cached_property
    def is_in_doubt(self) -> bool:
        """Whether it is not known of some move if, or on which day, it can be begun."""
        days = [self._first_days_alone, self.hopeful_schedule._first_days_alone]
        same = self.offered_moves == self.hopeful_schedule.offered_moves
        return (
            not same
            or days[0] != days[1]
            or any(map(self._is_unsure, self.hopeful_schedule.offered_moves))
        )

    def _is_unsure(self, move: Move) -> bool:
        """Whether a fact that a move needs is not known on some day."""
        needs = list_condition_facts(move.needs) if move.needs else ()
        tracks = [courses.get_track(i) for courses in self.timeline.segments for i in needs]
        return any(track.has_absent_days or track.has_open_days for track in tracks)

    def _find_status(self, move: Move) -> MoveStatus:
        if move.id in self.case.wishes.ruled_out:
            return MoveStatus(move, "ruled_out")
        if move in self.offered_moves:
            return MoveStatus(move, "offered")
        if move in self.hopeful_schedule.offered_moves:
            return MoveStatus(move, "unknown", self.find_missing(move))
        return MoveStatus(move, "not_now")

    def find_missing(self, move: Move) -> tuple[str, ...]:
        """The facts that are not known, and that decide whether a move can be begun: its own, or
        where none of them is open those of the moves that open it."""
        own = self._find_own_missing(move)
        if own or move.needs is None:
            return own
        needs = set(list_condition_facts(move.needs))
        helpers = [
            m
            for m in self.hopeful_schedule.offered_moves
            if m is not move and self.affected_facts(m) & needs
        ]
        return tuple(dict.fromkeys(i for m in helpers for i in self._find_own_missing(m)))

    def _find_own_missing(self, move: Move) -> tuple[str, ...]:
        need = self._get_precondition(move)
        if need is None:
            return ()
        return need.find_missing(
            {i: self._first_segment.bound_on_day(i, self.case.on) for i in need.facts}
        )

    def _is_opened_by(self, move: Move, offered: Sequence[Move]) -> bool:
        """Whether other moves, done in some order, let this one begin. For each fact that it needs
        only the last move that sets it matters, so that no more are tried than facts are set."""
        if move.needs is None:
            return False
        needs = set(list_condition_facts(move.needs))
        helpers = [(m, found) for m in offered if (found := self.affected_facts(m) & needs)]
        facts = {ident for _, found in helpers for ident in found}
        return any(
            self.find_first_begin(move, self._time_one_by_one(some)) is not None
            for size in range(1, len(facts) + 1)
            for some in permutations([helper for helper, _ in helpers], size)
        )

    def affected_facts(self, move: Move) -> frozenset[str]:
        """The facts on which a move has any effect."""
        return self._first_segment.affected_facts(TimedMove(move, self.case.on, self.case.on))

    def _time_one_by_one(self, moves: Sequence[Move]) -> MoveSet:
        """Moves done day after day from the first day on: which of two comes last matters."""
        days = (self.case.on + ONE_DAY * n for n in range(len(moves)))
        return tuple(
            TimedMove(move, self.case.on, day) for move, day in zip(moves, days, strict=True)
        )

    @cached_property
    def _first_days_alone(self) -> Mapping[str, date | None]:
        return {move.id: self.find_first_begin(move, ()) for move in self.case.moves.moves}

    def find_first_begin(self, move: Move, done: MoveSet) -> date | None:
        """The first day on which a move can be begun (surely, or perhaps where the schedule is
        hopeful), with others done; None: never."""
        if (
            move.only == "lapsed_permit"
            and self.case.get_initial_state(self.case.rules).permit is NO_PERMIT
        ):
            return None
        need = self._get_precondition(move)
        needs = need.facts if need else ()
        touched = self._first_segment.affected_facts
        helped = tuple(one for one in done if not touched(one).isdisjoint(needs))
        key = move.id, frozenset(helped)
        if key not in self._begin_cache:
            self._begin_cache[key] = self._search_first_day(move, needs, helped)
        return self._begin_cache[key]

    @cached_property
    def _first_segment(self) -> Trajectories:
        """The facts through the days under the measure of the first day."""
        return self.timeline.find_day(self.case.on)[0]

    @cached_property
    def _begin_cache(self) -> dict[tuple[str, frozenset[TimedMove]], date | None]:
        return {}

    def _search_first_day(self, move: Move, needs: Sequence[str], helped: MoveSet) -> date | None:
        for day in self._list_deciding_days(needs, helped):
            if move.is_open_on(day) and self._can_begin(move, day, helped):
                return day
        return None

    def _list_deciding_days(self, needs: Sequence[str], done: MoveSet) -> Iterator[date]:
        """The days on which the answer to what a move needs can change."""
        found = {self.case.on, *(one.on for one in done)}
        start = self.case.get_initial_state(self.case.rules)
        for fact in (start.rules.vocabulary[ident] for ident in needs):
            if is_age(fact):
                found |= {*list_age_changes(start, fact, self.case.last_day)}
        for courses in self.timeline.segments:
            days = courses.span.days
            found.add(days[0])
            for ident in needs:
                found |= {days[n] for n in courses.get_track(ident, done).list_changes()}
        yield from sorted(day for day in found if self.case.on <= day <= self.case.last_day)

    def _can_begin(self, move: Move, day: date, done: MoveSet) -> bool:
        need = self._get_precondition(move)
        if need is None:
            return True
        ends, (courses, _) = dict[str, FactRange](), self.timeline.find_day(day)
        for ident in need.facts:
            ends[ident] = courses.bound_on_day(ident, day, done)
            for one in done:  # a certificate is there on its day, whenever the measure counts it
                if one.on <= day and ident in one.move.sets:
                    ends[ident] = (one.move.sets[ident],) * 2
        holds = need.is_met(ends)
        return holds is True or (holds is None and self.is_hopeful)

    def _get_precondition(self, move: Move) -> Precondition | None:
        if move.needs is None:
            return None
        if move.id not in self._preconditions:
            self._preconditions[move.id] = Precondition(move.needs, self.case.rules.vocabulary)
        return self._preconditions[move.id]

    @cached_property
    def _preconditions(self) -> dict[str, Precondition]:
        return {}

    def schedule_moves(self, moves: Sequence[Move], months: MonthsOfMove) -> MoveSet | None:
        """When each of some moves is done, each begun as soon as it can be; None where one cannot
        be begun, is not done in time, or two are made that stand for one another."""
        waiting, done = list(moves), list[TimedMove]()
        while waiting:
            starts = [(self._find_begin(move, tuple(done)), n) for n, move in enumerate(waiting)]
            possible = [(day, n) for day, n in starts if day is not None]
            if not possible:
                return None
            day, number = min(possible)
            move = waiting.pop(number)
            ends = subtract_months(day, -months(move))
            if ends > (self.last_day or self.case.last_day):
                return None
            done.append(TimedMove(move, day, ends, move.is_at_will))
        return tuple(done) if _has_no_alternatives_at_once(done) else None

    def _find_begin(self, move: Move, done: MoveSet) -> date | None:
        alone = self._first_days_alone[move.id]
        if alone == self.case.on or not done:
            return alone
        return self.find_first_begin(move, done)

    def list_sets(self, most: int, months: MonthsOfMove) -> list[MoveSet]:
        """Every set of at most so many moves that can be made, in time."""
        found = list[MoveSet]()
        for size in range(most + 1):
            for moves in combinations(self.offered_moves, size):
                timed = self.schedule_moves(moves, months)
                if timed is not None:
                    found.append(timed)
        return found

    def list_sets_of_any_size(self, months: MonthsOfMove, most: int) -> list[MoveSet] | None:
        """Every set that can be made, grown move by move; None where there are more than `most`.
        The moves begun first of a set that can be made can be made without the others, so that
        none is missed."""
        found: dict[frozenset[str], MoveSet] = {frozenset(): ()}
        layer, tried = list(found), set[frozenset[str]]()
        while layer:
            larger = []
            for ids in layer:
                for move in self.offered_moves:
                    wanted = ids | {move.id}
                    if move.id in ids or wanted in tried:
                        continue
                    tried.add(wanted)
                    timed = self.schedule_moves(
                        [m for m in self.offered_moves if m.id in wanted], months
                    )
                    if timed is not None:
                        found[wanted] = timed
                        larger.append(wanted)
                    if len(found) > most:
                        return None
            layer = larger
        return list(found.values())


def _has_no_alternatives_at_once(done: Sequence[TimedMove]) -> bool:
    """Of moves that stand for one another the later begins when the earlier is done."""
    for one, other in combinations(done, 2):
        if one.move.instead and one.move.instead == other.move.instead:
            first, second = sorted((one, other), key=lambda done: done.begun)
            if second.begun < first.on or second.begun == first.begun:
                return False
    return True
