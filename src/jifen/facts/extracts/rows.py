"""Rows that are nobody: blank ones and totals. They are left out and counted, never scored."""

import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jifen.facts.extracts.delimited import RaggedRow, RowBlock
from jifen.facts.spelling import normalize_text

TOTALS = frozenset(
    {
        "合计",
        "总计",
        "小计",
        "共计",
        "本页合计",
        "累计",
        "汇总",
        "total",
        "subtotal",
        "grandtotal",
        "sum",
    }
)
"""What stands first in a row of totals (blanks and a colon left out)."""
_CANDIDATES = r"(?i)[计汇总]|total|^\s*sum"
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class SkippedRows:
    """How many rows were left out, and the first of them by number."""

    blank: int = 0
    totals: int = 0
    titles: int = 0
    total_lines: list[int] = field(default_factory=list)
    ragged: list[RaggedRow] = field(default_factory=list)

    def add(self, other: "SkippedRows") -> None:
        """Add those of another part."""
        self.blank += other.blank
        self.totals += other.totals
        self.titles += other.titles
        self.total_lines = [*self.total_lines, *other.total_lines][:MOST_LISTED]
        self.ragged += other.ragged


MOST_LISTED = 20


def keep_persons(block: RowBlock) -> tuple[RowBlock, SkippedRows]:
    """A block without blank rows and totals."""
    skipped = SkippedRows()
    for row in block.ragged:
        if is_total_cell(re.split(r"[,\t;|]", row.text, maxsplit=1)[0].strip('" ')):
            skipped.totals += 1
            skipped.total_lines.append(row.line)
        else:
            skipped.ragged.append(row)
    blank, totals = _find_nobody_rows(block.table)
    if blank is None and totals is None:
        return RowBlock(block.table, block.lines, [], block.bytes_read), skipped
    nobody = np.zeros(block.table.num_rows, bool)
    if blank is not None:
        skipped.blank += int(blank.sum())
        nobody |= blank
    if totals is not None:
        skipped.totals += int(totals.sum())
        skipped.total_lines += block.lines[totals].tolist()
        nobody |= totals
    persons = block.table.filter(pa.array(~nobody))
    return RowBlock(persons, block.lines[~nobody], [], block.bytes_read), skipped


def is_total_cell(cell: str) -> bool:
    """Whether a cell says that its row is a total."""
    return "".join(normalize_text(cell).split()).rstrip(":：").lower() in TOTALS


def _find_nobody_rows(table: pa.Table) -> tuple[Mask | None, Mask | None]:
    """Rows without anything in them, and those whose first cell that is not blank says total. Only
    the rows that are blank so far are looked at in the next column."""
    rows: NDArray[np.intp] | None = None
    totals = np.zeros(table.num_rows, bool)
    for column in table.columns:
        cells = column if rows is None else column.take(pa.array(rows))
        here = _true_indices(pc.match_substring_regex(cells, _CANDIDATES))
        for at in here.tolist():
            if is_total_cell(cells[at].as_py()):
                totals[at if rows is None else rows[at]] = True
        empty = _true_indices(_is_blank(cells))
        rows = empty if rows is None else rows[empty]
        if not len(rows):
            break
    blank = None
    if rows is not None and len(rows):
        blank = np.zeros(table.num_rows, bool)
        blank[rows] = True
    return blank, totals if totals.any() else None


def _is_blank(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Null, or blanks of any kind only."""
    return pc.fill_null(pc.utf8_is_space(cells), True)


def _true_indices(mask: pa.ChunkedArray) -> NDArray[np.intp]:
    flags = pc.fill_null(mask, False).to_numpy()
    return np.flatnonzero(flags)
