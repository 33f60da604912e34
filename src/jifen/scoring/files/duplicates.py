"""Finds people who are in a file more than once. They are reported, and each row is scored.

Each key becomes a 64-bit hash in a temporary file (8 bytes a person). The hashes are searched in
chunks that fit in memory, whatever the length of the file.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from jifen.facts.extracts.column_names import is_key_column
from jifen.facts.registers.faults import double_person_fault
from jifen.facts.registers.keys import PERSON, flag_number_cells, read_persons
from jifen.scoring.files.inputs import FilePart
from jifen.scoring.population.coding import CellFault

MOST_AT_ONCE = 16 << 20
MOST_NAMED_DUPLICATES = 1_000
_CHUNK = 1 << 20
Hashes = NDArray[np.uint64]


def find_key_column(names: Sequence[str], given: str = "") -> str | None:
    """The column that says who a row is about: the one that is given, or the first that is called
    as such columns are."""
    if given:
        return given
    return next((name for name in names if is_key_column(name)), None)


def hash_keys(column: pa.ChunkedArray) -> Hashes:
    """A number for each key in the spelling in which keys are compared (`fold_key`); 0: no key, or
    one that a spreadsheet cut short (3.10101E+17), which many persons may share."""
    column_type = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    is_whole = pa.types.is_integer(column_type) and column_type != pa.uint64()
    if not is_whole:
        column = column.cast(pa.string())
    keys = read_persons(pa.table({PERSON: column}), pl.Int64() if is_whole else pl.String())
    numbers = keys.hash().to_numpy().astype(np.uint64)
    numbers = np.where(numbers == 0, np.uint64(1), numbers)
    without_key = (keys.is_null() | flag_number_cells(keys)).to_numpy()
    return np.asarray(np.where(without_key, np.uint64(0), numbers), np.uint64)


@dataclass
class DuplicateFinder:
    """Collects the keys of all parts. Closing it removes its temporary files."""

    column: str
    people: int = 0
    _hashes: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    _lines: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    _files: list[tuple[int, Path]] = field(default_factory=list)

    def add_keys(self, part: FilePart, hashes: Hashes) -> None:
        """The keys of a part, in its order."""
        self._files.append((self.people, part.file))
        self._hashes.write(hashes.tobytes())
        lines = np.zeros(len(hashes), np.int64) if part.lines is None else part.lines
        self._lines.write(lines.astype(np.int64).tobytes())
        self.people += len(hashes)

    def find_duplicates(self) -> tuple[int, list[tuple[Path, CellFault]]]:
        """How many rows are of a person with an earlier row, and the first of them with where they
        stand."""
        doubled = self._find_doubled_hashes()
        if not len(doubled):
            return 0, []
        count, first = 0, dict[int, int]()
        duplicates = list[tuple[Path, CellFault]]()
        for start, chunk in self._iterate_chunks():
            for position in np.flatnonzero(np.isin(chunk, doubled)).tolist():
                row, key = start + position, int(chunk[position])
                if key not in first:
                    first[key] = row
                    continue
                count += 1
                if len(duplicates) < MOST_NAMED_DUPLICATES:
                    duplicates.append(self._duplicate_fault(row, first[key]))
        return count, duplicates

    def _duplicate_fault(self, row: int, first: int) -> tuple[Path, CellFault]:
        file = next(file for start, file in reversed(self._files) if start <= row)
        line, before = self._read_line_number(row), self._read_line_number(first)
        fault = double_person_fault(before or first)
        return file, CellFault(row, self.column, "", fault, line or None)

    def _read_line_number(self, row: int) -> int:
        self._lines.seek(row * 8)
        return int(np.frombuffer(self._lines.read(8), np.int64)[0])

    def _find_doubled_hashes(self) -> Hashes:
        """The hashes that occur more than once."""
        rounds = self.people // MOST_AT_ONCE + 1
        parts: list[Any] = [np.zeros(0, np.uint64)]
        for round_number in range(rounds):
            hashes_of_turn = [
                chunk[(chunk % np.uint64(rounds) == round_number) & (chunk != 0)]
                for _, chunk in self._iterate_chunks()
            ]
            sorted_hashes = np.sort(np.concatenate(hashes_of_turn)) if hashes_of_turn else parts[0]
            parts.append(np.unique(sorted_hashes[1:][sorted_hashes[1:] == sorted_hashes[:-1]]))
        return np.concatenate(parts)

    def _iterate_chunks(self) -> Iterator[tuple[int, Hashes]]:
        self._hashes.seek(0)
        start = 0
        while block := self._hashes.read(_CHUNK * 8):
            chunk = np.frombuffer(block, np.uint64)
            yield start, chunk
            start += len(chunk)

    def __enter__(self) -> "DuplicateFinder":
        return self

    def __exit__(self, *_: object) -> None:
        self._hashes.close()
        self._lines.close()
