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
        possible = [move for move in moves if self._first_days_alone[move.id] is not None]
        for _ in moves:  # a move may open another, and that one a third
            opened = [
                move
                for move in moves
                if move not in possible and self._is_opened_by(move, possible)
            ]
            if not opened:
                break
            possible += opened
        return tuple(move for move in moves if move in possible)

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
        tracks = [
            trajectories.get_track(i) for trajectories in self.timeline.segments for i in needs
        ]
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
        own_missing = self._find_own_missing(move)
        if own_missing or move.needs is None:
            return own_missing
        needs = set(list_condition_facts(move.needs))
        helpers = [
            m
            for m in self.hopeful_schedule.offered_moves
            if m is not move and self.affected_facts(m) & needs
        ]
        return tuple(dict.fromkeys(i for m in helpers for i in self._find_own_missing(m)))

    def _find_own_missing(self, move: Move) -> tuple[str, ...]:
        precondition = self._get_precondition(move)
        if precondition is None:
            return ()
        return precondition.find_missing(
            {i: self._first_segment.bound_on_day(i, self.case.on) for i in precondition.facts}
        )

    def _is_opened_by(self, move: Move, offered: Sequence[Move]) -> bool:
        """Whether other moves, done in some order, let this one begin. For each fact that it needs
        only the last move that sets it matters, so that no more are tried than facts are set."""
        if move.needs is None:
            return False
        needs = set(list_condition_facts(move.needs))
        helpers = [(m, relevant) for m in offered if (relevant := self.affected_facts(m) & needs)]
        facts = {fact_id for _, relevant in helpers for fact_id in relevant}
        return any(
            self.find_first_begin(move, self._time_one_by_one(order)) is not None
            for size in range(1, len(facts) + 1)
            for order in permutations([helper for helper, _ in helpers], size)
        )

    def affected_facts(self, move: Move) -> frozenset[str]:
        """The facts on which a move has any effect."""
        return self._first_segment.affected_facts(TimedMove(move, self.case.on, self.case.on))

    def _time_one_by_one(self, moves: Sequence[Move]) -> MoveSet:
        """Moves done day after day from the first day on: which of two comes last matters."""
        days = (self.case.on + ONE_DAY * number for number in range(len(moves)))
        return tuple(
            TimedMove(move, self.case.on, day) for move, day in zip(moves, days, strict=True)
        )

    @cached_property
    def _first_days_alone(self) -> Mapping[str, date | None]:
        return {move.id: self.find_first_begin(move, ()) for move in self.case.moves.moves}

    def find_first_begin(self, move: Move, timed_moves: MoveSet) -> date | None:
        """The first day on which a move can be begun (surely, or perhaps where the schedule is
        hopeful), with others done; None: never."""
        if (
            move.only == "lapsed_permit"
            and self.case.get_initial_state(self.case.rules).permit is NO_PERMIT
        ):
            return None
        precondition = self._get_precondition(move)
        needed_facts = precondition.facts if precondition else ()
        affected_facts = self._first_segment.affected_facts
        relevant = tuple(
            timed_move
            for timed_move in timed_moves
            if not affected_facts(timed_move).isdisjoint(needed_facts)
        )
        key = move.id, frozenset(relevant)
        if key not in self._begin_cache:
            self._begin_cache[key] = self._search_first_day(move, needed_facts, relevant)
        return self._begin_cache[key]

    @cached_property
    def _first_segment(self) -> Trajectories:
        """The facts through the days under the measure of the first day."""
        return self.timeline.find_day(self.case.on)[0]

    @cached_property
    def _begin_cache(self) -> dict[tuple[str, frozenset[TimedMove]], date | None]:
        return {}

    def _search_first_day(
        self, move: Move, needed_facts: Sequence[str], relevant: MoveSet
    ) -> date | None:
        for day in self._list_deciding_days(needed_facts, relevant):
            if move.is_open_on(day) and self._can_begin(move, day, relevant):
                return day
        return None

    def _list_deciding_days(
        self, needed_facts: Sequence[str], timed_moves: MoveSet
    ) -> Iterator[date]:
        """The days on which the answer to what a move needs can change."""
        candidates = {self.case.on, *(timed_move.on for timed_move in timed_moves)}
        initial = self.case.get_initial_state(self.case.rules)
        for fact in (initial.rules.vocabulary[fact_id] for fact_id in needed_facts):
            if is_age(fact):
                candidates |= {*list_age_changes(initial, fact, self.case.last_day)}
        for trajectories in self.timeline.segments:
            days = trajectories.span.days
            candidates.add(days[0])
            for fact_id in needed_facts:
                candidates |= {
                    days[number]
                    for number in trajectories.get_track(fact_id, timed_moves).list_changes()
                }
        yield from sorted(day for day in candidates if self.case.on <= day <= self.case.last_day)

    def _can_begin(self, move: Move, day: date, timed_moves: MoveSet) -> bool:
        precondition = self._get_precondition(move)
        if precondition is None:
            return True
        ranges, (trajectories, _) = dict[str, FactRange](), self.timeline.find_day(day)
        for fact_id in precondition.facts:
            ranges[fact_id] = trajectories.bound_on_day(fact_id, day, timed_moves)
            for (
                timed_move
            ) in timed_moves:  # a certificate is there on its day, whenever the measure counts it
                if timed_move.on <= day and fact_id in timed_move.move.sets:
                    ranges[fact_id] = (timed_move.move.sets[fact_id],) * 2
        is_met = precondition.is_met(ranges)
        return is_met is True or (is_met is None and self.is_hopeful)

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
        remaining, timed_moves = list(moves), list[TimedMove]()
        while remaining:
            starts = [
                (self._find_begin(move, tuple(timed_moves)), number)
                for number, move in enumerate(remaining)
            ]
            possible = [(day, number) for day, number in starts if day is not None]
            if not possible:
                return None
            day, number = min(possible)
            move = remaining.pop(number)
            ends = subtract_months(day, -months(move))
            if ends > (self.last_day or self.case.last_day):
                return None
            timed_moves.append(TimedMove(move, day, ends, move.is_at_will))
        return tuple(timed_moves) if _has_no_alternatives_at_once(timed_moves) else None

    def _find_begin(self, move: Move, timed_moves: MoveSet) -> date | None:
        alone = self._first_days_alone[move.id]
        if alone == self.case.on or not timed_moves:
            return alone
        return self.find_first_begin(move, timed_moves)

    def list_sets(self, most: int, months: MonthsOfMove) -> list[MoveSet]:
        """Every set of at most so many moves that can be made, in time."""
        move_sets = list[MoveSet]()
        for size in range(most + 1):
            for moves in combinations(self.offered_moves, size):
                timed = self.schedule_moves(moves, months)
                if timed is not None:
                    move_sets.append(timed)
        return move_sets

    def list_sets_of_any_size(self, months: MonthsOfMove, most: int) -> list[MoveSet] | None:
        """Every set that can be made, grown move by move; None where there are more than `most`.
        The moves begun first of a set that can be made can be made without the others, so that
        none is missed."""
        set_by_ids: dict[frozenset[str], MoveSet] = {frozenset(): ()}
        smaller_layer, tried = list(set_by_ids), set[frozenset[str]]()
        while smaller_layer:
            larger = []
            for ids in smaller_layer:
                for move in self.offered_moves:
                    larger_ids = ids | {move.id}
                    if move.id in ids or larger_ids in tried:
                        continue
                    tried.add(larger_ids)
                    timed = self.schedule_moves(
                        [m for m in self.offered_moves if m.id in larger_ids], months
                    )
                    if timed is not None:
                        set_by_ids[larger_ids] = timed
                        larger.append(larger_ids)
                    if len(set_by_ids) > most:
                        return None
            smaller_layer = larger
        return list(set_by_ids.values())


def _has_no_alternatives_at_once(timed_moves: Sequence[TimedMove]) -> bool:
    """Of moves that stand for one another the later begins when the earlier is done."""
    for timed_move, other in combinations(timed_moves, 2):
        if timed_move.move.instead and timed_move.move.instead == other.move.instead:
            first, second = sorted((timed_move, other), key=lambda pair_member: pair_member.begun)
            if second.begun < first.on or second.begun == first.begun:
                return False
    return True
