"""The rows of a table of text: cells as text, blank ones as nulls, each row with its number."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
from numpy.typing import NDArray

from jifen.facts.extracts.encoding import TextStream
from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.extracts.layout import Layout
from jifen.policy.fault import shorten_text

BLOCK = 16 << 20
RowNumbers = NDArray[np.int64]
_OF_A_ROW = ": '"


@dataclass(frozen=True, slots=True)
class RaggedRow:
    """A row that has other cells than the header: its number, how many, and its text (short)."""

    line: int
    cells: int
    text: str


@dataclass(slots=True)
class RowBlock:
    """Rows with their numbers as a spreadsheet counts them, and the ragged ones among them."""

    table: pa.Table
    lines: RowNumbers
    ragged: list[RaggedRow] = field(default_factory=list)
    bytes_read: int = 0
    """Bytes of the file read so far."""


class _TextAfterHead(io.RawIOBase):
    """A text after its first bytes."""

    def __init__(self, stream: TextStream, skipped: int) -> None:
        super().__init__()
        self._stream, self._skipped = stream, skipped

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while True:
            block = self._stream.read(size)
            if not block or not self._skipped:
                return block
            block, self._skipped = block[self._skipped :], max(self._skipped - len(block), 0)
            if block:
                return block


def read_blocks(source: IO[bytes], path: Path, layout: Layout) -> Iterator[RowBlock]:
    """The rows below the header, in order. Raises ExtractFault."""
    stream = TextStream(source, path, layout.encoding)
    ragged, seen, before = list[RaggedRow](), 0, layout.header

    def note_ragged(row: Any) -> str:
        ragged.append(RaggedRow(row.number, row.actual_columns, row.text))
        return "skip"

    try:
        with _open_csv(_TextAfterHead(stream, layout.skipped), layout, note_ragged) as reader:
            for batch in reader:
                batch_ragged = _take_ragged(ragged, seen + batch.num_rows)
                lines = _number_rows(batch.num_rows, seen, [row.line for row in batch_ragged])
                seen += batch.num_rows + len(batch_ragged)
                yield RowBlock(
                    pa.Table.from_batches([batch]),
                    lines + before,
                    _shift_lines(batch_ragged, before),
                    stream.bytes_read,
                )
        if ragged:
            nobody = build_block_schema(layout).empty_table()
            nothing = np.zeros(0, np.int64)
            yield RowBlock(nobody, nothing, _shift_lines(ragged, before), stream.bytes_read)
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):  # column names, and nothing below
            return
        raise _arrow_fault(path, error, seen + before) from None
    finally:
        stream.close()


def _open_csv(source: Any, layout: Layout, note: Any) -> Any:
    names = [str(number) for number in range(len(layout.names))]
    return pcsv.open_csv(
        source,
        read_options=pcsv.ReadOptions(column_names=names, block_size=BLOCK, use_threads=False),
        parse_options=pcsv.ParseOptions(
            delimiter=layout.separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=note,
        ),
        convert_options=pcsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
            check_utf8=False,
        ),
    )


def build_block_schema(layout: Layout) -> pa.Schema:
    """The columns of a block: text, called by their numbers."""
    return pa.schema([(str(number), pa.string()) for number in range(len(layout.names))])


def _take_ragged(ragged: list[RaggedRow], last: int) -> list[RaggedRow]:
    """Take the ragged rows that stand among rows up to a number. The reader may be further on."""
    batch_ragged = list[RaggedRow]()
    while ragged and ragged[0].line <= last + len(batch_ragged):
        batch_ragged.append(ragged.pop(0))
    return batch_ragged


def _shift_lines(ragged: list[RaggedRow], before: int) -> list[RaggedRow]:
    return [RaggedRow(row.line + before, row.cells, row.text) for row in ragged]


def _number_rows(rows: int, before: int, skipped: list[int]) -> RowNumbers:
    """The numbers of rows from `before` + 1 on, without those that were skipped."""
    numbers = np.arange(before + 1, before + 1 + rows + len(skipped), dtype=np.int64)
    if not skipped:
        return numbers
    return numbers[~np.isin(numbers, skipped)]


def _arrow_fault(path: Path, error: Exception, line: int) -> ExtractFault:
    """What Arrow says, without what it quotes of a row: that may be personal."""
    message = str(error).split(_OF_A_ROW, 1)[0]
    if "straddling" in message or "block" in message:
        return ExtractFault("JF-F072", "long_line", path, line + 1, most=BLOCK >> 20)
    return ExtractFault("JF-F072", "broken", path, line + 1, said=shorten_text(message, 120))
