"""How a table of text is written: encoding, separator, the row of its header, its columns."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jifen.facts.extracts.encoding import TextStream
from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.extracts.header import LOOKED_AT, clean_names, find_header

HEAD = 4 << 20
"""The header, and the rows from which types are told, stand in so many bytes."""
MOST_COLUMNS = 16_384
"""Of a sheet of a workbook; a table of text has no more either."""
SEPARATORS = (",", "\t", ";", "|")
_MOST_FIELD = 1 << 20
IsKnownName = Callable[[str], bool]


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
class TextHead:
    """The beginning of a text: whole records only, unless it is all there is."""

    text: str
    encoding: str


def read_head(stream: TextStream, path: Path) -> TextHead:
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
    return TextHead(text, stream.encoding)


def detect_layout(
    head: TextHead, path: Path, knows: IsKnownName, *, separator: str = "", header: int = 0
) -> Layout:
    """Find separator and header, or take those that are given. Raises ExtractFault."""
    chosen = separator or _detect_separator(head.text, knows)
    records = read_records(head.text, chosen, path, max(header, LOOKED_AT))
    at = header - 1 if header else find_header(records, knows, path)
    if at >= len(records) or not any(cell.strip() for cell in records[at]):
        raise ExtractFault("JF-F072", "no_such_row", path, at + 1)
    names = clean_names(records[at])
    if len(names) > MOST_COLUMNS:
        raise ExtractFault("JF-F072", "columns", path, at + 1, found=len(names), most=MOST_COLUMNS)
    titles = sum(1 for record in records[:at] if any(cell.strip() for cell in record))
    skipped = _measure_length(head.text, chosen, at + 1)
    return Layout(head.encoding, chosen, at + 1, titles, names, skipped)


def read_records(text: str, separator: str, path: Path, most: int) -> list[list[str]]:
    """The first records of a text. Raises ExtractFault."""
    csv.field_size_limit(_MOST_FIELD)
    records = list[list[str]]()
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            records.append(record)
            if len(records) >= most:
                break
    except csv.Error:
        raise ExtractFault("JF-F072", "long_line", path, len(records) + 1, most=1) from None
    return records


def _detect_separator(text: str, knows: IsKnownName) -> str:
    """The separator under which the most names are known; of equal ones that of the widest row."""

    def rate_separator(separator: str) -> tuple[int, int]:
        try:
            records = read_records(text, separator, Path(), LOOKED_AT)
        except ExtractFault:
            return (-1, 0)
        known = max((sum(map(knows, filter(None, clean_names(r)))) for r in records), default=0)
        return known, max(map(len, records), default=0)

    return max(SEPARATORS, key=rate_separator)


def _measure_length(text: str, separator: str, records: int) -> int:
    """The bytes of the first records with their ends of line."""
    length = 0

    def iter_lines() -> Iterator[str]:
        nonlocal length
        for line in io.StringIO(text, newline=""):
            length += len(line.encode("utf-8", "surrogatepass"))
            yield line

    reader = csv.reader(iter_lines(), delimiter=separator)
    for _ in range(records):
        next(reader, None)
    return length
