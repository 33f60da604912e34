"""Where the table of a file begins: the row of its column names, under titles and blank rows."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.spelling import normalize_text

LOOKED_AT = 50
"""A header stands among so many rows."""
HeaderRecord = Sequence[str]
_VALUE = re.compile(r"[¥$+-]?[0-9][0-9,./:年月日 -]*\Z")


def find_header(
    records: Sequence[HeaderRecord], knows: Callable[[str], bool], path: Path | str
) -> int:
    """The index of the row of column names. It is the one with the most names that are known; where
    none is known, the first that fills more than half of the width of the table with different
    texts. Raises ExtractFault where there is none."""
    first_records = records[:LOOKED_AT]
    known_counts = [sum(map(knows, filter(None, record))) for record in first_records]
    if max(known_counts, default=0):
        return known_counts.index(max(known_counts))
    width = max((_count_filled(record) for record in first_records), default=0)
    for number, record in enumerate(first_records):
        if not 2 * _count_filled(record) > width:
            continue
        if _are_names(record):
            return number
        break
    raise ExtractFault("JF-F072", "no_header", path, most=LOOKED_AT)


def clean_names(record: HeaderRecord) -> tuple[str, ...]:
    """Column names as they are written, without blanks at the ends and line breaks inside; a column
    without a name is called by its number."""
    names = [" ".join(cell.replace("\ufeff", "").split()) for cell in record]
    return tuple(name or f"column_{number + 1}" for number, name in enumerate(names))


def _count_filled(record: HeaderRecord) -> int:
    return sum(1 for cell in record if cell.strip())


def _are_names(record: HeaderRecord) -> bool:
    cells = [normalize_text(cell) for cell in record if cell.strip()]
    return len(set(cells)) == len(cells) and not any(_is_value(cell) for cell in cells)


def _is_value(cell: str) -> bool:
    """A number, a day or an amount: no name of a column."""
    return bool(_VALUE.match(cell))
