"""Many rows hold few different values: each is read once, by the plain path, and looked up."""

from collections.abc import Callable
from typing import Any

import polars as pl

from jifen.facts.fault import FactFault

_MOST_KEPT = 200_000


class ValueCoder:
    """A column's values → whole numbers as the plain reader understands them.

    `read` gives the number, or the fault of a value that is none.
    """

    def __init__(self, read: Callable[[Any], int | FactFault]) -> None:
        self._read = read
        self._known: dict[Any, int | FactFault] = {}

    def code_value(self, value: Any) -> int | FactFault:
        """One value."""
        if value not in self._known:
            if len(self._known) > _MOST_KEPT:
                self._known.clear()  # a column of rubbish must not fill the memory
            self._known[value] = self._read(value)
        return self._known[value]

    def find_fault(self, value: Any) -> FactFault | None:
        """What is wrong with a value; None where nothing is."""
        result = self.code_value(value)
        return result if isinstance(result, FactFault) else None

    def code_series(self, values: pl.Series, dtype: type[pl.DataType]) -> pl.Series:
        """All values as numbers, int of `dtype`; null for those with a fault."""
        distinct_values = values.unique()
        results = [self.code_value(value) for value in distinct_values.to_list()]
        coded = [None if isinstance(number, FactFault) else number for number in results]
        table = pl.DataFrame({"value": distinct_values, "number": pl.Series(coded, dtype=dtype)})
        looked_up = values.to_frame("value").join(
            table, on="value", how="left", nulls_equal=True, maintain_order="left"
        )
        return looked_up["number"]
