"""Representative answers to a fact that several indicators read.

The ends of a stretch are enough while all the points that move in it rise, or all fall. Where some
rise while others fall, what they add up to may be highest in between: there every change counts.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from jifen.policy.bisection import OutcomeFunction, find_changes
from jifen.policy.break_points import (
    find_answer_view,
    find_breaks,
    list_answers,
    list_representatives,
)
from jifen.policy.derived_mechanism import FromDerived
from jifen.policy.mechanisms import Mechanism
from jifen.policy.mechanisms.condition import PointsIf
from jifen.policy.mechanisms.first_of import FirstOf
from jifen.policy.mechanisms.sum_of import SumOf
from jifen.policy.mechanisms.table import PointsTable
from jifen.policy.mechanisms.veto import Veto
from jifen.policy.model import Indicator
from jifen.policy.vocabulary import WHOLE_TYPES, Fact


def list_shared_answers(
    indicators: Sequence[Indicator], fact: Fact, most: int
) -> tuple[Any, ...] | None:
    """Values of a fact, "does not apply" (None) included where it can be, that between them show
    all that these indicators can do together. None where they are more than `most`."""
    sights = [find_answer_view(indicator) for indicator in indicators]
    breaks = {value for indicator in indicators for value in find_breaks(indicator)[fact.id]}
    values = list_answers(
        fact, breaks, lambda fact_id, option: tuple(s(fact_id, option) for s in sights)
    )
    if fact.is_number:
        between = _list_turning_values(indicators, fact, list_representatives(fact, breaks), most)
        if between is None:
            return None
        numbers = sorted({*between, *(value for value in values if value is not None)})
        values = tuple(numbers) if fact.always_applies else (None, *numbers)
    return values if len(values) <= most else None


def _list_turning_values(
    indicators: Sequence[Indicator], fact: Fact, values: tuple[Any, ...], most: int
) -> set[Any] | None:
    """Both sides of every change inside the stretches in which some points rise and others fall;
    None where they are more than `most`, or where a mechanism of several facts hides them."""
    moving = [list(_list_moving_parts(indicator.mechanism, fact.id)) for indicator in indicators]
    reckoned = [[m for m in of if isinstance(m, FromDerived)] for of in moving]
    if any(
        m.list_facts() != (fact.id,) for of in moving for m in of if not isinstance(m, FromDerived)
    ):
        return None
    runs = [
        [_compile_outcome(m, fact.id) for m in of if not isinstance(m, FromDerived)]
        for of in moving
    ]
    turning_values: set[Any] = set()
    for low, high in pairwise(values):
        signs = [
            (
                {_compare_points(run(low), run(high)) for run in of}
                | {m.find_direction(fact.id) for m in among}
            )
            - {0}
            for of, among in zip(runs, reckoned, strict=True)
        ]
        if sum(map(bool, signs)) < 2 or len(set[int]().union(*signs)) < 2:
            continue
        if any(reckoned):
            # where a derived number changes hangs on other facts: every value counts
            if fact.type not in WHOLE_TYPES or len(turning_values) + high - low > most:
                return None
            turning_values.update(range(low, high + 1))
            continue
        for run in (run for of in runs for run in of):
            for pair in find_changes(run, low, high, whole=fact.type in WHOLE_TYPES):
                turning_values.update(pair)
                if len(turning_values) > most:
                    return None
    return turning_values


def _list_moving_parts(mechanism: Mechanism, fact_id: str) -> Iterable[Mechanism]:
    """The parts of a mechanism whose points may rise or fall between two breaks of a fact."""
    if isinstance(mechanism, FirstOf):
        for step in mechanism.steps:
            if step.inner and fact_id in step.inner.list_facts():
                yield step.inner
    elif isinstance(mechanism, SumOf):
        for part in mechanism.parts:
            yield from _list_moving_parts(part, fact_id)
    elif (
        not isinstance(mechanism, PointsIf | Veto | PointsTable)
        and fact_id in mechanism.list_facts()
    ):
        yield mechanism


def _compile_outcome(mechanism: Mechanism, fact_id: str) -> OutcomeFunction:
    score = mechanism.compile_score(_FINEST_SCALE)
    return lambda value: score({fact_id: value})


_FINEST_SCALE = 10_000
"""Points in their smallest unit: a policy has at most four places."""


def _compare_points(low: int, high: int) -> int:
    return (low < high) - (high < low)
