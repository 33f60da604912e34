"""Workbooks (.xlsx), by calamine, once their archive and the places of their cells are bounded."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import python_calamine

from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.jobs.archive import iter_sheet_parts, open_archive
from jifen.reader.jobs.cells import refuse_far_cells


def read_workbook(
    content: bytes, sheet: int, cells: int, unpacked: int, text: int
) -> tuple[dict[str, Any], bytes]:
    """Every cell of a sheet from A1 on, as JSON: a list of rows of text, numbers, true and false;
    [day] a date and [day, time] a date with a time of day, each as ISO 8601. The names of all
    sheets beside.

    `cells`: the most of the rectangle from A1; `unpacked`: the most bytes of the archive's parts;
    `text`: the most bytes of the answer.
    """
    with open_archive(content, unpacked) as archive:
        for part in iter_sheet_parts(archive):
            refuse_far_cells(part, cells)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        names = list(book.sheet_names)
        rows = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    except MemoryError:
        raise
    except Exception as error:
        raise RefusedFile(RefusalReason.DAMAGED) from error
    return {"sheets": names[:100]}, _encode_rows(rows, text)


def _encode_rows(rows: list[list[Any]], most: int) -> bytes:
    lines, size = list[bytes](), 2
    for line in _encode_lines(rows):
        size += len(line) + 1
        if size > most:
            raise RefusedFile(RefusalReason.TEXT, most=most)
        lines.append(line)
    return b"[" + b",".join(lines) + b"]"


def _encode_lines(rows: list[list[Any]]) -> Iterator[bytes]:
    for row in rows:
        plain = [_encode_cell(cell) for cell in row]
        yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def _encode_cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return [cell.date().isoformat(), cell.time().isoformat()]
    if isinstance(cell, date):
        return [cell.isoformat()]
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    return str(cell)
