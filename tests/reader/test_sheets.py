"""A sheet comes back as text, for registers that are longer than a page shows."""

import csv
from collections.abc import Sequence
from datetime import date
from io import BytesIO, StringIO

import pytest
import xlsxwriter

from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.pool import ReaderPool
from jifen.reader.workbooks import LONG_BOUNDS, WorkbookBounds, read_sheet_as_text
from tests.world.hostile import far_cell


def book(*sheets: Sequence[Sequence[object]]) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for rows in sheets:
            sheet = workbook.add_worksheet()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    how = (day,) if isinstance(cell, date) else ()
                    sheet.write(row, column, cell, *how)
    return made.getvalue()


def rows(content: bytes | None) -> list[list[str]]:
    return list(csv.reader(StringIO((content or b"").decode())))


def test_cells_are_written_as_they_would_be_typed(pool: ReaderPool) -> None:
    cells: list[object] = ["姓,名", 'a"b', "x\ny", 12.0, 0.5, True, date(2024, 3, 1), 3.10101e17]
    found = read_sheet_as_text(book([["标题"], [], cells]), pool=pool)
    assert rows(found.content) == [
        ["标题", *[""] * 7],
        [""] * 8,
        ["姓,名", 'a"b', "x\ny", "12", "0.5", "true", "2024-03-01", "3.10101E+17"],
    ]


def test_the_only_sheet_with_a_table_is_read_or_the_one_that_is_named(pool: ReaderPool) -> None:
    one, other = [["a", "b"]], [["c", "d"]]
    assert rows(read_sheet_as_text(book([["note"]], one), pool=pool).content) == one
    several = book(one, other)
    found = read_sheet_as_text(several, pool=pool)
    assert (found.content, found.filled) == (None, ("Sheet1", "Sheet2"))
    assert rows(read_sheet_as_text(several, "Sheet2", pool=pool).content) == other
    assert read_sheet_as_text(several, "x", pool=pool).content is None
    assert read_sheet_as_text(book([]), pool=pool).filled == ()


def test_a_sheet_is_bounded(pool: ReaderPool) -> None:
    with pytest.raises(RefusedFile) as caught:
        read_sheet_as_text(far_cell(), pool=pool)
    assert caught.value.reason is RefusalReason.FAR_CELL
    small = WorkbookBounds(LONG_BOUNDS.cells, LONG_BOUNDS.unpacked, 10)
    with pytest.raises(RefusedFile) as caught:
        read_sheet_as_text(book([["abcdefgh", "ijklm"]]), bounds=small, pool=pool)
    assert caught.value.reason is RefusalReason.TEXT
    with pytest.raises(RefusedFile) as caught:
        read_sheet_as_text(b"no workbook", pool=pool)
    assert caught.value.reason is RefusalReason.NOT_A_WORKBOOK
