"""People in Parquet, Arrow, CSV or .xlsx files, or folders of parts, as parts that can be read
apart. Columns are called by the ids of facts from here on, whatever the file calls them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jifen.facts.extracts.cells import ColumnReader
from jifen.facts.extracts.column_names import ColumnNames
from jifen.facts.extracts.delimited import RowNumbers
from jifen.facts.extracts.kinds import Misfit
from jifen.facts.extracts.rows import SkippedRows
from jifen.facts.extracts.table import (
    OLD_WORKBOOKS,
    TEXT_SUFFIXES,
    WORKBOOKS,
    TableReading,
    inspect_table,
)
from jifen.policy.text import Text
from jifen.scoring.files.file_faults import (
    ExtractFault,
    FileFault,
    missing_file_fault,
    unreadable_file_fault,
)
from jifen.scoring.population.coding import CellFault
from jifen.scoring.words import say

PART_SIZE = 1 << 20
"""About so many people are read, scored and written at a time."""
SUFFIXES = (".parquet", ".csv", ".tsv", ".arrow", ".feather", ".xlsx")
READ_FAULTS = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OSError, EOFError)


@dataclass(frozen=True, slots=True)
class FilePart:
    """A stretch of people as a plain value, so that it can be read in any thread or on another
    machine: row groups of a Parquet file, rows of a batch of an Arrow file, or a batch itself."""

    file: Path
    people: int
    groups: tuple[int, ...] = ()
    rows: tuple[int, int, int] | None = None
    """Number of the batch, first row, number of rows."""
    batch: pa.RecordBatch | None = None
    columns: ColumnReader = field(default_factory=ColumnReader, compare=False)
    """How the columns of the file are understood."""
    lines: RowNumbers | None = field(default=None, compare=False)
    """Of a table of text the row of each person, as a spreadsheet counts it."""
    left_out: SkippedRows | None = field(default=None, compare=False)
    misfits: tuple[Misfit, ...] = field(default=(), compare=False)
    share: float | None = None
    """Of the file, read so far, where the number of people is not known."""

    def read_columns(self, names: Sequence[str], answers: Sequence[str] = ()) -> pa.Table:
        """The named columns; texts among `answers` come with each different text once (ids of
        answers are few, other texts need not be). Raises FileFault."""
        file_names = [self.columns.name_in_file(name) for name in names]
        try:
            table = self._read_table(
                file_names, [self.columns.name_in_file(name) for name in answers]
            )
        except READ_FAULTS as error:
            raise unreadable_file_fault(self.file, error) from error
        return self.columns.read_columns(table, names)

    def _read_table(self, names: Sequence[str], answers: Sequence[str]) -> pa.Table:
        if self.batch is not None:
            return pa.Table.from_batches([self.batch]).select(list(names))
        if self.rows is not None:
            return _read_batch_rows(self.file, *self.rows).select(list(names))
        # each part is read by one thread: several parts are read at once
        opened = _open_in_thread(self.file, tuple(answers))
        return opened.read_row_groups(list(self.groups), columns=list(names), use_threads=False)

    def line_number_of(self, row: int) -> int | None:
        """The row of a person as a spreadsheet counts it; None for files that have types."""
        return None if self.lines is None else int(self.lines[row])

    def count_day_numbers(self) -> int:
        """How many days of a part of text are numbers of a spreadsheet."""
        if self.batch is None:
            return 0
        return self.columns.count_day_numbers(pa.Table.from_batches([self.batch]))


def place_fault(fault: CellFault, part: FilePart, before: int) -> CellFault:
    """A fault of a part that begins after so many people, with its place in the file."""
    line = part.line_number_of(fault.row)
    return CellFault(fault.row + before, fault.column, fault.value, fault.fault, line)


@dataclass(frozen=True)
class PeopleFile:
    """A file, or a folder of part files of one kind with the same columns."""

    files: tuple[Path, ...]
    schema: pa.Schema
    people: int | None
    no_nulls: frozenset[str] = field(default=frozenset())
    """Columns of which the files say that nothing is null."""
    reading: TableReading = field(default=TableReading(ColumnNames({})), repr=False)

    def split_into_parts(self) -> Iterator[FilePart]:
        """The parts in order."""
        for file in self.files:
            yield from _FORMATS[file.suffix.lower()].split(file, self.reading)


def open_people(path: Path, reading: TableReading | None = None) -> PeopleFile:
    """Look at a file or folder without reading its people. `reading` says what its columns may be
    called (`reading_of`); without it they are called as in the file. Raises FileFault."""
    files = _list_files(path)
    reading = reading or TableReading(ColumnNames({}))
    opened = [_inspect_file(file, reading) for file in files]
    names = opened[0].schema.names
    for people_file in opened[1:]:
        if people_file.schema.names != names:
            odd = sorted(set(people_file.schema.names) ^ set(names)) or ["(order)"]
            raise FileFault(
                people_file.files[0],
                say(
                    "files.inputs.has_other_columns_than_export",
                    name=files[0].name,
                    odd=Text("、".join(odd[:5]), ", ".join(odd[:5])),
                ),
            )
    counts = [people_file.people for people_file in opened]
    total = None if None in counts else sum(count for count in counts if count is not None)
    full = frozenset.intersection(*(people_file.no_nulls for people_file in opened))
    return PeopleFile(tuple(files), opened[0].schema, total, full, reading)


def _list_files(path: Path) -> list[Path]:
    if not path.exists():
        raise missing_file_fault(path)
    if not path.is_dir():
        if path.suffix.lower() in OLD_WORKBOOKS:
            raise ExtractFault("JF-F075", "old", path, suffix=path.suffix)
        if path.suffix.lower() not in _FORMATS:
            raise _unknown_format_fault(path)
        return [path]
    part_files = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    kinds = {p.suffix.lower() for p in part_files}
    if not part_files:
        known = ", ".join(SUFFIXES)
        raise FileFault(path, say("files.inputs.holds_no_part_file_check", known=known))
    if len(kinds) > 1:
        raise FileFault(
            path,
            say(
                "files.inputs.holds_several_kinds_give_each",
                kinds=Text("、".join(sorted(kinds)), ", ".join(sorted(kinds))),
            ),
        )
    return part_files


def _unknown_format_fault(path: Path) -> FileFault:
    known = ", ".join(SUFFIXES)
    return FileFault(path, say("files.inputs.is_of_no_known_kind", known=known))


def _inspect_file(file: Path, reading: TableReading) -> PeopleFile:
    try:
        if file.stat().st_size == 0:
            raise FileFault(file, say("files.inputs.is_empty_0_bytes_expected"))
        return _FORMATS[file.suffix.lower()].inspect(file, reading)
    except READ_FAULTS as error:
        raise unreadable_file_fault(file, error) from error


@dataclass(frozen=True, slots=True)
class _FileFormat:
    inspect: Callable[[Path, TableReading], PeopleFile]
    split: Callable[[Path, TableReading], Iterator[FilePart]]


def _rename_columns(
    schema: pa.Schema, file: Path, reading: TableReading
) -> tuple[pa.Schema, ColumnReader]:
    """The columns of a file that has types, by their names from now on."""
    new_names = reading.resolve_columns(tuple(dict.fromkeys(schema.names)), file)
    fields = [column.with_name(new_names[column.name]) for column in schema]
    return pa.schema(fields, schema.metadata), reading.build_columns(new_names)


# ---------------------------------------------------------------- Parquet


def _inspect_parquet(file: Path, reading: TableReading) -> PeopleFile:
    with pq.ParquetFile(file) as opened:
        meta, schema = opened.metadata, _rename_columns(opened.schema_arrow, file, reading)[0]
        full = frozenset(
            name for n, name in enumerate(schema.names) if _has_no_nulls(meta, n, len(schema.names))
        )
        return PeopleFile((file,), schema, meta.num_rows, full)


def _has_no_nulls(meta: Any, column: int, columns: int) -> bool:
    if meta.num_columns != columns:  # nested columns: the numbers do not correspond
        return False
    groups = (meta.row_group(n).column(column) for n in range(meta.num_row_groups))
    return all(
        group.statistics is not None
        and group.statistics.has_null_count
        and group.statistics.null_count == 0
        for group in groups
    )


def _split_parquet(file: Path, reading: TableReading) -> Iterator[FilePart]:
    with pq.ParquetFile(file) as opened:
        columns = _rename_columns(opened.schema_arrow, file, reading)[1]
        sizes = [opened.metadata.row_group(n).num_rows for n in range(opened.num_row_groups)]
    groups: list[int] = []
    for number, size in enumerate(sizes):
        if groups and sum(sizes[n] for n in groups) + size > PART_SIZE:
            yield FilePart(file, sum(sizes[n] for n in groups), tuple(groups), columns=columns)
            groups = []
        groups.append(number)
    if groups:
        yield FilePart(file, sum(sizes[n] for n in groups), tuple(groups), columns=columns)


_thread_files = threading.local()


def _open_in_thread(file: Path, answers: tuple[str, ...]) -> Any:
    """The file, opened once in each thread (its head is long where columns are many)."""
    cached = getattr(_thread_files, "opened", None)
    if cached is None or cached[0] != (file, answers):
        strings = _string_columns(pq.read_schema(file), answers)
        opened = pq.ParquetFile(file, memory_map=True, read_dictionary=strings)
        cached = _thread_files.opened = ((file, answers), opened)
    return cached[1]


def _string_columns(schema: pa.Schema, names: Sequence[str]) -> list[str]:
    return [n for n in names if pa.types.is_string(schema.field(n).type)]


# ---------------------------------------------------------------- Arrow


def _inspect_arrow(file: Path, reading: TableReading) -> PeopleFile:
    with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as opened:
        counts = [opened.get_batch(n).num_rows for n in range(opened.num_record_batches)]
        return PeopleFile((file,), _rename_columns(opened.schema, file, reading)[0], sum(counts))


def _split_arrow(file: Path, reading: TableReading) -> Iterator[FilePart]:
    with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as opened:
        columns = _rename_columns(opened.schema, file, reading)[1]
        sizes = [opened.get_batch(n).num_rows for n in range(opened.num_record_batches)]
    for number, size in enumerate(sizes):
        for start in range(0, size, PART_SIZE):
            rows = min(PART_SIZE, size - start)
            yield FilePart(file, rows, rows=(number, start, rows), columns=columns)


def _read_batch_rows(file: Path, batch: int, start: int, rows: int) -> pa.Table:
    with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as opened:
        return pa.Table.from_batches([opened.get_batch(batch).slice(start, rows)])


# ---------------------------------------------------------------- text and workbooks


def _inspect_text(file: Path, reading: TableReading) -> PeopleFile:
    return PeopleFile((file,), inspect_table(file, reading).schema, None)


def _split_text(file: Path, reading: TableReading) -> Iterator[FilePart]:
    extract = inspect_table(file, reading)
    for rows in extract.read_rows():
        table = rows.block.table.combine_chunks()
        batch = table.to_batches()[0] if table.num_rows else _empty_batch(table)
        yield FilePart(
            file,
            table.num_rows,
            batch=batch,
            columns=extract.columns,
            lines=rows.block.lines,
            left_out=rows.skipped,
            misfits=tuple(rows.misfits),
            share=rows.share,
        )


def _empty_batch(table: pa.Table) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=table.schema)


_TEXT_FORMAT = _FileFormat(_inspect_text, _split_text)
_FORMATS = {
    ".parquet": _FileFormat(_inspect_parquet, _split_parquet),
    ".arrow": _FileFormat(_inspect_arrow, _split_arrow),
    ".feather": _FileFormat(_inspect_arrow, _split_arrow),
    **dict.fromkeys((*TEXT_SUFFIXES, *WORKBOOKS), _TEXT_FORMAT),
}
