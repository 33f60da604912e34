"""Workbooks and CSV for people to read on: what begins like a formula is text, and stays text."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """A table with its name and columns."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def guard_formula(value: Any) -> Any:
    """Numbers stay numbers. Text that a spreadsheet would run gets an apostrophe in front, which
    such programs show as text; xlsx cells are typed as text besides, but files are saved as CSV."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def make_workbook(sheets: Sequence[ExportSheet]) -> bytes:
    """An .xlsx; no text becomes a formula, a link or a number."""
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    head = book.add_format({"bold": True, "bg_color": "#E2EEEC"})
    for sheet in sheets:
        page = book.add_worksheet(_clean_sheet_name(sheet.name))
        page.write_row(0, 0, list(sheet.columns), head)
        for number, row in enumerate(sheet.rows, 1):
            page.write_row(number, 0, [_to_cell_value(guard_formula(value)) for value in row])
        page.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def make_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV in UTF-8, marked so that spreadsheet programs read it as such; guarded against
    formulas as a workbook is."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([guard_formula(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _to_cell_value(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _clean_sheet_name(name: str) -> str:
    allowed = "".join(letter for letter in name if letter not in "[]:*?/\\")
    return allowed[:31] or "Sheet"
