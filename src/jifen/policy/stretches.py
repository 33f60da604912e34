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
    whole = fact.type in WHOLE_TYPES
    return tuple(int(value) if whole else value for value in kept)


def answers(fact: Fact, breaks: Iterable[Decimal]) -> tuple[Any, ...]:
    """The representatives and "does not apply" (None), which is an answer as well; not where the
    fact always applies, and not for a yes/no, where it does what no does."""
    found = representatives(fact, breaks)
    return found if fact.always_applies or fact.type == "bool" else (None, *found)


def breaks_of(indicator: Indicator) -> dict[str, set[Decimal]]:
    """The break points of every fact of an indicator."""
    breaks: dict[str, set[Decimal]] = {ident: set() for ident in facts_used(indicator)}
    for ident, value in indicator.mechanism.breaks():
        breaks[ident].add(value)
    for ident, value in condition_breaks(indicator.when) if indicator.when else ():
        breaks[ident].add(value)
    return breaks


def indicator_answers(indicator: Indicator, vocabulary: Vocabulary) -> dict[str, tuple[Any, ...]]:
    """Representative answers to every fact of an indicator."""
    found = breaks_of(indicator)
    return {ident: answers(vocabulary[ident], breaks) for ident, breaks in found.items()}


def condition_answers(condition: Condition, vocabulary: Vocabulary) -> dict[str, tuple[Any, ...]]:
    """Representative answers to every fact of a condition."""
    found = _breaks_in(condition)
    return {ident: answers(vocabulary[ident], breaks) for ident, breaks in found.items()}


def condition_representatives(
    condition: Condition, vocabulary: Vocabulary
) -> dict[str, tuple[Any, ...]]:
    """Representative values of every fact of a condition."""
    found = _breaks_in(condition)
    return {ident: representatives(vocabulary[ident], breaks) for ident, breaks in found.items()}


def _breaks_in(condition: Condition) -> dict[str, set[Decimal]]:
    breaks: dict[str, set[Decimal]] = {ident: set() for ident in facts_of(condition)}
    for ident, value in condition_breaks(condition):
        breaks[ident].add(value)
    return breaks
