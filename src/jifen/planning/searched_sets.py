"""Sets of moves on all days, and the minimal ones of those that get there."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from jifen.planning.case import Timeline
from jifen.planning.move_set_scores import MoveSetScores
from jifen.planning.route_models import Route
from jifen.planning.schedule import MoveSet


@dataclass(frozen=True, eq=False)
class SearchedSets:
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
        return [self.reached.first_day(number, surely=False) for number in range(len(self.sets))]
