"""Whole numbers as they stand in addresses and forms."""

from django.urls import register_converter
from django.urls.converters import IntConverter

_LONGEST = 18
"""Digits: what every database keeps as a number. Longer text is no number of anything here."""


def whole_number(text: str) -> int | None:
    """The number that a text of ASCII digits is; None for any other text, and for one so long that
    nothing here has such a number."""
    text = text.strip()
    if len(text) > _LONGEST or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)


class WholeNumber(IntConverter):
    """A number in an address; an address with a longer one leads nowhere (404)."""

    regex = f"[0-9]{{1,{_LONGEST}}}"


def register() -> None:
    """Every `<number:…>` of an address is such a number."""
    register_converter(WholeNumber, "number")
