"""The ways to the line: every set of moves of which none could be left out without being later.

All sets of at most so many moves that a person can make are scored on all days; a set is a route
where every smaller set inside it reaches the line later, or never. Where there is none at all, the
same is done for sets of any size, and the most that any of them gives is the bound that proves it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations

import numpy as np

from jifen.planning.case import Case, Timeline
from jifen.planning.course import Courses
from jifen.planning.model import Move
from jifen.planning.reach import Reach, conditions_met, reach
from jifen.planning.schedule import Schedule, Set
from jifen.policy.text import Text

MOST_MOVES = 3
PROOF_SETS = 6_000
"""Sets of any size that are looked at for a proof; beyond that it is said to be for MOST_MOVES."""


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """Moves with their days (at their shortest), the first day at the line (`reached_on`) and the
    first after it on which the line is not surely kept (`until`). `usual_on`: the day where every
    move takes as long as usual. `cost`: yuan of all moves; None where one is not known, and then
    `known_cost` is what the others cost. `frontier`: no other is better in day, cost and number."""

    done: Set
    reached_on: date
    until: date | None
    cost: Decimal | None
    known_cost: Decimal
    usual_on: date | None = None
    frontier: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """The moves."""
        return frozenset(one.move.id for one in self.done)


@dataclass(frozen=True, slots=True)
class Bound:
    """The proof that the line is not reached: the most total of any set of at most `moves` moves
    (None: of any number), on which day, by which; and the conditions that none of them meets."""

    most: Decimal
    threshold: Decimal
    on: date
    by: Set
    moves: int | None
    sets: int
    unmet: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """Every route, the earliest first. Where there is none, `bound` says why (None where missing
    facts leave it open: then `perhaps_on` is the first day on which it cannot be ruled out)."""

    found: tuple[Route, ...]
    bound: Bound | None
    perhaps_on: date | None
    sets: int
    days: int


def routes(case: Case, schedule: Schedule, most: int = MOST_MOVES) -> Routes:
    """The routes of a case."""
    sets = schedule.sets(most, case.wishes.shortest)
    timeline = timeline_of(case, sets)
    reached = reach(timeline, sets)
    found = [_route(case, sets[n], reached, n) for n in _minimal(sets, reached)]
    found = list(_with_usual(case, schedule, found))
    perhaps = [day for n in range(len(sets)) if (day := reached.first(n, surely=False))]
    bound = None if found or perhaps else _bound(case, schedule, sets, reached, timeline, most)
    ordered = sorted(_on_frontier(found), key=_order)
    return Routes(tuple(ordered), bound, min(perhaps, default=None), *reached.surely.shape)


def timeline_of(case: Case, sets: Sequence[Set]) -> Timeline:
    """The days on which any of the sets can change anything."""
    return case.timeline([*{one for done in sets for one in done}])


def _order(route: Route) -> tuple[date, int, Decimal, tuple[str, ...]]:
    return route.reached_on, len(route.done), route.known_cost, tuple(sorted(route.ids))


def _minimal(sets: Sequence[Set], reached: Reach) -> Iterator[int]:
    """The sets of which every smaller one is later."""
    first = {
        frozenset(one.move.id for one in done): reached.first(number)
        for number, done in enumerate(sets)
    }
    for number, ids in enumerate(first):
        day = first[ids]
        if day is None:
            continue
        smaller = (
            first.get(frozenset(some))
            for size in range(len(ids))
            for some in combinations(sorted(ids), size)
        )
        if all(other is None or other > day for other in smaller):
            yield number


def _route(case: Case, done: Set, reached: Reach, number: int) -> Route:
    day = reached.first(number)
    if day is None:
        raise LookupError("a route that reaches nothing")
    costs = [case.wishes.cost(one.move) for one in done]
    known = sum((cost for cost in costs if cost is not None), Decimal(0))
    return Route(done, day, reached.until(number), None if None in costs else known, known)


def _with_usual(case: Case, schedule: Schedule, found: Sequence[Route]) -> Iterator[Route]:
    """The routes with the day on which they get there at the usual pace."""
    again = [schedule.timed([one.move for one in r.done], case.wishes.usual) for r in found]
    sets = [done for done in again if done is not None]
    days = first_days(case, sets)
    for route, done in zip(found, again, strict=True):
        yield replace(route, usual_on=None if done is None else days[done])


def first_days(case: Case, sets: Sequence[Set]) -> dict[Set, date | None]:
    """For each set the first day at the line."""
    if not sets:
        return {}
    reached = reach(timeline_of(case, sets), sets)
    return {done: reached.first(number) for number, done in enumerate(sets)}


def _on_frontier(found: Sequence[Route]) -> Iterator[Route]:
    for route in found:
        yield replace(route, frontier=not any(_beats(other, route) for other in found))


def _beats(one: Route, other: Route) -> bool:
    """Whether one is as good in day, cost and number of moves, and better in one of them. Where a
    cost is not known, only a route that asks for nothing else, and for less, is better."""
    if one is other:
        return False
    if one.cost is None or other.cost is None:
        return one.reached_on <= other.reached_on and _asks_less(one, other)
    first, second = _measures(one), _measures(other)
    return all((first[0] <= second[0], first[1] <= second[1], first[2] <= second[2])) and (
        first != second
    )


def _measures(route: Route) -> tuple[date, Decimal, int]:
    return route.reached_on, route.known_cost, len(route.done)


def _asks_less(one: Route, other: Route) -> bool:
    """Whether each of its moves is in the other too, or one there that pays a higher base."""
    same, more = one.ids & other.ids, one.ids - other.ids
    rest = [done.move for done in other.done if done.move.id not in same]
    if len(one.done) > len(other.done) or one.ids == other.ids:
        return False
    return all(
        any(_is_less(done.move, move) for move in rest) for done in one.done if done.move.id in more
    )


def _is_less(one: Move, other: Move) -> bool:
    if one.contribute is None or other.contribute is None or one.instead != other.instead:
        return False
    return bool(one.instead) and one.contribute < other.contribute


def _bound(
    case: Case,
    schedule: Schedule,
    sets: list[Set],
    reached: Reach,
    timeline: Timeline,
    most: int,
) -> Bound | None:
    """The most that any set of moves gives; None where a larger set does reach the line."""
    every = schedule.sets_of_any_size(case.wishes.shortest, PROOF_SETS)
    proven = every is not None
    if every is not None and len(every) > len(sets):
        sets, timeline = every, timeline_of(case, every)
        reached = reach(timeline, sets)
        if reached.perhaps.any():
            return None
    number, day = np.unravel_index(int(reached.most.argmax()), reached.most.shape)
    courses, _ = timeline.find(reached.days[int(day)])
    points = courses.start.rules.precision
    return Bound(
        Decimal(int(reached.most[number, day])).scaleb(-points),
        Decimal(int(reached.lines[day])).scaleb(-points),
        reached.days[int(day)],
        sets[int(number)],
        None if proven else most,
        len(sets),
        tuple(_unmet(timeline.spans, sets)),
    )


def _unmet(spans: Sequence[Courses], sets: Sequence[Set]) -> Iterator[tuple[str, Text]]:
    """The conditions that no set meets on any day, and the vetoes that stand in each."""
    never: dict[str, Text] = {}
    for number, courses in enumerate(spans):
        failing = dict(conditions_met(courses, sets))
        here = {ident: label for ident, (label, met) in failing.items() if not met}
        never = here if number == 0 else {i: t for i, t in never.items() if i in here}
    yield from never.items()
