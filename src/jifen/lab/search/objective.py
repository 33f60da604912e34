"""What a brief asks for: whether a score is good enough, and which of two is better."""

from dataclasses import dataclass

from jifen.lab.search.brief import Preference
from jifen.lab.search.scorer import VariantScore
from jifen.lab.search.space import Space
from jifen.lab.weights import Count

Rank = tuple[float, ...]
"""By the preferences in their order: the smaller, the better."""


@dataclass(frozen=True)
class Objective:
    """The people asked for, and the order of preferences. `target`: so many surely at the line,
    `within` so many more or fewer is near enough."""

    space: Space
    target: float
    within: float

    @classmethod
    def from_space(cls, space: Space, today: Count) -> "Objective":
        """The objective of a brief, where so many people are at the line today."""
        target = space.brief.target
        return cls(space, target.to_people(float(today)), float(target.within))

    @property
    def first(self) -> Preference:
        """The preference of which the best is proved."""
        return self.space.brief.prefer[0]

    def accepts_score(self, score: VariantScore) -> bool:
        """Whether a choice admits about so many people and keeps every limit."""
        near = abs(float(score.reached) - self.target) <= self.within + 1e-9
        return near and score.keeps_groups and self.space.allows_choice(score.choice)

    def measure_distance(self, score: VariantScore) -> float:
        """People more or fewer than asked for."""
        return abs(float(score.reached) - self.target)

    def rank_score(self, score: VariantScore) -> Rank:
        """The place of a choice among others. Ties are settled by the change, then the distance,
        then the choice itself, so that a search always gives the same."""
        named = tuple(self.measure_preference(name, score) for name in self.space.brief.prefer)
        return (
            *named,
            float(self.space.count_change(score.choice)),
            self.measure_distance(score),
            *map(float, score.choice),
        )

    def measure_preference(self, name: Preference, score: VariantScore) -> float:
        """How much of what should be little a choice has."""
        if name == "change":
            return float(self.space.count_change(score.choice))
        if name == "cells":
            return float(self.space.count_cells(score.choice))
        if name == "stayers":
            return float(score.lost)
        return self.measure_distance(score) if name == "closeness" else score.worst_loss
