"""Where points can change: representative values of each fact of an indicator or condition.

Between two break points of a fact points only rise or only fall, so what holds at the ends of
every stretch holds everywhere. Bounds, static checks, differences and cliffs all look here.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from jifen.policy.condition import Condition, facts_of
from jifen.policy.mechanisms.condition import condition_breaks
from jifen.policy.model import Indicator, facts_used
from jifen.policy.vocabulary import WHOLE_TYPES, Fact, Vocabulary

_STEP = {"yuan": Decimal("0.01"), "number": Decimal("0.0001"), "ratio": Decimal("0.0001")}


def step_of(fact: Fact) -> Decimal:
    """The smallest difference between two values of a number fact."""
    return Decimal(1) if fact.type in WHOLE_TYPES else _STEP[fact.type]


def representatives(fact: Fact, breaks: Iterable[Decimal]) -> tuple[Any, ...]:
    """Values of a fact that between them show everything that the fact can do."""
    if fact.type == "bool":
        return (False, True)
    if fact.type == "choice":
        return fact.ids
    step, near = step_of(fact), {fact.least, fact.most}
    for value in breaks:
        near |= {value - step, value, value + step}
    kept = sorted(value for value in near if fact.least <= value <= fact.most)
    return tuple(int(value) for value in kept) if fact.type in WHOLE_TYPES else tuple(kept)


def breaks_of(indicator: Indicator) -> dict[str, set[Decimal]]:
    """The break points of every fact of an indicator."""
    breaks: dict[str, set[Decimal]] = {ident: set() for ident in facts_used(indicator)}
    for ident, value in indicator.mechanism.breaks():
        breaks[ident].add(value)
    for ident, value in condition_breaks(indicator.when) if indicator.when else ():
        breaks[ident].add(value)
    return breaks


def indicator_representatives(
    indicator: Indicator, vocabulary: Vocabulary
) -> dict[str, tuple[Any, ...]]:
    """Representative values of every fact of an indicator."""
    found = breaks_of(indicator)
    return {ident: representatives(vocabulary[ident], breaks) for ident, breaks in found.items()}


def condition_representatives(
    condition: Condition, vocabulary: Vocabulary
) -> dict[str, tuple[Any, ...]]:
    """Representative values of every fact of a condition."""
    breaks: dict[str, set[Decimal]] = {ident: set() for ident in facts_of(condition)}
    for ident, value in condition_breaks(condition):
        breaks[ident].add(value)
    return {ident: representatives(vocabulary[ident], found) for ident, found in breaks.items()}
