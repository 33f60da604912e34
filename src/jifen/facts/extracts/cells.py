"""The cells of a column in the spelling of its fact: answers as a mapping says, day numbers of a
spreadsheet as days, blanks as nulls. What it does not know stays as it is, for the reader of values
to take or to refuse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jifen.facts.extracts.column_names import normalize_cell
from jifen.facts.extracts.mapping import NOT_APPLICABLE, UNKNOWN

_DAY_NUMBER = r"^\s*[0-9０-９]{5}\s*$"
_FIRST = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
"""Day 0 of each system; that of 1900 counts a 29 February 1900 that never was."""
_LEAST, _MOST = 10_000, 99_999


@dataclass(frozen=True)
class ColumnReader:
    """How the columns of a table are understood. `called`: what a column is called from now on →
    its name in the file, where the two differ."""

    file_names: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    days: frozenset[str] = frozenset()
    first_year: int = 1900

    def name_in_file(self, name: str) -> str:
        """The name in the file."""
        return self.file_names.get(name, name)

    def read_columns(self, table: pa.Table, names: Sequence[str]) -> pa.Table:
        """The named columns, in the spelling of their facts."""
        columns = [self._read_cells(name, table.column(self.name_in_file(name))) for name in names]
        fields = [pa.field(name, c.type) for name, c in zip(names, columns, strict=True)]
        return pa.table(columns, schema=pa.schema(fields, table.schema.metadata))

    def count_day_numbers(self, table: pa.Table) -> int:
        """How many days of a table (as `read` takes it) are numbers of a spreadsheet."""
        names = set(table.column_names)
        day_columns = [
            self.name_in_file(name) for name in self.days if self.name_in_file(name) in names
        ]
        return sum(
            _count_day_numbers(table.column(name)) for name in day_columns if _is_text(table, name)
        )

    def _read_cells(self, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
        if pa.types.is_dictionary(column.type):
            return _map_dictionary(column, lambda text: self._translate_cell(name, text))
        if pa.types.is_integer(column.type) and (name in self.days or name in self.answers):
            column = pc.cast(column, pa.string())
        if not pa.types.is_string(column.type):
            return column
        column = _null_blanks(column)
        if name in self.answers or (name in self.days and _count_day_numbers(column)):
            column = _map_texts(column, lambda text: self._translate_cell(name, text))
        return column

    def _translate_cell(self, name: str, text: str) -> str | None:
        """One text of a column, in the spelling of its fact; None: nothing is known."""
        if not text.strip():
            return None
        if name in self.days:
            text = convert_day_number(text, self.first_year) or text
        answer = (
            self.answers[name].get(normalize_cell(text), text) if name in self.answers else text
        )
        return {UNKNOWN: None, NOT_APPLICABLE: "n/a"}.get(answer, answer)


def convert_day_number(text: str, first_year: int) -> str | None:
    """The day of a number as spreadsheets count days (28298 → 1977-06-22), as YYYY-MM-DD; None
    where the text is no such number."""
    plain = normalize_cell(text)
    if not (plain.isascii() and plain.isdecimal() and _LEAST <= int(plain) <= _MOST):
        return None
    return (_FIRST[first_year] + timedelta(days=int(plain))).isoformat()


def _count_day_numbers(column: pa.ChunkedArray) -> int:
    return int(pc.sum(pc.match_substring_regex(column, _DAY_NUMBER)).as_py() or 0)


def _is_text(table: pa.Table, name: str) -> bool:
    return bool(pa.types.is_string(table.schema.field(name).type))


def _null_blanks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Blanks of any kind are nothing."""
    blank = pc.utf8_is_space(column)
    if not pc.any(blank).as_py():
        return column
    return pc.if_else(pc.fill_null(blank, False), None, column)


def _map_texts(column: pa.ChunkedArray, change: Callable[[str], str | None]) -> pa.ChunkedArray:
    """Each different text of a column changed once."""
    chunks: list[Any] = []
    for chunk in column.chunks:
        encoded = chunk.dictionary_encode()
        words = [change(text) for text in encoded.dictionary.to_pylist()]
        chunks.append(pa.array(words, pa.string()).take(encoded.indices))
    return pa.chunked_array(chunks, pa.string())


def _map_dictionary(
    column: pa.ChunkedArray, change: Callable[[str], str | None]
) -> pa.ChunkedArray:
    """A dictionary column with each of its words changed; itself where none is."""
    if not pa.types.is_string(column.type.value_type):
        return column
    chunks: list[Any] = []
    for chunk in column.chunks:
        words = chunk.dictionary.to_pylist()
        new = [word if word is None else change(word) for word in words]
        same = new == words
        chunks.append(chunk if same else pa.array(new, pa.string()).take(chunk.indices))
    if all(pa.types.is_dictionary(chunk.type) for chunk in chunks):
        return column
    texts = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in chunks]
    return pa.chunked_array(texts, pa.string())
