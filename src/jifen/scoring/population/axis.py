"""A fact as a column of narrow codes.

Code 0 says that the fact does not apply; the highest code of the type that it is absent. Between
them stand the values: false and true, the options of a choice in order, whole numbers one by one,
and of wide numbers (yuan, ratios, large counts) the stretch between two cuts of the policy.
"""

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from jifen.policy.vocabulary import WHOLE_TYPES, Fact

NOT_APPLICABLE = 0


class Cut(NamedTuple):
    """Where a new stretch of a number begins: at `value` itself, or (`after`) just above it."""

    value: Decimal
    after: bool


@dataclass(frozen=True)
class Axis:
    """How the values of one fact are numbered. `cuts` is None where every value has a code."""

    fact: Fact
    cuts: tuple[Cut, ...] | None = None

    @cached_property
    def size(self) -> int:
        """How many codes there are, does-not-apply included and absent not."""
        if self.fact.type == "bool":
            return 2
        if self.fact.type == "choice":
            return len(self.fact.options) + 1
        if self.cuts is None:
            return int(self.fact.most) - int(self.fact.least) + 2
        return len(self.cuts) + 2

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """uint8 or uint16: the narrowest that holds every code and the absent one."""
        return np.dtype(np.uint8 if self.size <= np.iinfo(np.uint8).max else np.uint16)

    @cached_property
    def absent(self) -> int:
        """The code of a fact that is not known."""
        return int(np.iinfo(self.dtype).max)

    def encode(self, value: Any) -> int:
        """The code of a value in the type of the fact (None: does not apply)."""
        if self.fact.type == "bool":
            return int(value is True)
        if value is None:
            return NOT_APPLICABLE
        if self.fact.type == "choice":
            return self.fact.ids.index(value) + 1
        if self.cuts is None:
            return int(value) - int(self.fact.least) + 1
        return bisect_right(self.cuts, (Decimal(value), False)) + 1

    def encode_cut(self, cut: Cut) -> int:
        """The first code at or above a cut."""
        if self.cuts is not None:
            return self.cuts.index(cut) + 2
        return self.encode(int(cut.value) + (1 if cut.after else 0))


def is_wide(fact: Fact) -> bool:
    """Whether a number has too many values for a code each."""
    if not fact.is_number:
        return False
    return fact.type not in WHOLE_TYPES or int(fact.most) - int(fact.least) + 2 > _MOST_CODES


_MOST_CODES = int(np.iinfo(np.uint16).max)
