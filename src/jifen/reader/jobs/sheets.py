"""A sheet of a workbook as comma-separated text, for tables that are longer than a page shows."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import python_calamine

from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.jobs.archive import iter_sheet_parts, open_archive
from jifen.reader.jobs.cells import refuse_far_cells

_MOST_NAMES = 100
_EXACT = 2**53
"""Whole numbers beyond it are no longer those that were typed: they are written as a spreadsheet
shows them."""


def read_sheet_as_text(
    content: bytes, sheet: str, cells: int, unpacked: int, text: int
) -> tuple[dict[str, Any], bytes]:
    """A sheet from A1 on as comma-separated text in UTF-8: days as YYYY-MM-DD, true and false in
    words. `sheet`: its name; empty: the only one that has more than one cell in it.

    The values name all `sheets`, those that are `filled`, and whether one was `read`. `cells`: the
    most of the rectangle from A1; `unpacked`: the most bytes of the archive's parts; `text`: the
    most bytes of the answer.
    """
    with open_archive(content, unpacked) as archive:
        for part in iter_sheet_parts(archive):
            refuse_far_cells(part, cells)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        names = list(book.sheet_names)
        filled = [name for name in names if _has_table(book, name)]
        wanted = sheet or (filled[0] if len(filled) == 1 else "")
        values = {"sheets": names[:_MOST_NAMES], "filled": filled[:_MOST_NAMES], "read": False}
        if wanted not in names:
            return values, b""
        rows = book.get_sheet_by_name(wanted).iter_rows()
        return values | {"read": True}, _format_text(rows, text)
    except (MemoryError, RefusedFile):
        raise
    except Exception as error:
        raise RefusedFile(RefusalReason.DAMAGED) from error


def _has_table(book: Any, name: str) -> bool:
    sheet = book.get_sheet_by_name(name)
    return bool(sheet.height * sheet.width > 1)


def _format_text(rows: Iterator[list[Any]], most: int) -> bytes:
    parts, size = list[bytes](), 0
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\n").writerow([_format_cell(cell) for cell in row])
        parts.append(line.getvalue().encode("utf-8", "replace"))
        size += len(parts[-1])
        if size > most:
            raise RefusedFile(RefusalReason.TEXT, most=most)
    return b"".join(parts)


def _format_cell(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, float):
        return repr(cell).upper()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
