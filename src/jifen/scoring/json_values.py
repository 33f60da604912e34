"""Values as the JSON of the contract holds them."""

from datetime import date
from decimal import Decimal
from typing import Any


def to_json_number(value: Decimal) -> int | float:
    """An exact decimal as a JSON number: whole as an integer, tenths in their shortest form."""
    return int(value) if value == value.to_integral_value() else float(value)


PLAIN_CLASSES = frozenset({int, str, bool, type(None)})
"""Classes whose values stand in JSON as they are."""


def to_json_value(value: Any) -> Any:
    """A fact's value as JSON holds it."""
    if value.__class__ in PLAIN_CLASSES:
        return value
    if isinstance(value, Decimal):
        return to_json_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_json_value(item) for item in value]
    return value
