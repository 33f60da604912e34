"""What a route hangs on: each of its steps half a year late, or not made at all, and every reading
of the policy on which the sources disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jifen.planning.case import PlanCase
from jifen.planning.model import Move
from jifen.planning.move_set_scores import MoveSetScores, score_move_sets
from jifen.planning.routes import Route, find_first_days, timeline_for_sets
from jifen.planning.schedule import MoveSet, Schedule
from jifen.planning.trajectories import Trajectories
from jifen.policy.model import Rules
from jifen.policy.policy import Reading, Switch

DELAY_MONTHS = 6
"""Months by which a step is taken to be late."""


@dataclass(frozen=True, slots=True)
class StepDelay:
    """A step of a route: the day at the line where it is half a year late, and where it is never
    made (None: not within the years)."""

    move: Move
    reached_if_late: date | None
    reached_without: date | None


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Another reading of the policy under which a route (or waiting) gets there on another day, or
    not surely (None), or keeps the line for another time than under the chosen one. `perhaps_on`:
    the first day on which it cannot be ruled out; None: never within the years. `until`: the first
    day on which the line is not surely kept."""

    switch: Switch
    reading: Reading
    reached_on: date | None
    perhaps_on: date | None
    until: date | None


@dataclass(frozen=True, slots=True, eq=False)
class RouteRobustness:
    """A route with what it hangs on: steps that delay it when late, and readings that change it."""

    route: Route
    delays: tuple[StepDelay, ...]
    readings: tuple[OtherReading, ...]

    @property
    def critical_moves(self) -> tuple[Move, ...]:
        """The steps of which half a year moves the day, the most decisive first."""
        moved = [
            s
            for s in self.delays
            if s.reached_if_late is None or s.reached_if_late > self.route.reached_on
        ]
        worst = sorted(moved, key=lambda s: s.reached_if_late or date.max, reverse=True)
        return tuple(slip.move for slip in worst)


def assess_robustness(
    case: PlanCase, schedule: Schedule, found: Sequence[Route]
) -> tuple[RouteRobustness, ...]:
    """Look at every route."""
    tried = list(_list_trials(case, schedule, found))
    days = find_first_days(
        case, list(dict.fromkeys(done for _, _, _, done in tried if done is not None))
    )
    said: dict[tuple[int, str, str], date | None] = {
        (number, ident, what): None if done is None else days[done]
        for number, ident, what, done in tried
    }
    sets = [_retime_moves(case, schedule, route) for route in found]
    otherwise = list_other_readings(case, sets)
    return tuple(
        RouteRobustness(
            route,
            tuple(
                StepDelay(
                    one.move,
                    said[number, one.move.id, "late"],
                    said[number, one.move.id, "without"],
                )
                for one in route.timed_moves
            ),
            otherwise[sets[number]],
        )
        for number, route in enumerate(found)
    )


def _retime_moves(case: PlanCase, schedule: Schedule, route: Route) -> MoveSet:
    """Its moves as they were looked at: what can be given on any day has no day yet."""
    return (
        schedule.schedule_moves(
            [one.move for one in route.timed_moves], case.wishes.shortest_months
        )
        or route.timed_moves
    )


_Trial = tuple[int, str, str, MoveSet | None]


def _list_trials(case: PlanCase, schedule: Schedule, found: Sequence[Route]) -> Iterator[_Trial]:
    for number, route in enumerate(found):
        moves = [one.move for one in route.timed_moves]
        for move in moves:
            months = dict(case.wishes.months) | {
                move.id: case.wishes.shortest_months(move) + DELAY_MONTHS
            }
            late = replace(case.wishes, months=months)
            yield number, move.id, "late", schedule.schedule_moves(moves, late.shortest_months)
            rest = [other for other in moves if other is not move]
            yield (
                number,
                move.id,
                "without",
                schedule.schedule_moves(rest, case.wishes.shortest_months),
            )


def list_other_readings(
    case: PlanCase, sets: Sequence[MoveSet]
) -> Mapping[MoveSet, tuple[OtherReading, ...]]:
    """For each set the readings of the policy that change its day."""
    found: dict[MoveSet, list[OtherReading]] = {done: [] for done in sets}
    timeline = timeline_for_sets(case, sets)
    chosen = _find_days(score_move_sets(timeline, sets), sets) if sets else {}
    for switch, reading in _list_unchosen(case) if sets else ():
        other = replace(case, readings={**case.readings, switch.id: reading.id})
        rules = [_rules_under(other, courses) for courses in timeline.segments]
        same = (courses.initial.rules for courses in timeline.segments)
        if all(one is now for one, now in zip(rules, same, strict=True)):
            continue
        if all(map(_derives_facts_alike, rules, timeline.segments)):
            days = _find_days(score_move_sets(timeline, sets, rules), sets)
        else:  # months are counted in another way: the person's facts are others
            again = timeline_for_sets(other, sets)
            days = _find_days(score_move_sets(again, sets), sets)
        for done, ends in days.items():
            if (ends[0], ends[2]) != (chosen[done][0], chosen[done][2]):
                found[done].append(OtherReading(switch, reading, *ends))
    return {done: tuple(some) for done, some in found.items()}


def _list_unchosen(case: PlanCase) -> Iterator[tuple[Switch, Reading]]:
    """Every reading that is not the chosen one."""
    switches = {s.id: s for policy in reversed(case.policies) for s in policy.switches}
    for switch in switches.values():
        for reading in switch.readings:
            if reading.id != case.readings.get(switch.id, switch.default):
                yield switch, reading


def _rules_under(case: PlanCase, courses: Trajectories) -> Rules:
    rules = case.rules_on(courses.span.days[0])
    return rules or courses.initial.rules


def _derives_facts_alike(rules: Rules, courses: Trajectories) -> bool:
    """Whether facts come about in the same way."""
    mine = courses.initial.rules
    return (rules.contributions, rules.reference, rules.series) == (
        mine.contributions,
        mine.reference,
        mine.series,
    )


def _find_days(
    reached: MoveSetScores, sets: Sequence[MoveSet]
) -> dict[MoveSet, tuple[date | None, ...]]:
    """For each set the first day surely, and perhaps, at the line, and the first day after it on
    which it is not surely there."""
    return {
        done: (
            reached.first_day(number),
            reached.first_day(number, surely=False),
            reached.kept_until(number) if reached.surely[number].any() else None,
        )
        for number, done in enumerate(sets)
    }
