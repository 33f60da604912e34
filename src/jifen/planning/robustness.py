"""What a route hangs on: each of its steps half a year late, or not made at all, and every reading
of the policy on which the sources disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jifen.planning.case import PlanCase
from jifen.planning.model import Move
from jifen.planning.move_set_scores import MoveSetScorer, MoveSetScores, score_move_sets
from jifen.planning.route_models import Route
from jifen.planning.routes import find_first_days, timeline_for_sets
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
    case: PlanCase, schedule: Schedule, routes: Sequence[Route]
) -> tuple[RouteRobustness, ...]:
    """Look at every route."""
    trials = list(_list_trials(case, schedule, routes))
    days = find_first_days(
        case, list(dict.fromkeys(move_set for _, _, _, move_set in trials if move_set is not None))
    )
    day_by_trial: dict[tuple[int, str, str], date | None] = {
        (number, move_id, trial): None if move_set is None else days[move_set]
        for number, move_id, trial, move_set in trials
    }
    sets = [_retime_moves(case, schedule, route) for route in routes]
    readings_by_set = list_other_readings(case, sets)
    return tuple(
        RouteRobustness(
            route,
            tuple(
                StepDelay(
                    timed_move.move,
                    day_by_trial[number, timed_move.move.id, "late"],
                    day_by_trial[number, timed_move.move.id, "without"],
                )
                for timed_move in route.timed_moves
            ),
            readings_by_set[sets[number]],
        )
        for number, route in enumerate(routes)
    )


def _retime_moves(case: PlanCase, schedule: Schedule, route: Route) -> MoveSet:
    """Its moves as they were looked at: what can be given on any day has no day yet."""
    return (
        schedule.schedule_moves(
            [timed_move.move for timed_move in route.timed_moves], case.wishes.shortest_months
        )
        or route.timed_moves
    )


_Trial = tuple[int, str, str, MoveSet | None]


def _list_trials(case: PlanCase, schedule: Schedule, routes: Sequence[Route]) -> Iterator[_Trial]:
    for number, route in enumerate(routes):
        moves = [timed_move.move for timed_move in route.timed_moves]
        for move in moves:
            months = dict(case.wishes.months) | {
                move.id: case.wishes.shortest_months(move) + DELAY_MONTHS
            }
            late = replace(case.wishes, months=months)
            yield number, move.id, "late", schedule.schedule_moves(moves, late.shortest_months)
            other_moves = [other for other in moves if other is not move]
            yield (
                number,
                move.id,
                "without",
                schedule.schedule_moves(other_moves, case.wishes.shortest_months),
            )


def list_other_readings(
    case: PlanCase, sets: Sequence[MoveSet]
) -> Mapping[MoveSet, tuple[OtherReading, ...]]:
    """For each set the readings of the policy that change its day."""
    readings_by_set: dict[MoveSet, list[OtherReading]] = {move_set: [] for move_set in sets}
    timeline = timeline_for_sets(case, sets)
    scorer = MoveSetScorer(timeline, sets)
    chosen_days = _find_days(scorer.score_sets(), sets) if sets else {}
    for switch, reading in _list_unchosen(case) if sets else ():
        other_case = replace(case, readings={**case.readings, switch.id: reading.id})
        rules = [_rules_under(other_case, trajectories) for trajectories in timeline.segments]
        current_rules = (trajectories.initial.rules for trajectories in timeline.segments)
        if all(new is current for new, current in zip(rules, current_rules, strict=True)):
            continue
        if all(map(_derives_facts_alike, rules, timeline.segments)):
            days = _find_days(scorer.score_sets(rules), sets)
        else:  # months are counted in another way: the person's facts are others
            other_timeline = timeline_for_sets(other_case, sets)
            days = _find_days(score_move_sets(other_timeline, sets), sets)
        for move_set, ends in days.items():
            if (ends[0], ends[2]) != (chosen_days[move_set][0], chosen_days[move_set][2]):
                readings_by_set[move_set].append(OtherReading(switch, reading, *ends))
    return {move_set: tuple(other_readings) for move_set, other_readings in readings_by_set.items()}


def _list_unchosen(case: PlanCase) -> Iterator[tuple[Switch, Reading]]:
    """Every reading that is not the chosen one."""
    switches = {s.id: s for policy in reversed(case.policies) for s in policy.switches}
    for switch in switches.values():
        for reading in switch.readings:
            if reading.id != case.readings.get(switch.id, switch.default):
                yield switch, reading


def _rules_under(case: PlanCase, trajectories: Trajectories) -> Rules:
    rules = case.rules_on(trajectories.span.days[0])
    return rules or trajectories.initial.rules


def _derives_facts_alike(rules: Rules, trajectories: Trajectories) -> bool:
    """Whether facts come about in the same way."""
    own_rules = trajectories.initial.rules
    return (rules.contributions, rules.reference, rules.series) == (
        own_rules.contributions,
        own_rules.reference,
        own_rules.series,
    )


def _find_days(
    scores: MoveSetScores, sets: Sequence[MoveSet]
) -> dict[MoveSet, tuple[date | None, ...]]:
    """For each set the first day surely, and perhaps, at the line, and the first day after it on
    which it is not surely there."""
    return {
        move_set: (
            scores.first_day(number),
            scores.first_day(number, surely=False),
            scores.kept_until(number) if scores.surely[number].any() else None,
        )
        for number, move_set in enumerate(sets)
    }
