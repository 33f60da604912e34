"""How a table of text is written: encoding, separator, the row of its header, its columns."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jifen.facts.extracts.encoding import TextStream
from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.extracts.heading import LOOKED_AT, find_header, names_of

HEAD = 4 << 20
"""The header, and the rows from which types are told, stand in so many bytes."""
MOST_COLUMNS = 16_384
"""Of a sheet of a workbook; a table of text has no more either."""
SEPARATORS = (",", "\t", ";", "|")
_MOST_FIELD = 1 << 20
Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Layout:
    """`header` is the row of the column names as a spreadsheet counts it (from 1), `titles` how
    many rows with something in them stand above, `skipped` the bytes (as UTF-8) up to the data."""

    encoding: str
    separator: str
    header: int
    titles: int
    names: tuple[str, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a text: whole records only, unless it is all there is."""

    text: str
    encoding: str


def head_of(stream: TextStream, path: Path) -> Head:
    """Read the beginning. Raises ExtractFault where it is empty or has no end of a line."""
    parts, size = list[bytes](), 0
    while size < HEAD and (part := stream.read(HEAD - size)):
        parts.append(part)
        size += len(part)
    text = b"".join(parts).decode("utf-8", "ignore")
    if not text.strip("\ufeff \t\r\n,;|\0"):
        raise ExtractFault("JF-F072", "empty", path)
    if size >= HEAD:
        end = max(text.rfind("\n"), text.rfind("\r"))
        if end < 0:
            raise ExtractFault("JF-F072", "long_line", path, most=HEAD >> 20)
        text = text[: end + 1]
    return Head(text, stream.encoding)


def layout_of(
    head: Head, path: Path, knows: Knows, *, separator: str = "", header: int = 0
) -> Layout:
    """Find separator and header, or take those that are given. Raises ExtractFault."""
    chosen = separator or _separator(head.text, knows)
    records = records_of(head.text, chosen, path, max(header, LOOKED_AT))
    at = header - 1 if header else find_header(records, knows, path)
    if at >= len(records) or not any(cell.strip() for cell in records[at]):
        raise ExtractFault("JF-F072", "no_such_row", path, at + 1)
    names = names_of(records[at])
    if len(names) > MOST_COLUMNS:
        raise ExtractFault("JF-F072", "columns", path, at + 1, found=len(names), most=MOST_COLUMNS)
    titles = sum(1 for record in records[:at] if any(cell.strip() for cell in record))
    skipped = _length(head.text, chosen, at + 1)
    return Layout(head.encoding, chosen, at + 1, titles, names, skipped)


def records_of(text: str, separator: str, path: Path, most: int) -> list[list[str]]:
    """The first records of a text. Raises ExtractFault."""
    csv.field_size_limit(_MOST_FIELD)
    found = list[list[str]]()
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            found.append(record)
            if len(found) >= most:
                break
    except csv.Error:
        raise ExtractFault("JF-F072", "long_line", path, len(found) + 1, most=1) from None
    return found


def _separator(text: str, knows: Knows) -> str:
    """The separator under which the most names are known; of equal ones that of the widest row."""

    def merit(separator: str) -> tuple[int, int]:
        try:
            records = records_of(text, separator, Path(), LOOKED_AT)
        except ExtractFault:
            return (-1, 0)
        known = max((sum(map(knows, filter(None, names_of(r)))) for r in records), default=0)
        return known, max(map(len, records), default=0)

    return max(SEPARATORS, key=merit)


def _length(text: str, separator: str, records: int) -> int:
    """The bytes of the first records with their ends of line."""
    length = 0

    def lines() -> Iterator[str]:
        nonlocal length
        for line in io.StringIO(text, newline=""):
            length += len(line.encode("utf-8", "surrogatepass"))
            yield line

    reader = csv.reader(lines(), delimiter=separator)
    for _ in range(records):
        next(reader, None)
    return length
