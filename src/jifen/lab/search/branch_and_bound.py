"""The best choice of a space, with a proof: whole boxes of choices are left out where the fewest
and the most people that any choice of the box admits show that none of them can be it.

More points for an answer never take the line from anybody, so that two corners of a box bound what
lies between. Boxes are looked at in the order of the best that they could hold; when the best that
is left could hold nothing better than what was found, that is proved to be the best.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from jifen.lab.search.boxes import Box, narrow_box, split_box, whole_box
from jifen.lab.search.budget import Budget
from jifen.lab.search.objective import Objective
from jifen.lab.search.scorer import Scorer, VariantScore
from jifen.lab.search.space import Choice, Space

_AT_ONCE = 128
Directions = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search ended with. `best`: the best choice that meets the brief (None: none was
    found). `bound`: no choice has less of the first preference than this; `proved`: `best` has so
    much, or (without a best) no choice meets the brief."""

    best: VariantScore | None
    bound: float
    proved: bool


def search_boxes(
    space: Space,
    scorer: Scorer,
    objective: Objective,
    directions: Directions,
    budget: Budget,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """The best choice of a space, or as near to it as the budget allows."""
    return _Search(space, scorer, objective, directions).run_search(budget, progress)


class _Search:
    def __init__(
        self, space: Space, scorer: Scorer, objective: Objective, directions: Directions
    ) -> None:
        self._space, self._scorer, self._objective = space, scorer, objective
        self._directions = directions
        self._numbers = count()
        self._waiting: list[tuple[float, int, Box]] = []
        self._best: VariantScore | None = None

    def run_search(self, budget: Budget, progress: Callable[[int], None] | None) -> Outcome:
        self._add_box(whole_box(self._space), 0.0)
        while self._waiting and not self._is_settled() and budget.has_left(self._scorer.scored):
            boxes = [heapq.heappop(self._waiting) for _ in range(min(_AT_ONCE, len(self._waiting)))]
            self._scorer.score_choices([c for _, _, box in boxes for c in self._looked_at(box)])
            for bound, _, box in boxes:
                self._examine_box(box, bound)
            if progress:
                progress(self._scorer.scored)
        return self._build_outcome()

    def _build_outcome(self) -> Outcome:
        left = min((bound for bound, _, _ in self._waiting), default=float("inf"))
        best = self._best
        if best is None:
            return Outcome(None, left, proved=not self._waiting)
        best_first = self._measure_first(best)
        return Outcome(best, min(best_first, left), proved=left >= best_first - 1e-12)

    def _is_settled(self) -> bool:
        """Whether nothing that is left could be as good as the best by the first preference."""
        return (
            self._best is not None and self._waiting[0][0] > self._measure_first(self._best) + 1e-12
        )

    def _measure_first(self, score: VariantScore) -> float:
        return self._objective.measure_preference(self._objective.first, score)

    def _add_box(self, box: Box, bound: float) -> None:
        smaller = narrow_box(self._space, box)
        if smaller is None:
            return
        bound = max(bound, self._bound_of_change(smaller))
        heapq.heappush(self._waiting, (bound, next(self._numbers), smaller))

    def _bound_of_change(self, box: Box) -> float:
        """The least change of any choice of a box, where that is what is preferred."""
        nearest = box.find_nearest(self._space.today)
        if self._objective.first == "change":
            return float(self._space.count_change(nearest))
        return float(self._space.count_cells(nearest)) if self._objective.first == "cells" else 0.0

    def _looked_at(self, box: Box) -> list[Choice]:
        """The choices of a box that are scored: its corners and the one that changes least."""
        corners = [box.find_corner(self._directions, most=most) for most in (False, True)]
        return [box.find_nearest(self._space.today), *(c for c in corners if c is not None)]

    def _examine_box(self, box: Box, bound: float) -> None:
        """Keep the best of what was scored; split the box unless it can be left out."""
        scores = self._scorer.score_choices(self._looked_at(box))
        for score in scores:
            self._keep_best(score)
        if len(scores) == 3:
            fewest, most = scores[1], scores[2]
            if self._cannot_meet(fewest, most):
                return
            bound = max(bound, self._bound_of_people(fewest, most))
        if not box.is_point:
            for part in split_box(self._space, box, self._directions):
                self._add_box(part, bound)

    def _keep_best(self, score: VariantScore) -> None:
        if not self._objective.accepts_score(score):
            return
        rank = self._objective.rank_score
        if self._best is None or rank(score) < rank(self._best):
            self._best = score

    def _cannot_meet(self, fewest: VariantScore, most: VariantScore) -> bool:
        """Whether no choice between two corners admits about so many people within the limits of
        the groups: even the corner with most people hurts a group too much."""
        low, high = float(fewest.reached), float(most.reached)
        wanted, within = self._objective.target, self._objective.within + 1e-9
        return high < wanted - within or low > wanted + within or not most.keeps_groups

    def _bound_of_people(self, fewest: VariantScore, most: VariantScore) -> float:
        """The least of the first preference between two corners, where it is one of people."""
        first = self._objective.first
        if first == "stayers":
            return float(most.lost)
        if first == "worst_loss":
            return most.worst_loss
        if first == "closeness":
            wanted = self._objective.target
            return max(0.0, wanted - float(most.reached), float(fewest.reached) - wanted)
        return 0.0
