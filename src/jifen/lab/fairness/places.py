"""Places at school for the children of those who reach the line, and what they cost a year."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jifen.lab.fairness.costs_file import Costs, SchoolStage
from jifen.lab.population.further_columns import MISSING
from jifen.lab.population.people import People
from jifen.lab.scoring import ScoredPeople
from jifen.lab.words import say
from jifen.policy.text import Text
from jifen.scoring.population.columns import TableError

Children = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlacesNeeded:
    """Children of age for a stage whose parent is surely at the line, and those of whose parent it
    is at most so."""

    stage: SchoolStage
    before: tuple[float, float]
    after: tuple[float, float]

    def cost(self, children: float) -> float:
        """Yuan a year for so many children."""
        return children * self.stage.yearly_cost

    def lacking(self, children: float) -> float | None:
        """How many places there are too few; None where it is not known how many are free."""
        return None if self.stage.places is None else max(children - self.stage.places, 0.0)


def count_places(
    people: People, costs: Costs, before: ScoredPeople, after: ScoredPeople
) -> tuple[list[PlacesNeeded], list[Text]]:
    """For each stage whose column of children is there; and what was left out. Raises TableError
    for a column that holds no numbers of children."""
    needed, missing = list[PlacesNeeded](), list[str]()
    for stage in costs.stages:
        children = _read_children(people, stage.children)
        if children is None:
            missing.append(stage.children)
            continue
        counts = [_count_children(children, stage, scored) for scored in (before, after)]
        needed.append(PlacesNeeded(stage, counts[0], counts[1]))
    return needed, [_describe_missing(name) for name in dict.fromkeys(missing)]


def _count_children(
    children: Children, stage: SchoolStage, scored: ScoredPeople
) -> tuple[float, float]:
    weighted = children if scored.weights is None else children * scored.weights
    surely = float(weighted[scored.reached].sum())
    perhaps = float(weighted[scored.perhaps].sum())
    return surely * stage.of_age, (surely + perhaps) * stage.of_age


def _read_children(people: People, name: str) -> Children | None:
    """The children of each person; none where the cell is empty."""
    if name in people.numbers:
        numbers = people.numbers[name]
        return np.where(np.isfinite(numbers), numbers, 0.0)
    if name not in people.other:
        return None
    codes, labels = people.other[name]
    try:
        each = [0.0 if label == MISSING else float(label) for label in labels]
    except ValueError as error:
        raise TableError(
            [say("fairness.places.should_hold_numbers_of_children", name=name, error=error)]
        ) from None
    return np.array(each)[codes]


def _describe_missing(name: str) -> Text:
    return say("fairness.places.no_column_its_stages", name=name)
