"""The proof that no set of moves reaches the line: how near the nearest comes."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from jifen.planning.move_set_scores import list_conditions_met
from jifen.planning.route_models import Bound
from jifen.planning.schedule import MoveSet
from jifen.planning.searched_sets import SearchedSets
from jifen.planning.trajectories import Trajectories
from jifen.policy.text import Text


def prove_bound(families: Sequence[SearchedSets], most: int | None) -> Bound:
    """The nearest that any set of moves comes to the line on a day on which all conditions are met;
    where there is no such day, on any day, and the conditions say the rest."""
    some_met = any(family.reached.met.any() for family in families)
    nearest = [_find_nearest(family, only_met=some_met) for family in families]
    _, family, number, day = max(nearest, key=lambda entry: entry[0])
    scores = family.reached
    trajectories, _ = family.timeline.find_day(scores.days[day])
    precision = trajectories.initial.rules.precision
    never = [
        dict(_list_unmet_conditions(family.timeline.segments, family.sets)) for family in families
    ]
    return Bound(
        Decimal(int(scores.most[number, day])).scaleb(-precision),
        Decimal(int(scores.thresholds[day])).scaleb(-precision),
        scores.days[day],
        family.sets[number],
        most,
        sum(len(family.sets) for family in families),
        tuple(
            condition
            for condition in never[0].items()
            if all(condition[0] in other for other in never)
        ),
    )


def _find_nearest(searched: SearchedSets, *, only_met: bool) -> tuple[int, SearchedSets, int, int]:
    """How near to the line the nearest set comes (scaled points, below 0), which, on which day."""
    margins = searched.reached.most.astype(np.int64) - searched.reached.thresholds
    if only_met:
        margins = np.where(searched.reached.met, margins, np.iinfo(np.int64).min)
    number, day = np.unravel_index(int(margins.argmax()), margins.shape)
    return int(margins[number, day]), searched, int(number), int(day)


def _list_unmet_conditions(
    spans: Sequence[Trajectories], sets: Sequence[MoveSet]
) -> Iterator[tuple[str, Text]]:
    """The conditions that no set meets on any day, and the vetoes that stand in each."""
    never: dict[str, Text] = {}
    for number, trajectories in enumerate(
        segment for segment in spans if not segment.span.no_measure
    ):
        failing = dict(list_conditions_met(trajectories, sets))
        here = {condition_id: label for condition_id, (label, met) in failing.items() if not met}
        never = here if number == 0 else {i: t for i, t in never.items() if i in here}
    yield from never.items()
