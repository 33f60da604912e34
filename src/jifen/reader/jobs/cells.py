"""Where the cells of a sheet stand, read as a stream before the sheet is built in memory.

A reader of workbooks makes a table from A1 to the last cell with something in it: one cell in the
last column of the last row is a table of 17 thousand million.
"""

from typing import IO, Any
from xml.parsers import expat

from jifen.reader.faults import RefusalReason, RefusedFile

_CHUNK = 256 * 1024
_CONTENT = frozenset({"v", "is", "f"})
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet in the format itself (ECMA-376)."""


def refuse_far_cells(part: IO[bytes], most: int) -> None:
    """Raise NotRead where the table from A1 to the last cell with content has more than `most`
    cells. Cells that are only formatted do not count."""
    sheet = _SheetExtent(most)
    parser = expat.ParserCreate()
    parser.StartElementHandler = sheet.start_element
    parser.StartDoctypeDeclHandler = sheet.refuse_doctype
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise RefusedFile(RefusalReason.DAMAGED) from error


class _SheetExtent:
    """The last row and column with content so far, counted from 1."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._row = self._column = 0
        self._last_row = self._last_column = 0

    def refuse_doctype(self, *_: Any) -> None:
        """No sheet has one, and entities are made with it."""
        raise RefusedFile(RefusalReason.DAMAGED)

    def start_element(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._move_to_cell(attributes.get("r", ""))
        elif kind in _CONTENT:
            self._note_content()
        elif kind == "row":
            self._row, self._column = _parse_row(attributes.get("r", "")) or self._row + 1, 0

    def _move_to_cell(self, reference: str) -> None:
        if not reference:  # the next one, then
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        self._row = _parse_row(reference[len(letters) :]) or 0
        self._column = _parse_column(letters)
        if not 0 < self._row <= _MOST_ROWS or not 0 < self._column <= _MOST_COLUMNS:
            raise RefusedFile(RefusalReason.DAMAGED)

    def _note_content(self) -> None:
        if self._row <= self._last_row and self._column <= self._last_column:
            return
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self._last_row * self._last_column > self._most:
            cell = f"{_format_column(self._column)}{self._row}"
            raise RefusedFile(RefusalReason.FAR_CELL, cell=cell, most=self._most)


def _parse_row(digits: str) -> int:
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 8 else 0


def _parse_column(letters: str) -> int:
    """A → 1, XFD → 16384; 0 for what is no column."""
    if not 0 < len(letters) < 4 or not (letters.isascii() and letters.isupper()):
        return 0
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _format_column(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
