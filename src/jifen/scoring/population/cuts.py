"""Where the outcome of an indicator or a condition can change along a number, exactly.

Conditions name their constants. A mechanism of one number promises that between two of its breaks
the points only rise or only fall, so every change between two breaks is found by halving; the
evaluator itself says on which side of a change the change stands.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

from jifen.policy.bisection import OutcomeFunction, find_changes
from jifen.policy.break_points import list_representatives
from jifen.policy.condition import Condition
from jifen.policy.mechanisms import Mechanism
from jifen.policy.mechanisms.condition import list_condition_breaks
from jifen.policy.mechanisms.per_unit import PerUnit
from jifen.policy.vocabulary import WHOLE_TYPES, Fact
from jifen.scoring.population.axis import Cut

MOST_CUTS = 60_000
_NEARER, _PLACES = Decimal("1e-12"), Decimal("1e-6")


class TooFine(ValueError):
    """An indicator gives so many different points that no table holds them."""


def condition_cuts(condition: Condition) -> Iterator[tuple[str, Cut]]:
    """Both sides of every constant with which a condition compares a number."""
    for fact, constant in list_condition_breaks(condition):
        yield fact, Cut(constant, False)
        yield fact, Cut(constant, True)


def mechanism_cuts(mechanism: Mechanism, fact: Fact, scale: int) -> Iterator[Cut]:
    """Every change of a mechanism that reads one number and nothing else."""
    if isinstance(mechanism, PerUnit) and mechanism.count_units(fact) > MOST_CUTS:
        raise TooFine  # known beforehand: each unit is a change
    score, breaks = mechanism.compile_score(scale), [value for _, value in mechanism.list_breaks()]

    def outcome(value: Any) -> int:
        return score({fact.id: value})

    yield from find_cuts(
        outcome, list_representatives(fact, breaks), whole=fact.type in WHOLE_TYPES
    )


def find_cuts(outcome: OutcomeFunction, points: Iterable[Any], *, whole: bool) -> Iterator[Cut]:
    """The cuts of a function that is monotone between the points."""
    for cut_count, (low, high) in enumerate(
        change for pair in pairwise(points) for change in find_changes(outcome, *pair, whole=whole)
    ):
        if cut_count > MOST_CUTS:
            raise TooFine
        yield Cut(Decimal(high), False) if whole else _locate_cut(outcome, low, high)


def _locate_cut(outcome: OutcomeFunction, low: Decimal, high: Decimal) -> Cut:
    """The round number between two close values at which, or after which, the change is."""
    with localcontext(prec=40):
        value = high.quantize(_PLACES).normalize() + 0
        below, at_value, above = (
            outcome(value + distance) for distance in (-_NEARER, Decimal(0), _NEARER)
        )
    if below != at_value and at_value == outcome(high):
        return Cut(value, False)
    if at_value != above and at_value == outcome(low):
        return Cut(value, True)
    raise TooFine
