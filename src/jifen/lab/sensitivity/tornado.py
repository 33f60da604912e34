"""What each figure of a brief moves alone: people at the line at its lowest and highest value."""

from dataclasses import dataclass
from datetime import date

from jifen.lab.population.people import People
from jifen.lab.search.brief import Brief
from jifen.lab.search.programs import VariantPrograms
from jifen.lab.search.scorer import Scorer
from jifen.lab.search.space import Choice, Figure, Space, space_of
from jifen.lab.weights import Count
from jifen.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Swing:
    """People surely at the line with one figure at its first and at its last value, all others as
    today."""

    figure: Figure
    first: Count
    last: Count
    today: Count

    @property
    def width(self) -> Count:
        """The people between the two."""
        return abs(self.last - self.first)


def figure_swings(
    people: People, policy: Policy, brief: Brief, on: date, *, threads: int | None = None
) -> list[Swing]:
    """The swing of every figure of a brief, the widest first. Raises PolicyError, TableError."""
    space = space_of(policy, brief, on)
    scorer = Scorer(people, VariantPrograms(space, on), threads=threads)
    ends = [
        (_move_figure(space, number, 0), _move_figure(space, number, len(figure.values) - 1))
        for number, figure in enumerate(space.figures)
    ]
    scores = scorer.score_choices([choice for pair in ends for choice in pair])
    swings = [
        Swing(figure, scores[2 * n].reached, scores[2 * n + 1].reached, scorer.today.reached)
        for n, figure in enumerate(space.figures)
    ]
    return sorted(swings, key=lambda swing: (-swing.width, swing.figure.id))


def _move_figure(space: Space, number: int, place: int) -> Choice:
    today = space.today
    return (*today[:number], place, *today[number + 1 :])
