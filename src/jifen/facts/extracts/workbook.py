"""Workbooks as text: a sheet is read in a reading process and comes back as one table of text."""

from functools import lru_cache
from pathlib import Path

from jifen.facts.extracts.fault import ExtractFault, FileFault
from jifen.facts.words import say
from jifen.policy.catalogue import join_list
from jifen.policy.text import Text
from jifen.reader.faults import RefusedFile
from jifen.reader.refusal_messages import explain_refusal
from jifen.reader.workbooks import read_sheet_as_text

MOST_BYTES = 256 << 20
"""Of a workbook on disk."""
_DAMAGED = say("extracts.workbook.damaged")


def read_sheet_text(path: Path, sheet: str = "") -> bytes:
    """A sheet as comma-separated text in UTF-8. Without a name it is the only one with a table in
    it. Raises FileFault, ExtractFault where there are several."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ExtractFault("JF-F075", "large", path, found=size >> 20, most=MOST_BYTES >> 20)
    return _read_cached(path, sheet, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read_cached(path: Path, sheet: str, changed: int) -> bytes:
    del changed
    try:
        sheet_text = read_sheet_as_text(path.read_bytes(), sheet)
    except RefusedFile as fault:
        words = explain_refusal(fault, _DAMAGED)
        raise FileFault(path, Text(f"JF-F075 {words.zh}", f"JF-F075 {words.en}")) from None
    if sheet_text.content is None:
        kind = "no_such_sheet" if sheet else "sheets" if sheet_text.filled else "no_sheet"
        names = join_list(sheet_text.filled or sheet_text.sheets)
        raise ExtractFault("JF-F075", kind, path, sheet=sheet, sheets=names)
    return sheet_text.content
