"""Where a function of one number changes, found by halving a stretch on which it is monotone."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

OutcomeFunction = Callable[[Any], Any]
_PRECISION = Decimal("1e-9")


def find_changes(
    outcome: OutcomeFunction, low: Any, high: Any, *, whole: bool
) -> Iterator[tuple[Any, Any]]:
    """Pairs of neighbouring values (whole numbers, or decimals within 1e-9 of each other) between
    which the outcome changes, from the lowest to the highest."""
    open_pairs = [(low, high)]
    while open_pairs:
        low, high = open_pairs.pop()
        if outcome(low) == outcome(high):
            continue
        if high - low <= (1 if whole else _PRECISION):
            yield low, high
            continue
        middle = (low + high) // 2 if whole else (low + high) / 2
        open_pairs += [(middle, high), (low, middle)]
