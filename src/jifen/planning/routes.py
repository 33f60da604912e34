"""The ways to the line: every set of moves of which none could be left out without being later.

All sets of at most so many moves that a person can make are scored on all days; a set is a route
where every smaller set inside it reaches the line later, or never. Where there is none at all, the
same is done for sets of any size, and where none of them gets there, the nearest that any comes to
the line is the bound that proves it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from jifen.planning.case import PlanCase, Timeline
from jifen.planning.effects import TimedMove
from jifen.planning.move_set_scores import MoveSetScores, score_move_sets
from jifen.planning.route_frontier import mark_frontier
from jifen.planning.route_models import OpenRoute, Route, RouteSearch
from jifen.planning.route_proof import prove_bound
from jifen.planning.schedule import MoveSet, Schedule
from jifen.planning.searched_sets import SearchedSets
from jifen.policy.months import subtract_months

MOST_MOVES = 3
PROOF_SETS = 6_000
"""Sets of any size that are looked at for a proof; beyond that it is said to be for MOST_MOVES."""


def find_routes(case: PlanCase, schedule: Schedule, most: int = MOST_MOVES) -> RouteSearch:
    """The routes of a case: of at most so many moves, or, where none of these gets there, longer
    ones (as far as PROOF_SETS goes)."""
    searched, longest = (
        _search_sets(schedule.list_sets(most, case.wishes.shortest_months), case),
        most,
    )
    if not searched.routes:
        all_sets = schedule.list_sets_of_any_size(case.wishes.shortest_months, PROOF_SETS)
        longest = most if all_sets is None else 0
        if all_sets is not None and len(all_sets) > len(searched.sets):
            searched = _search_sets(all_sets, case)
    families, longest = _add_hopeful_sets(case, schedule, searched, longest, most)
    routes = list(_add_usual_days(case, schedule, _fix_gift_days(case, searched.routes)))
    ordered = tuple(sorted(mark_frontier(routes), key=_sort_key))
    days = [family.perhaps_on for family in families if family.perhaps_on]
    bound = None if routes or days else prove_bound(families, longest or None)
    worst = ordered[0].reached_on if ordered else None
    opened = tuple(_list_open_routes(families, worst))
    return RouteSearch(
        ordered, bound, min(days, default=None), opened, *searched.reached.surely.shape
    )


def _search_sets(sets: list[MoveSet], case: PlanCase) -> SearchedSets:
    timeline = timeline_for_sets(case, sets)
    scores = score_move_sets(timeline, sets)
    routes = [
        _make_route(case, sets[number], scores, number)
        for number in _list_minimal_sets(sets, scores)
    ]
    return SearchedSets(sets, timeline, scores, routes)


def _add_hopeful_sets(
    case: PlanCase, schedule: Schedule, searched: SearchedSets, longest: int, most: int
) -> tuple[list[SearchedSets], int]:
    """What was looked at, and the sets that can be made, or sooner, only if what is not known turns
    out well; with the most moves of a set (0: sets of any size). Such a set is never later than it
    would be by any completion of the facts."""
    if searched.perhaps_on == case.on or not schedule.is_in_doubt:
        return [searched], longest
    # a move that is done later can bring no sooner day
    hopeful, months = (
        replace(schedule.hopeful_schedule, last_day=searched.perhaps_on),
        case.wishes.shortest_months,
    )
    all_sets = None if longest else hopeful.list_sets_of_any_size(months, PROOF_SETS)
    if all_sets is None:
        longest = most
        all_sets = hopeful.list_sets(most, months)
    known_sets = set(searched.sets)
    more_sets = [move_set for move_set in all_sets if move_set not in known_sets]
    if not more_sets:
        return [searched], longest
    timeline = timeline_for_sets(
        case, more_sets, searched.perhaps_on
    )  # no later day can be the first
    return [
        searched,
        SearchedSets(more_sets, timeline, score_move_sets(timeline, more_sets), []),
    ], longest


MOST_OPEN = 5
"""So many of them are named."""


def _list_open_routes(families: Sequence[SearchedSets], worst: date | None) -> Iterator[OpenRoute]:
    """The sets that may reach the line before a day, none of which a smaller one makes needless."""
    first_by_ids: dict[frozenset[str], tuple[date, MoveSet]] = {}
    for family in families:
        for move_set, day in zip(family.sets, family.perhaps_by_set, strict=True):
            ids = frozenset(timed_move.move.id for timed_move in move_set)
            if day is not None and (worst is None or day < worst):
                first_by_ids[ids] = min(
                    first_by_ids.get(ids, (day, move_set)),
                    (day, move_set),
                    key=lambda entry: entry[0],
                )
    ordered = sorted(
        first_by_ids.items(), key=lambda item: (item[1][0], len(item[0]), sorted(item[0]))
    )
    shown: list[frozenset[str]] = []
    for ids, (day, move_set) in ordered:
        if len(shown) < MOST_OPEN and not any(smaller <= ids for smaller in shown):
            shown.append(ids)
            yield OpenRoute(move_set, day)


def timeline_for_sets(
    case: PlanCase, sets: Sequence[MoveSet], last: date | None = None
) -> Timeline:
    """The days (up to `last`) on which any of the sets can change anything."""
    return case.build_timeline(
        [*{timed_move for move_set in sets for timed_move in move_set}], last=last
    )


def _sort_key(route: Route) -> tuple[date, int, Decimal, tuple[str, ...]]:
    return route.reached_on, len(route.timed_moves), route.known_cost, tuple(sorted(route.move_ids))


def _list_minimal_sets(sets: Sequence[MoveSet], scores: MoveSetScores) -> Iterator[int]:
    """The sets of which every smaller one is later."""
    first_days = {
        frozenset(timed_move.move.id for timed_move in move_set): scores.first_day(number)
        for number, move_set in enumerate(sets)
    }
    for number, ids in enumerate(first_days):
        day = first_days[ids]
        if day is None:
            continue
        smaller = (
            first_days.get(frozenset(smaller_ids))
            for size in range(len(ids))
            for smaller_ids in combinations(sorted(ids), size)
        )
        if all(other is None or other > day for other in smaller):
            yield number


def _make_route(case: PlanCase, move_set: MoveSet, scores: MoveSetScores, number: int) -> Route:
    day = scores.first_day(number)
    if day is None:
        raise LookupError("a route that reaches nothing")
    costs = [case.wishes.find_cost(timed_move.move) for timed_move in move_set]
    known_cost = sum((cost for cost in costs if cost is not None), Decimal(0))
    until, lost = (scores.kept_until(number, surely=surely) for surely in (True, False))
    perhaps = scores.first_day(number, surely=False) or day
    return Route(
        move_set, day, until, lost, None if None in costs else known_cost, known_cost, perhaps
    )


def _fix_gift_days(case: PlanCase, routes: Sequence[Route]) -> list[Route]:
    """What is made at will gets its day: the last on which it still counts for the day at the line,
    as then it counts the longest after it."""
    sets = [
        tuple(_fix_gift_day(case, timed_move, route.reached_on) for timed_move in route.timed_moves)
        for route in routes
    ]
    changed = [
        move_set
        for move_set, route in zip(sets, routes, strict=True)
        if move_set != route.timed_moves
    ]
    if not changed:
        return list(routes)
    scores = score_move_sets(timeline_for_sets(case, changed), changed)
    ends = {
        move_set: (scores.kept_until(number), scores.kept_until(number, surely=False))
        for number, move_set in enumerate(changed)
    }
    return [
        _replace_ending(route, move_set, ends.get(move_set))
        for move_set, route in zip(sets, routes, strict=True)
    ]


def _replace_ending(
    route: Route, move_set: MoveSet, ends: tuple[date | None, date | None] | None
) -> Route:
    until, lost = ends or (route.until, route.lost_on)
    return replace(route, timed_moves=move_set, until=until, lost_on=lost)


def _fix_gift_day(case: PlanCase, timed_move: TimedMove, reached_on: date) -> TimedMove:
    if not timed_move.at_will:
        return timed_move
    counting = (case.rules_on(reached_on) or case.rules).reference.day_for(reached_on)
    months = case.wishes.shortest_months(timed_move.move)
    begun = max(timed_move.begun, subtract_months(counting, months))
    return TimedMove(timed_move.move, begun, max(timed_move.on, counting))


def _add_usual_days(case: PlanCase, schedule: Schedule, routes: Sequence[Route]) -> Iterator[Route]:
    """The routes with the day on which they get there at the usual pace."""
    usual_sets = [
        schedule.schedule_moves(
            [timed_move.move for timed_move in route.timed_moves], case.wishes.usual_months
        )
        for route in routes
    ]
    sets = [move_set for move_set in usual_sets if move_set is not None]
    days = find_first_days(case, sets)
    for route, move_set in zip(routes, usual_sets, strict=True):
        yield replace(route, usual_on=None if move_set is None else days[move_set])


def find_first_days(case: PlanCase, sets: Sequence[MoveSet]) -> dict[MoveSet, date | None]:
    """For each set the first day at the line."""
    if not sets:
        return {}
    scores = score_move_sets(timeline_for_sets(case, sets), sets)
    return {move_set: scores.first_day(number) for number, move_set in enumerate(sets)}
