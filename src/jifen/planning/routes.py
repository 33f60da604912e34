"""The ways to the line: every set of moves of which none could be left out without being later.

All sets of at most so many moves that a person can make are scored on all days; a set is a route
where every smaller set inside it reaches the line later, or never. Where there is none at all, the
same is done for sets of any size, and where none of them gets there, the nearest that any comes to
the line is the bound that proves it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from jifen.planning.case import PlanCase, Timeline
from jifen.planning.effects import TimedMove
from jifen.planning.model import Move
from jifen.planning.move_set_scores import MoveSetScores, list_conditions_met, score_move_sets
from jifen.planning.schedule import MoveSet, Schedule
from jifen.planning.trajectories import Trajectories
from jifen.policy.months import subtract_months
from jifen.policy.text import Text

MOST_MOVES = 3
PROOF_SETS = 6_000
"""Sets of any size that are looked at for a proof; beyond that it is said to be for MOST_MOVES."""


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """Moves with their days (at their shortest), the first day at the line (`reached_on`), the
    first after it on which the line is not surely kept (`until`), and the first on which it is
    surely lost (`lost_on`). `usual_on`: the day where every move takes as long as usual. `cost`:
    yuan of all moves; None where one is not known, and then `known_cost` is what the others cost.
    `perhaps_on`: the first day on which it cannot be ruled out that the line is reached.
    `frontier`: no other is better in day and number of moves, or in day and cost."""

    timed_moves: MoveSet
    reached_on: date
    until: date | None
    lost_on: date | None
    cost: Decimal | None
    known_cost: Decimal
    perhaps_on: date
    usual_on: date | None = None
    frontier: bool = False

    @property
    def move_ids(self) -> frozenset[str]:
        """The moves."""
        return frozenset(one.move.id for one in self.timed_moves)


@dataclass(frozen=True, slots=True)
class Bound:
    """The proof that the line is not reached: how near any set of at most `moves` moves (None: of
    any number) comes to it on a day on which all conditions are met (where there is one), by which;
    and the conditions that none of them meets on any day."""

    most: Decimal
    threshold: Decimal
    on: date
    move_set: MoveSet
    moves: int | None
    sets: int
    unmet: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True, eq=False)
class OpenRoute:
    """Moves that may reach the line from a day on, sooner than any route surely does: whether they
    do, or can be made, hangs on what is not known."""

    timed_moves: MoveSet
    perhaps_on: date

    @property
    def move_ids(self) -> frozenset[str]:
        """The moves."""
        return frozenset(one.move.id for one in self.timed_moves)


@dataclass(frozen=True, slots=True, eq=False)
class RouteSearch:
    """Every route, the earliest first. `perhaps_on`: the first day on which it cannot be ruled out
    that the line is reached, by any moves that perhaps can be made (None: it is never); `open`: the
    moves that may do so before any route surely does, the earliest first. Where there is no route,
    `bound` says why (None where what is not known leaves it open)."""

    routes: tuple[Route, ...]
    bound: Bound | None
    perhaps_on: date | None
    open_routes: tuple[OpenRoute, ...]
    sets: int
    days: int

    @property
    def reached_on(self) -> date | None:
        """The first day on which any route surely reaches the line."""
        return self.routes[0].reached_on if self.routes else None


def find_routes(case: PlanCase, schedule: Schedule, most: int = MOST_MOVES) -> RouteSearch:
    """The routes of a case: of at most so many moves, or, where none of these gets there, longer
    ones (as far as PROOF_SETS goes)."""
    looked, longest = (
        _search_sets(schedule.list_sets(most, case.wishes.shortest_months), case),
        most,
    )
    if not looked.routes:
        every = schedule.list_sets_of_any_size(case.wishes.shortest_months, PROOF_SETS)
        longest = most if every is None else 0
        if every is not None and len(every) > len(looked.sets):
            looked = _search_sets(every, case)
    families, longest = _add_hopeful_sets(case, schedule, looked, longest, most)
    found = list(_add_usual_days(case, schedule, _fix_gift_days(case, looked.routes)))
    ordered = tuple(sorted(_mark_frontier(found), key=_sort_key))
    days = [family.perhaps_on for family in families if family.perhaps_on]
    bound = None if found or days else _prove_bound(families, longest or None)
    worst = ordered[0].reached_on if ordered else None
    opened = tuple(_list_open_routes(families, worst))
    return RouteSearch(
        ordered, bound, min(days, default=None), opened, *looked.reached.surely.shape
    )


@dataclass(frozen=True, eq=False)
class _SearchedSets:
    """Sets on all days, and the minimal ones of those that get there."""

    sets: list[MoveSet]
    timeline: Timeline
    reached: MoveSetScores
    routes: list[Route]

    @cached_property
    def perhaps_on(self) -> date | None:
        """The first day on which it cannot be ruled out that some set reaches the line."""
        return min((day for day in self.perhaps_by_set if day), default=None)

    @cached_property
    def perhaps_by_set(self) -> list[date | None]:
        """That day for each set."""
        return [self.reached.first_day(n, surely=False) for n in range(len(self.sets))]


def _search_sets(sets: list[MoveSet], case: PlanCase) -> _SearchedSets:
    timeline = timeline_for_sets(case, sets)
    reached = score_move_sets(timeline, sets)
    found = [_make_route(case, sets[n], reached, n) for n in _list_minimal_sets(sets, reached)]
    return _SearchedSets(sets, timeline, reached, found)


def _add_hopeful_sets(
    case: PlanCase, schedule: Schedule, looked: _SearchedSets, longest: int, most: int
) -> tuple[list[_SearchedSets], int]:
    """What was looked at, and the sets that can be made, or sooner, only if what is not known turns
    out well; with the most moves of a set (0: sets of any size). Such a set is never later than it
    would be by any completion of the facts."""
    if looked.perhaps_on == case.on or not schedule.is_in_doubt:
        return [looked], longest
    # a move that is done later can bring no sooner day
    hoping, months = (
        replace(schedule.hopeful_schedule, last_day=looked.perhaps_on),
        case.wishes.shortest_months,
    )
    every = None if longest else hoping.list_sets_of_any_size(months, PROOF_SETS)
    if every is None:
        longest = most
        every = hoping.list_sets(most, months)
    known = set(looked.sets)
    more = [done for done in every if done not in known]
    if not more:
        return [looked], longest
    timeline = timeline_for_sets(case, more, looked.perhaps_on)  # no later day can be the first
    return [looked, _SearchedSets(more, timeline, score_move_sets(timeline, more), [])], longest


MOST_OPEN = 5
"""So many of them are named."""


def _list_open_routes(families: Sequence[_SearchedSets], worst: date | None) -> Iterator[OpenRoute]:
    """The sets that may reach the line before a day, none of which a smaller one makes needless."""
    first: dict[frozenset[str], tuple[date, MoveSet]] = {}
    for family in families:
        for done, day in zip(family.sets, family.perhaps_by_set, strict=True):
            ids = frozenset(one.move.id for one in done)
            if day is not None and (worst is None or day < worst):
                first[ids] = min(first.get(ids, (day, done)), (day, done), key=lambda one: one[0])
    ordered = sorted(first.items(), key=lambda item: (item[1][0], len(item[0]), sorted(item[0])))
    shown: list[frozenset[str]] = []
    for ids, (day, done) in ordered:
        if len(shown) < MOST_OPEN and not any(smaller <= ids for smaller in shown):
            shown.append(ids)
            yield OpenRoute(done, day)


def timeline_for_sets(
    case: PlanCase, sets: Sequence[MoveSet], last: date | None = None
) -> Timeline:
    """The days (up to `last`) on which any of the sets can change anything."""
    return case.build_timeline([*{one for done in sets for one in done}], last=last)


def _sort_key(route: Route) -> tuple[date, int, Decimal, tuple[str, ...]]:
    return route.reached_on, len(route.timed_moves), route.known_cost, tuple(sorted(route.move_ids))


def _list_minimal_sets(sets: Sequence[MoveSet], reached: MoveSetScores) -> Iterator[int]:
    """The sets of which every smaller one is later."""
    first = {
        frozenset(one.move.id for one in done): reached.first_day(number)
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


def _make_route(case: PlanCase, done: MoveSet, reached: MoveSetScores, number: int) -> Route:
    day = reached.first_day(number)
    if day is None:
        raise LookupError("a route that reaches nothing")
    costs = [case.wishes.find_cost(one.move) for one in done]
    known = sum((cost for cost in costs if cost is not None), Decimal(0))
    until, lost = (reached.kept_until(number, surely=surely) for surely in (True, False))
    perhaps = reached.first_day(number, surely=False) or day
    return Route(done, day, until, lost, None if None in costs else known, known, perhaps)


def _fix_gift_days(case: PlanCase, found: Sequence[Route]) -> list[Route]:
    """What is made at will gets its day: the last on which it still counts for the day at the line,
    as then it counts the longest after it."""
    sets = [
        tuple(_fix_gift_day(case, one, route.reached_on) for one in route.timed_moves)
        for route in found
    ]
    changed = [done for done, route in zip(sets, found, strict=True) if done != route.timed_moves]
    if not changed:
        return list(found)
    reached = score_move_sets(timeline_for_sets(case, changed), changed)
    ends = {
        done: (reached.kept_until(number), reached.kept_until(number, surely=False))
        for number, done in enumerate(changed)
    }
    return [
        _replace_ending(route, done, ends.get(done))
        for done, route in zip(sets, found, strict=True)
    ]


def _replace_ending(
    route: Route, done: MoveSet, ends: tuple[date | None, date | None] | None
) -> Route:
    until, lost = ends or (route.until, route.lost_on)
    return replace(route, timed_moves=done, until=until, lost_on=lost)


def _fix_gift_day(case: PlanCase, one: TimedMove, reached_on: date) -> TimedMove:
    if not one.at_will:
        return one
    counting = (case.rules_on(reached_on) or case.rules).reference.day_for(reached_on)
    months = case.wishes.shortest_months(one.move)
    begun = max(one.begun, subtract_months(counting, months))
    return TimedMove(one.move, begun, max(one.on, counting))


def _add_usual_days(case: PlanCase, schedule: Schedule, found: Sequence[Route]) -> Iterator[Route]:
    """The routes with the day on which they get there at the usual pace."""
    again = [
        schedule.schedule_moves([one.move for one in r.timed_moves], case.wishes.usual_months)
        for r in found
    ]
    sets = [done for done in again if done is not None]
    days = find_first_days(case, sets)
    for route, done in zip(found, again, strict=True):
        yield replace(route, usual_on=None if done is None else days[done])


def find_first_days(case: PlanCase, sets: Sequence[MoveSet]) -> dict[MoveSet, date | None]:
    """For each set the first day at the line."""
    if not sets:
        return {}
    reached = score_move_sets(timeline_for_sets(case, sets), sets)
    return {done: reached.first_day(number) for number, done in enumerate(sets)}


def _mark_frontier(found: Sequence[Route]) -> Iterator[Route]:
    """Marks the routes that none beats in time and number of moves, or (where costs are known) in
    time and cost; not those for which another asks for less and is no later."""
    by_number = {r.move_ids: (r.reached_on, len(r.timed_moves)) for r in found}
    by_cost = {r.move_ids: (r.reached_on, r.cost) for r in found if r.cost is not None}
    for route in found:
        ids = route.move_ids
        best = any(
            ids in some and not any(_beats(one, some[ids]) for one in some.values())
            for some in (by_number, by_cost)
        )
        harder = any(o.reached_on <= route.reached_on and _asks_less(o, route) for o in found)
        yield replace(route, frontier=best and not harder)


def _beats(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    """Whether one is as good in both, and better in one of them."""
    return one != other and one[0] <= other[0] and one[1] <= other[1]


def _asks_less(one: Route, other: Route) -> bool:
    """Whether each of its moves is in the other too, or one there that pays a higher base."""
    same, more = one.move_ids & other.move_ids, one.move_ids - other.move_ids
    rest = [done.move for done in other.timed_moves if done.move.id not in same]
    if len(one.timed_moves) > len(other.timed_moves) or one.move_ids == other.move_ids:
        return False
    return all(
        any(_pays_less(done.move, move) for move in rest)
        for done in one.timed_moves
        if done.move.id in more
    )


def _pays_less(one: Move, other: Move) -> bool:
    if one.contribute is None or other.contribute is None or one.instead != other.instead:
        return False
    return bool(one.instead) and one.contribute < other.contribute


def _prove_bound(families: Sequence[_SearchedSets], most: int | None) -> Bound:
    """The nearest that any set of moves comes to the line on a day on which all conditions are met;
    where there is no such day, on any day, and the conditions say the rest."""
    some_met = any(family.reached.met.any() for family in families)
    nearest = [_find_nearest(family, only_met=some_met) for family in families]
    _, family, number, day = max(nearest, key=lambda one: one[0])
    reached = family.reached
    courses, _ = family.timeline.find_day(reached.days[day])
    points = courses.initial.rules.precision
    never = [
        dict(_list_unmet_conditions(family.timeline.segments, family.sets)) for family in families
    ]
    return Bound(
        Decimal(int(reached.most[number, day])).scaleb(-points),
        Decimal(int(reached.thresholds[day])).scaleb(-points),
        reached.days[day],
        family.sets[number],
        most,
        sum(len(family.sets) for family in families),
        tuple(one for one in never[0].items() if all(one[0] in other for other in never)),
    )


def _find_nearest(looked: _SearchedSets, *, only_met: bool) -> tuple[int, _SearchedSets, int, int]:
    """How near to the line the nearest set comes (scaled points, below 0), which, on which day."""
    short = looked.reached.most.astype(np.int64) - looked.reached.thresholds
    if only_met:
        short = np.where(looked.reached.met, short, np.iinfo(np.int64).min)
    number, day = np.unravel_index(int(short.argmax()), short.shape)
    return int(short[number, day]), looked, int(number), int(day)


def _list_unmet_conditions(
    spans: Sequence[Trajectories], sets: Sequence[MoveSet]
) -> Iterator[tuple[str, Text]]:
    """The conditions that no set meets on any day, and the vetoes that stand in each."""
    never: dict[str, Text] = {}
    for number, courses in enumerate(one for one in spans if not one.span.no_measure):
        failing = dict(list_conditions_met(courses, sets))
        here = {ident: label for ident, (label, met) in failing.items() if not met}
        never = here if number == 0 else {i: t for i, t in never.items() if i in here}
    yield from never.items()
