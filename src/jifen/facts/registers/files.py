"""The files of a register: which there are, their columns, and their rows batch by batch."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jifen.facts.extracts.cells import ColumnReader
from jifen.facts.extracts.column_names import ColumnNames
from jifen.facts.extracts.fault import ExtractFault, FileFault
from jifen.facts.extracts.rows import SkippedRows
from jifen.facts.extracts.table import PersonRows, TableReading, inspect_table
from jifen.facts.registers.faults import COLUMN, NO_ROWS, UNREADABLE, RegisterError
from jifen.facts.words import say
from jifen.policy.fault import shorten_text
from jifen.policy.text import Text

KINDS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "workbook",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
BATCH = 1 << 18
TEXT_KINDS = ("csv", "workbook")
_MOST_STRETCHES = 1_000
_OF_A_ROW = re.compile(r"(?s)(?<=got \d): .*|(?<=got \d\d): .*| '.*'")
"""What Arrow quotes of a row, which may be personal: it is not repeated."""
_CSV_ROW = 40
_OF_THE_FILE = ("JF-F070", "JF-F071", "JF-F072", "JF-F074", "JF-F075")
"""Codes of a table of text that say of a register that it is no sound file."""

_PLAIN_READING = TableReading(ColumnNames({}))
"""Columns are called as in the file."""


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """One file of a register."""

    path: Path
    kind: str
    number: int
    reading: TableReading = field(default=_PLAIN_READING, compare=False, repr=False)
    """How its columns are understood."""

    @property
    def size(self) -> int:
        """Bytes on disk, for the progress and the number of partitions."""
        return self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Rows of a part: `first` is the number of the first row, counted from 1 without a header;
    `done` the share of the part that is read with them (0 to 1).
    """

    rows: pa.Table
    first: int
    done: float
    skipped: SkippedRows | None = None
    """The rows of a table of text that are nobody, and stand above these."""


def list_files(paths: Sequence[Path], reading: TableReading = _PLAIN_READING) -> list[RegisterFile]:
    """Every file that is meant: files as given, the parts of a folder in the order of names."""
    paths_of_files = [file for path in paths for file in _expand_path(path)]
    return [
        RegisterFile(file, _detect_kind(file), number, reading)
        for number, file in enumerate(paths_of_files)
    ]


def _expand_path(path: Path) -> list[Path]:
    if not path.exists():
        raise RegisterError(
            UNREADABLE,
            path,
            say("registers.files.no_such_file_or_folder"),
            say("registers.files.a_register"),
            say("registers.files.check_the_path"),
        )
    if not path.is_dir():
        return [path]
    files = sorted(f for f in path.rglob("*") if _is_register_file(f, path))
    if not files:
        kinds = ", ".join(KINDS)
        raise RegisterError(
            NO_ROWS,
            path,
            say("registers.files.a_folder_without_parts"),
            say("registers.files.files_ending", kinds=kinds),
            say("registers.files.check_the_folder"),
        )
    return files


def _is_register_file(file: Path, folder: Path) -> bool:
    hidden = any(name.startswith((".", "_")) for name in file.relative_to(folder).parts)
    return file.suffix.lower() in KINDS and not hidden and file.is_file()


def _detect_kind(file: Path) -> str:
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        endings = ", ".join(KINDS)
        raise RegisterError(
            UNREADABLE,
            file,
            say("registers.files.a_file_ending", suffix=file.suffix),
            say("registers.files.one_ending", endings=endings),
            say("registers.files.save_or_export"),
        )
    return kind


def count_rows(part: RegisterFile) -> int:
    """How many rows a part holds; of CSV an estimate from its size."""
    with translate_errors(part):
        if part.kind == "parquet":
            return int(pq.read_metadata(part.path).num_rows)
    return part.size // _CSV_ROW


def read_schema(part: RegisterFile, text: Sequence[str] | None = None) -> pa.Schema:
    """The columns of a part, by their names from now on. Of text, those in `text` are text (None:
    every one)."""
    with translate_errors(part):
        if part.size == 0:
            raise RegisterError(
                NO_ROWS,
                part.path,
                say("registers.files.an_empty_file"),
                say("registers.files.rows_with_their_columns"),
                say("registers.files.export_it_again"),
            )
        if part.kind == "parquet":
            return _rename_schema(part, pq.read_schema(part.path))[0]
        if part.kind == "arrow":
            with _open_arrow(part.path) as reader:
                return _rename_schema(part, reader.schema)[0]
        return inspect_table(part.path, _with_text(part.reading, text)).schema


def _with_text(reading: TableReading, text: Sequence[str] | None) -> TableReading:
    return replace(reading, is_text=lambda name: text is None or name in text)


def _rename_schema(part: RegisterFile, schema: pa.Schema) -> tuple[pa.Schema, ColumnReader]:
    """The columns of a part that has types, by their names from now on."""
    called = part.reading.resolve_columns(tuple(dict.fromkeys(schema.names)), part.path)
    fields = [column.with_name(called[column.name]) for column in schema]
    return pa.schema(fields, schema.metadata), part.reading.build_columns(called)


def read_batches(
    part: RegisterFile, schema: pa.Schema, *, blank_is_null: bool = False
) -> Iterator[RowBatch]:
    """The rows of a part with the columns of `schema`, in order."""
    source = _open_batches(part, schema, blank_is_null)
    while True:
        with translate_errors(part):
            batch = next(source, None)
        if batch is None:
            return
        if batch.rows.num_rows or batch.skipped:
            yield batch


def _open_batches(part: RegisterFile, schema: pa.Schema, blank_is_null: bool) -> Iterator[RowBatch]:
    if part.kind in TEXT_KINDS:
        return _read_text(part, schema, blank_is_null)
    return _number_batches(
        _read_parquet(part, schema) if part.kind == "parquet" else _read_arrow(part, schema)
    )


def _number_batches(source: Iterator[tuple[pa.Table, float]]) -> Iterator[RowBatch]:
    first = 1
    for rows, done in source:
        yield RowBatch(rows, first, done)
        first += rows.num_rows


def _read_parquet(part: RegisterFile, schema: pa.Schema) -> Iterator[tuple[pa.Table, float]]:
    with pq.ParquetFile(part.path, pre_buffer=False) as file:
        columns = _rename_schema(part, file.schema_arrow)[1]
        names = [columns.name_in_file(name) for name in schema.names]
        total, read = max(file.metadata.num_rows, 1), 0
        for batch in file.iter_batches(BATCH, columns=names):
            read += batch.num_rows
            yield columns.read_columns(pa.Table.from_batches([batch]), schema.names), read / total


@contextmanager
def _open_arrow(path: Path) -> Iterator[Any]:
    with pa.memory_map(str(path)) as source:
        try:
            yield pa.ipc.open_file(source)
        except pa.ArrowInvalid:
            source.seek(0)
            yield pa.ipc.open_stream(source)


def _read_arrow(part: RegisterFile, schema: pa.Schema) -> Iterator[tuple[pa.Table, float]]:
    with pa.memory_map(str(part.path)) as source:
        size = max(part.size, 1)
        for batch in _record_batches(source):
            columns = _rename_schema(part, batch.schema)[1]
            table = columns.read_columns(pa.Table.from_batches([batch]), schema.names)
            for start in range(0, table.num_rows, BATCH):
                yield table.slice(start, BATCH), min(source.tell() / size, 1.0)


def _record_batches(source: Any) -> Iterator[pa.RecordBatch]:
    """Both forms of Arrow IPC: the file and the stream."""
    try:
        file = pa.ipc.open_file(source)
    except pa.ArrowInvalid:
        source.seek(0)
        yield from pa.ipc.open_stream(source)
        return
    for number in range(file.num_record_batches):
        yield file.get_batch(number)


def _read_text(part: RegisterFile, schema: pa.Schema, blank_is_null: bool) -> Iterator[RowBatch]:
    """Stretches of rows that follow one another, so that each has its number."""
    text = [f.name for f in schema if pa.types.is_string(f.type)]
    extract = inspect_table(part.path, _with_text(part.reading, text))
    for rows in extract.read_rows():
        _refuse_odd_rows(part, rows, schema.names)
        table = extract.columns.read_columns(rows.block.table, schema.names)
        skipped: SkippedRows | None = rows.skipped
        if not blank_is_null:
            table = _fill_blanks(table)
        if not table.num_rows:
            yield RowBatch(table, 1, rows.share, skipped)
        numbers = rows.block.lines - extract.layout.header
        for start, stop in _split_stretches(numbers):
            some = table.slice(start, stop - start)
            yield RowBatch(some, int(numbers[start]), rows.share, skipped)
            skipped = None


def _split_stretches(numbers: Any) -> list[tuple[int, int]]:
    """Where rows follow one another; a table of very many gaps is taken as it stands."""
    if not len(numbers):
        return []
    gaps = (np.flatnonzero(np.diff(numbers) != 1) + 1).tolist()
    edges = [0, *(gaps if len(gaps) < _MOST_STRETCHES else []), len(numbers)]
    return list(pairwise(edges))


def _fill_blanks(table: pa.Table) -> pa.Table:
    columns = [pc.fill_null(c, "") if pa.types.is_string(c.type) else c for c in table.columns]
    return pa.table(columns, schema=table.schema)


def _refuse_odd_rows(part: RegisterFile, rows: PersonRows, names: Sequence[str]) -> None:
    """A row that cannot be read would be missing in somebody's months: nothing is derived."""
    if rows.skipped.ragged:
        odd = rows.skipped.ragged[0]
        wide = len(rows.block.table.schema)
        raise ExtractFault(
            "JF-F074", "in_a_register", part.path, odd.line, cells=odd.cells, columns=wide
        )
    for odd_cell in rows.misfits:
        if odd_cell.column in names:
            raise RegisterError(
                UNREADABLE,
                part.path,
                say(
                    "registers.files.a_value_of_another_type",
                    column=odd_cell.column,
                    line=odd_cell.line,
                ),
                odd_cell.kind,
                say("registers.files.correct_it_and_export"),
            )


@contextmanager
def translate_errors(part: RegisterFile) -> Iterator[None]:
    """What Arrow says of a damaged file, as words for the person at the keyboard."""
    try:
        yield
    except ExtractFault as error:
        row = say("registers.files.row", line=error.line) if error.line else Text("", "")
        said_of, expected, do = error.texts.found, error.texts.expected, error.texts.remedy
        raise RegisterError(
            UNREADABLE if error.code in _OF_THE_FILE else error.code,
            part.path,
            Text(f"{row.zh}{said_of.zh}", f"{row.en}{said_of.en}"),
            expected,
            do,
        ) from None
    except FileFault as error:
        raise RegisterError(
            UNREADABLE,
            part.path,
            error.words,
            say("registers.files.a_complete_file", kind=part.kind),
            say("registers.files.export_or_copy_it_again"),
        ) from None
    except (pa.ArrowException, UnicodeDecodeError) as error:
        message = shorten_text(_OF_A_ROW.sub("", str(error)), 160)
        raise RegisterError(
            UNREADABLE,
            part.path,
            say("registers.files.what_is_no_sound_file", kind=part.kind, message=message),
            say("registers.files.a_complete_file", kind=part.kind),
            say("registers.files.export_or_copy_it_again"),
        ) from None
    except OSError as error:
        why = error.strerror or " ".join(str(error).split())[:200]
        raise RegisterError(
            UNREADABLE,
            part.path,
            say("registers.files.what_cannot_be_read", why=why),
            say("registers.files.a_file_that_can"),
            say("registers.files.check_that_it_is_complete"),
        ) from None


def require_columns(part: RegisterFile, schema: pa.Schema, wanted: dict[str, Text]) -> None:
    """Each wanted column (name → what it is for) must be there, and no name twice."""
    twice = [name for name in wanted if schema.names.count(name) > 1]
    if twice:
        raise RegisterError(
            COLUMN,
            part.path,
            say("registers.files.two_columns", twice=twice[0]),
            say("registers.files.one_of_each_name"),
            say("registers.files.rename_one_of_them"),
        )
    missing = [(name, use) for name, use in wanted.items() if name not in schema.names]
    if missing:
        present = ", ".join(schema.names)[:200]
        words = Text(
            "、".join((f"“{name}”（{use.zh}）" for name, use in missing)),
            ", ".join((f"'{name}' ({use.en})" for name, use in missing)),
        )
        raise RegisterError(
            COLUMN,
            part.path,
            say("registers.files.no_column", words=words),
            say("registers.files.it_beside_those", present=present),
            say("registers.files.add_or_rename_the_column"),
        )
