"""What a route hangs on: each of its steps half a year late, or not made at all, and every reading
of the policy on which the sources disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jifen.planning.case import Case
from jifen.planning.course import Courses
from jifen.planning.model import Move
from jifen.planning.reach import Reach, reach
from jifen.planning.routes import Route, first_days, timeline_of
from jifen.planning.schedule import Schedule, Set
from jifen.policy.model import Rules
from jifen.policy.policy import Reading, Switch

SLIP = 6
"""Months by which a step is taken to be late."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A step of a route: the day at the line where it is half a year late, and where it is never
    made (None: not within the years)."""

    move: Move
    late: date | None
    without: date | None


@dataclass(frozen=True, slots=True)
class Otherwise:
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
class Robust:
    """A route with what it hangs on: steps that delay it when late, and readings that change it."""

    route: Route
    slips: tuple[Slip, ...]
    readings: tuple[Otherwise, ...]

    @property
    def hangs_on(self) -> tuple[Move, ...]:
        """The steps of which half a year moves the day, the most decisive first."""
        moved = [s for s in self.slips if s.late is None or s.late > self.route.reached_on]
        worst = sorted(moved, key=lambda s: s.late or date.max, reverse=True)
        return tuple(slip.move for slip in worst)


def robust(case: Case, schedule: Schedule, found: Sequence[Route]) -> tuple[Robust, ...]:
    """Look at every route."""
    tried = list(_tries(case, schedule, found))
    days = first_days(
        case, list(dict.fromkeys(done for _, _, _, done in tried if done is not None))
    )
    said: dict[tuple[int, str, str], date | None] = {
        (number, ident, what): None if done is None else days[done]
        for number, ident, what, done in tried
    }
    sets = [_at_will(case, schedule, route) for route in found]
    otherwise = readings(case, sets)
    return tuple(
        Robust(
            route,
            tuple(
                Slip(
                    one.move,
                    said[number, one.move.id, "late"],
                    said[number, one.move.id, "without"],
                )
                for one in route.done
            ),
            otherwise[sets[number]],
        )
        for number, route in enumerate(found)
    )


def _at_will(case: Case, schedule: Schedule, route: Route) -> Set:
    """Its moves as they were looked at: what can be given on any day has no day yet."""
    return schedule.timed([one.move for one in route.done], case.wishes.shortest) or route.done


_Try = tuple[int, str, str, Set | None]


def _tries(case: Case, schedule: Schedule, found: Sequence[Route]) -> Iterator[_Try]:
    for number, route in enumerate(found):
        moves = [one.move for one in route.done]
        for move in moves:
            months = dict(case.wishes.months) | {move.id: case.wishes.shortest(move) + SLIP}
            late = replace(case.wishes, months=months)
            yield number, move.id, "late", schedule.timed(moves, late.shortest)
            rest = [other for other in moves if other is not move]
            yield number, move.id, "without", schedule.timed(rest, case.wishes.shortest)


def readings(case: Case, sets: Sequence[Set]) -> Mapping[Set, tuple[Otherwise, ...]]:
    """For each set the readings of the policy that change its day."""
    found: dict[Set, list[Otherwise]] = {done: [] for done in sets}
    timeline = timeline_of(case, sets)
    chosen = _firsts(reach(timeline, sets), sets) if sets else {}
    for switch, reading in _others(case) if sets else ():
        other = replace(case, readings={**case.readings, switch.id: reading.id})
        rules = [_rules(other, courses) for courses in timeline.spans]
        same = (courses.start.rules for courses in timeline.spans)
        if all(one is now for one, now in zip(rules, same, strict=True)):
            continue
        if all(map(_alike, rules, timeline.spans)):
            days = _firsts(reach(timeline, sets, rules), sets)
        else:  # months are counted in another way: the person's facts are others
            again = timeline_of(other, sets)
            days = _firsts(reach(again, sets), sets)
        for done, ends in days.items():
            if (ends[0], ends[2]) != (chosen[done][0], chosen[done][2]):
                found[done].append(Otherwise(switch, reading, *ends))
    return {done: tuple(some) for done, some in found.items()}


def _others(case: Case) -> Iterator[tuple[Switch, Reading]]:
    """Every reading that is not the chosen one."""
    switches = {s.id: s for policy in reversed(case.policies) for s in policy.switches}
    for switch in switches.values():
        for reading in switch.readings:
            if reading.id != case.readings.get(switch.id, switch.default):
                yield switch, reading


def _rules(case: Case, courses: Courses) -> Rules:
    rules = case.rules_on(courses.span.days[0])
    return rules or courses.start.rules


def _alike(rules: Rules, courses: Courses) -> bool:
    """Whether facts come about in the same way."""
    mine = courses.start.rules
    return (rules.contributions, rules.reference, rules.series) == (
        mine.contributions,
        mine.reference,
        mine.series,
    )


def _firsts(reached: Reach, sets: Sequence[Set]) -> dict[Set, tuple[date | None, ...]]:
    """For each set the first day surely, and perhaps, at the line, and the first day after it on
    which it is not surely there."""
    return {
        done: (
            reached.first(number),
            reached.first(number, surely=False),
            reached.until(number) if reached.surely[number].any() else None,
        )
        for number, done in enumerate(sets)
    }
