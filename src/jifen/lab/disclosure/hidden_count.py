"""A count of real people that is not shown. It is no number: whatever is worked out from it is not
shown either, so that a place that forgets about it shows nothing rather than a person."""

import math
from collections.abc import Mapping
from typing import Any

MARK = "*"
"""What stands in words for a count that is not shown."""


class HiddenCount(float):
    """Not a number, in sums, shares and words."""

    def __new__(cls) -> "HiddenCount":
        """There is nothing to say of it."""
        return super().__new__(cls, "nan")

    def __format__(self, spec: str) -> str:
        width = "".join(c for c in spec.partition(".")[0] if c.isdigit())
        return MARK.rjust(int(width or 0))

    def __repr__(self) -> str:
        return MARK

    def _stay_hidden(self, _: object = None) -> "HiddenCount":
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _stay_hidden
    __truediv__ = __rtruediv__ = __neg__ = __abs__ = __round__ = _stay_hidden  # type: ignore[assignment]


HIDDEN_COUNT = HiddenCount()


def is_hidden(value: object) -> bool:
    """Whether a figure is not shown: a hidden count, or what was worked out from one."""
    return isinstance(value, float) and math.isnan(value)


def drop_hidden(document: Any) -> Any:
    """The same document (or rows of a table) with nothing (null) where a figure is not shown."""
    if isinstance(document, Mapping):
        return {key: drop_hidden(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [drop_hidden(value) for value in document]
    return None if is_hidden(document) else document
