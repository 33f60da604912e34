"""Workbooks (.xlsx), read in a reading process."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.limits import MIB, ReaderLimits
from jifen.reader.pool import ReaderPool, shared_pool

CellValue = str | bool | int | float | date | datetime | None
LIMITS = ReaderLimits(processor=20, wall=40.0)


@dataclass(frozen=True, slots=True)
class WorkbookBounds:
    """`cells`: of the table from A1 to the last cell with content; `unpacked`: bytes of all parts;
    `text`: bytes of all cells as text."""

    cells: int = 2_000_000
    unpacked: int = 200 * MIB
    text: int = 60 * MIB


@dataclass(frozen=True, slots=True)
class SheetTable:
    """Every cell of one sheet from A1 on, row by row; an empty cell is ''. `sheets`: the names of
    all sheets (the first hundred)."""

    rows: list[list[CellValue]]
    sheets: tuple[str, ...]


def read_sheet(
    content: bytes,
    sheet: int = 0,
    *,
    bounds: WorkbookBounds = WorkbookBounds(),
    limits: ReaderLimits = LIMITS,
    pool: ReaderPool | None = None,
) -> SheetTable:
    """A sheet, counted from 0. Raises NotRead."""
    given = {
        "sheet": sheet,
        "cells": bounds.cells,
        "unpacked": bounds.unpacked,
        "text": bounds.text,
    }
    values, body = (pool or shared_pool()).ask("read a workbook", content, given, limits)
    try:
        rows = [[_read_cell(cell) for cell in row] for row in json.loads(body)]
        names = tuple(str(name)[:100] for name in values["sheets"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise RefusedFile(RefusalReason.CRASHED) from None
    return SheetTable(rows, names)


def _read_cell(plain: Any) -> CellValue:
    if plain is None or isinstance(plain, str | bool | int | float):
        return plain
    day, *moment = plain
    on = date.fromisoformat(day)
    return datetime.combine(on, time.fromisoformat(*moment)) if moment else on


LONG = ReaderLimits(memory=3 * 1024 * MIB, processor=240, wall=280.0, answer=512 * MIB)
LONG_BOUNDS = WorkbookBounds(cells=40_000_000, unpacked=2 * 1024 * MIB, text=512 * MIB)
"""Of a register that an analyst gives to the lab, on a machine of their own."""


@dataclass(frozen=True, slots=True)
class SheetText:
    """A sheet as comma-separated text in UTF-8; None where it is not clear which sheet is meant.
    `filled` are the names of those with more than one cell in them."""

    content: bytes | None
    sheets: tuple[str, ...]
    filled: tuple[str, ...]


def read_sheet_as_text(
    content: bytes,
    sheet: str = "",
    *,
    bounds: WorkbookBounds = LONG_BOUNDS,
    limits: ReaderLimits = LONG,
    pool: ReaderPool | None = None,
) -> SheetText:
    """A sheet by its name, or the only one with a table in it, as text. Raises NotRead."""
    given = {
        "sheet": sheet,
        "cells": bounds.cells,
        "unpacked": bounds.unpacked,
        "text": bounds.text,
    }
    values, body = (pool or shared_pool()).ask("read a sheet as text", content, given, limits)
    try:
        sheets = tuple(str(name)[:100] for name in values["sheets"])
        filled = tuple(str(name)[:100] for name in values["filled"])
    except (TypeError, KeyError):
        raise RefusedFile(RefusalReason.CRASHED) from None
    return SheetText(body if values.get("read") is True else None, sheets, filled)
