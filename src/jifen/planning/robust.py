"""What a route hangs on: each of its steps half a year late, or not made at all, and every reading
of the policy on which the sources disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jifen.planning.case import Case
from jifen.planning.model import Move
from jifen.planning.reach import Reach, reach
from jifen.planning.routes import Route, first_days
from jifen.planning.schedule import Schedule, Set
from jifen.policy.policy import Policy, Reading, Switch

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
    not at all (None), than under the chosen one."""

    switch: Switch
    reading: Reading
    reached_on: date | None


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
    otherwise = readings(case, [route.done for route in found])
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
            otherwise[route.done],
        )
        for number, route in enumerate(found)
    )


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
    chosen = _days(case, sets)
    found: dict[Set, list[Otherwise]] = {done: [] for done in sets}
    for policy in case.policies:
        for switch in policy.switches:
            for reading in switch.readings:
                if reading.id == case.readings.get(switch.id, switch.default):
                    continue
                other = replace(case, readings={**case.readings, switch.id: reading.id})
                if not _differs(case, other, policy):
                    continue
                for done, day in _days(other, sets).items():
                    if day != chosen[done]:
                        found[done].append(Otherwise(switch, reading, day))
    return {done: tuple(dict.fromkeys(some)) for done, some in found.items()}


def _days(case: Case, sets: Sequence[Set]) -> dict[Set, date | None]:
    if not sets:
        return {}
    reached: Reach = reach(case.timeline([*{o for d in sets for o in d}]), sets, compiled=False)
    return {done: reached.first(number) for number, done in enumerate(sets)}


def _differs(case: Case, other: Case, policy: Policy) -> bool:
    """Whether a reading changes the rules of any day of the case."""
    days = [case.on, case.last, *(o.since for o in policy.overlays)]
    return any(case.rules_on(day) is not other.rules_on(day) for day in days)
