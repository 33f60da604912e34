"""What the planner answers with: routes, routes that may be, and the proof where there is none."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jifen.planning.schedule import MoveSet
from jifen.policy.text import Text


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
        return frozenset(timed_move.move.id for timed_move in self.timed_moves)


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
        return frozenset(timed_move.move.id for timed_move in self.timed_moves)


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
