"""The archive that a workbook is: how many parts, how large, before any of them is unpacked."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO

from jifen.reader.faults import RefusalReason, RefusedFile

MOST_ENTRIES = 2_000
_END = b"PK\x05\x06"
_TAIL = 22 + 0xFFFF
"""Bytes of the record at the end of an archive, with the longest comment."""
_MOST_DIRECTORY = 2 * 1024 * 1024
_SNIFFED = 4_096

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # encrypted, or packed by a method that is not known
    ValueError,
)


@contextmanager
def open_archive(content: bytes, unpacked: int) -> Iterator[zipfile.ZipFile]:
    """The archive of a workbook without macros. Raises NotRead."""
    _refuse_directory(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _refuse_parts(archive, unpacked)
            yield archive
    except RefusedFile:
        raise
    except _BROKEN as error:
        raise RefusedFile(RefusalReason.DAMAGED) from error


def _refuse_directory(content: bytes) -> None:
    """The directory stands at the end; its size is bounded before it is read."""
    place = content.rfind(_END, max(len(content) - _TAIL, 0))
    if place < 0 or len(content) < place + 22:
        raise RefusedFile(RefusalReason.NOT_A_WORKBOOK)
    entries, size = struct.unpack_from("<HI", content, place + 10)
    if entries > MOST_ENTRIES or size > _MOST_DIRECTORY:
        raise RefusedFile(RefusalReason.ENTRIES, most=MOST_ENTRIES)


def _refuse_parts(archive: zipfile.ZipFile, unpacked: int) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_ENTRIES:
        raise RefusedFile(RefusalReason.ENTRIES, most=MOST_ENTRIES)
    if sum(part.file_size for part in parts) > unpacked:
        raise RefusedFile(RefusalReason.UNPACKED, most=unpacked)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise RefusedFile(RefusalReason.MACROS)
    if "xl/workbook.xml" not in names:
        raise RefusedFile(RefusalReason.NOT_A_WORKBOOK)


def iter_sheet_parts(archive: zipfile.ZipFile) -> Iterator[IO[bytes]]:
    """Every part that begins as a sheet does, whatever it is called: the workbook says by itself
    which of its parts are sheets."""
    for part in archive.infolist():
        with archive.open(part) as file:
            begins = file.read(_SNIFFED).replace(b"\0", b"")
        if b"worksheet" in begins:
            with archive.open(part) as file:
                yield file
