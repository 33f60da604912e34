"""The persons of a partition, with what is wrong with whom."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from jifen.facts.fault import FactFault
from jifen.facts.registers.keys import PERSON
from jifen.facts.registers.side_table import RowPlace, SideTable

Flags = NDArray[np.bool_]


@dataclass(slots=True)
class PartitionPeople:
    """The persons in the order of their keys; `faulty` are those with a fault somewhere."""

    keys: pl.Series
    files: tuple[str, ...]
    faults: SideTable
    faulty: Flags = field(init=False)
    strangers: int = 0
    """Rows of other registers whose person is not among these."""

    def __post_init__(self) -> None:
        self.faulty = np.zeros(len(self.keys), np.bool_)

    def __len__(self) -> int:
        return len(self.keys)

    def find_row_numbers(self, keys: pl.Series) -> NDArray[np.int64]:
        """The row number of each key; −1 for somebody who is not of this table."""
        numbered = self.keys.to_frame(PERSON).with_row_index("at")
        row_numbers = keys.to_frame(PERSON).join(
            numbered, on=PERSON, how="left", maintain_order="left"
        )["at"]
        return row_numbers.cast(pl.Int64).fill_null(-1).to_numpy()

    def locate_rows(self, rows: pa.Table) -> NDArray[np.int64]:
        """The row number of the person of each row of a register (`file`, `row` and its person);
        −1 for strangers, who are noted in the side table."""
        keys = pl.Series(PERSON, rows[PERSON])
        at = self.find_row_numbers(keys)
        unknown = at < 0
        if unknown.any():
            self.strangers += int(unknown.sum())
            files = [self.files[number] for number in to_numpy(rows, "file")[unknown]]
            self.faults.add_strangers(
                keys.filter(pl.Series(unknown)), files, to_numpy(rows, "row")[unknown]
            )
        return at

    def add_fault(
        self, at: int, file: int, row: int, column: str, value: Any, fault: FactFault
    ) -> None:
        """Note a fault of one person."""
        self.faulty[at] = True
        self.faults.add_fault(RowPlace(self.keys[at], self.files[file], row), column, value, fault)


def to_numpy(rows: pa.Table, name: str) -> NDArray[Any]:
    """A column without nulls as an array."""
    return np.asarray(rows[name].to_numpy())
