"""Exact numbers for a language whose numbers are doubles: integers of a smallest unit.

Points are counted in 10 ** -precision of a point, values of facts in 10 ** -places. All stay below
2 ** 53, up to which a double holds every whole number.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from jifen.policy.vocabulary import WHOLE_TYPES, Fact

LARGEST = 2**53 - 1
_PLACES = {"yuan": 2, "number": 4, "ratio": 4}


class NotRepresentable(ValueError):
    """A measure that the document cannot hold exactly; `what` names the part of it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.element = what


def decimal_places_of(fact: Fact) -> int:
    """The decimals that a value of the fact has on a device; 0 where it is no number."""
    return 0 if fact.type in WHOLE_TYPES else _PLACES.get(fact.type, 0)


def scale_exactly(number: Decimal | int, places: int, what: str) -> int:
    """A number × 10 ** places. Raises CannotCarry where that is not whole, or too large."""
    exact = Decimal(number).scaleb(places)
    if exact != exact.to_integral_value() or abs(exact) > LARGEST:
        raise NotRepresentable(what)
    return int(exact)


def encode_value(fact: Fact, value: Any) -> Any:
    """A value of a fact as the document holds it: numbers scaled, the rest as it is."""
    if value is None or isinstance(value, bool | str):
        return value
    return scale_exactly(value, decimal_places_of(fact), fact.id)


def encode_values(fact: Fact, values: Iterable[Any]) -> list[Any]:
    """Several values of a fact."""
    return [encode_value(fact, value) for value in values]
