"""The text of a file as UTF-8, in whichever encoding it was exported.

A mark at the beginning says which it is; so do zero bytes at every other place. Without either, a
file is UTF-8 if its first bytes beyond ASCII are, else GB18030 (which holds GBK and GB 2312). What
fits neither, or changes on the way, is refused with its row: nothing is replaced by a sign.
"""

import codecs
from pathlib import Path
from typing import IO, Any

from jifen.facts.extracts.fault import ExtractFault

UTF8, GB18030, UTF16_LE, UTF16_BE = "utf-8", "gb18030", "utf-16-le", "utf-16-be"
ENCODINGS = (UTF8, GB18030, UTF16_LE, UTF16_BE)
_MARKS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, UTF16_LE), (codecs.BOM_UTF16_BE, UTF16_BE))
_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SNIFFED = 4096


def detect_encoding(begin: bytes, path: Path | str) -> tuple[str, int]:
    """The encoding that the first bytes of a file show ('' where they are plain ASCII), and how
    long its mark is. Raises ExtractFault for what is no text."""
    if begin.startswith(_WIDE_MARKS):
        raise ExtractFault("JF-F070", "utf_32", path)
    for mark, encoding in _MARKS:
        if begin.startswith(mark):
            return encoding, len(mark)
    some = begin[:_SNIFFED]
    even, odd = some[::2].count(0), some[1::2].count(0)
    if even + odd == 0:
        return "", 0
    few = len(some) // 20
    if odd > even and even <= few and odd > few:
        return UTF16_LE, 0
    if even > odd and odd <= few and even > few:
        return UTF16_BE, 0
    raise ExtractFault("JF-F070", "binary", path)


class TextStream:
    """A file of bytes read as UTF-8. `read` gives what Arrow and Python read as one file."""

    closed = False

    def __init__(self, source: IO[bytes], path: Path | str, encoding: str = "") -> None:
        """`encoding`: one of ENCODINGS, or empty to find it out."""
        self._source, self._path = source, path
        self._pending = source.read(_SNIFFED)
        detected, mark = detect_encoding(self._pending, path) if not encoding else ("", 0)
        if encoding and self._pending.startswith(
            expected_mark := dict(_swap_pairs(_MARKS)).get(encoding, b"")
        ):
            mark = len(expected_mark)
        self._pending = self._pending[mark:]
        self._encoding = encoding or detected
        self._decoder: Any = codecs.getincrementaldecoder(self._encoding or UTF8)()
        self._lines = 0
        self._bytes = mark

    @property
    def encoding(self) -> str:
        """The encoding; empty while everything that was read is ASCII."""
        return self._encoding

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file were read."""
        return self._bytes

    def readable(self) -> bool:
        """For Arrow."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def read(self, size: int = -1) -> bytes:
        """About so many bytes of text as UTF-8; nothing at the end. Raises ExtractFault."""
        while True:
            block = self._pending + self._source.read(size)
            self._pending = b""
            self._bytes += len(block)
            text = self._decode_block(block)
            if text or not block:
                return text

    def _decode_block(self, block: bytes) -> bytes:
        if not self._encoding:
            if block.isascii():
                self._lines += block.count(b"\n")
                return block
            self._encoding = UTF8 if _is_utf8(block) else GB18030
            self._decoder = codecs.getincrementaldecoder(self._encoding)()
        try:
            text = self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise self._decoding_fault(block, error) from None
        if self._encoding == UTF8:
            self._lines += block.count(b"\n")
            return block
        self._lines += text.count("\n")
        return bytes(text.encode("utf-8", "surrogatepass"))

    def _decoding_fault(self, block: bytes, error: UnicodeDecodeError) -> ExtractFault:
        whole: bytes = error.object
        line = self._lines + 1
        line += whole[: error.start].count(b"\n") if "16" not in self._encoding else 0
        shown = whole[error.start : error.start + 2].hex(" ")
        del block
        return ExtractFault(
            "JF-F071", "mixed", self._path, line, encoding=self._encoding, found=shown
        )


def _swap_pairs(pairs: Any) -> list[tuple[str, bytes]]:
    return [(encoding, mark) for mark, encoding in pairs]


def _is_utf8(block: bytes) -> bool:
    """Whether a block is UTF-8; its last character may be cut off."""
    try:
        codecs.getincrementaldecoder(UTF8)().decode(block)
    except UnicodeDecodeError:
        return False
    return True
