"""Which routes no other beats in time, number of moves and cost."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from jifen.planning.model import Move
from jifen.planning.route_models import Route


def mark_frontier(routes: Sequence[Route]) -> Iterator[Route]:
    """Marks the routes that none beats in time and number of moves, or (where costs are known) in
    time and cost; not those for which another asks for less and is no later."""
    by_number = {r.move_ids: (r.reached_on, len(r.timed_moves)) for r in routes}
    by_cost = {r.move_ids: (r.reached_on, r.cost) for r in routes if r.cost is not None}
    for route in routes:
        ids = route.move_ids
        best = any(
            ids in candidates
            and not any(_beats(rival, candidates[ids]) for rival in candidates.values())
            for candidates in (by_number, by_cost)
        )
        harder = any(
            rival.reached_on <= route.reached_on and _asks_less(rival, route) for rival in routes
        )
        yield replace(route, frontier=best and not harder)


def _beats(values: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    """Whether one is as good in both, and better in one of them."""
    return values != other and values[0] <= other[0] and values[1] <= other[1]


def _asks_less(route: Route, other: Route) -> bool:
    """Whether each of its moves is in the other too, or one there that pays a higher base."""
    same, extra = route.move_ids & other.move_ids, route.move_ids - other.move_ids
    other_moves = [
        timed_move.move for timed_move in other.timed_moves if timed_move.move.id not in same
    ]
    if len(route.timed_moves) > len(other.timed_moves) or route.move_ids == other.move_ids:
        return False
    return all(
        any(_pays_less(timed_move.move, move) for move in other_moves)
        for timed_move in route.timed_moves
        if timed_move.move.id in extra
    )


def _pays_less(move: Move, other: Move) -> bool:
    if move.contribute is None or other.contribute is None or move.instead != other.instead:
        return False
    return bool(move.instead) and move.contribute < other.contribute
