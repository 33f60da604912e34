"""Workbooks for people to read on: what begins like a formula is text, and stays text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name and columns."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def guarded(value: Any) -> Any:
    """Numbers stay numbers. Text that a spreadsheet would run gets an apostrophe in front, which
    such programs show as text; xlsx cells are typed as text besides, but files are saved as CSV."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx; no text becomes a formula, a link or a number."""
    made = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(made, options)
    head = book.add_format({"bold": True, "bg_color": "#E2EEEC"})
    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.name))
        page.write_row(0, 0, list(sheet.columns), head)
        for number, row in enumerate(sheet.rows, 1):
            page.write_row(number, 0, [_plain(guarded(value)) for value in row])
        page.freeze_panes(1, 0)
    book.close()
    return made.getvalue()


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _name(name: str) -> str:
    kept = "".join(c for c in name if c not in "[]:*?/\\")
    return kept[:31] or "Sheet"
