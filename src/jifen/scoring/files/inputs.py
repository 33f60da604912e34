"""People in Parquet, Arrow, CSV or .xlsx files, or folders of parts, as parts that can be read
apart. Columns are called by the ids of facts from here on, whatever the file calls them."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from jifen.scoring.files.locations import (
    FoundFile,
    Partition,
    fetch_file,
    find_location,
    is_folder,
    list_folder,
    measure_file,
    path_exists,
    read_address,
    unreachable_place_fault,
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
    partition: Partition = ()
    """Columns that all its people have by the folders of the file."""

    def read_columns(self, names: Sequence[str], answers: Sequence[str] = ()) -> pa.Table:
        """The named columns; texts among `answers` come with each different text once (ids of
        answers are few, other texts need not be). Raises FileFault."""
        if self.partition:
            return self._read_with_partition(names, answers)
        file_names = [self.columns.name_in_file(name) for name in names]
        try:
            table = self._read_table(
                file_names, [self.columns.name_in_file(name) for name in answers]
            )
        except READ_FAULTS as error:
            raise unreadable_file_fault(self.file, error) from error
        return self.columns.read_columns(table, names)

    def _read_with_partition(self, names: Sequence[str], answers: Sequence[str]) -> pa.Table:
        """The columns of the file, and those that its folders give."""
        given = dict(self.partition)
        called = [self.columns.name_in_file(name) for name in names]
        inside = [name for name, old in zip(names, called, strict=True) if old not in given]
        in_file = replace(self, partition=())
        table = in_file.read_columns(inside, [name for name in answers if name in inside])
        texts = {old: pa.array([given[old]] * self.people, pa.string()) for old in given}
        same = self.columns.read_columns(
            pa.table(texts), [name for name in names if name not in inside]
        )
        columns = [(table if name in inside else same).column(name) for name in names]
        fields = [pa.field(name, c.type) for name, c in zip(names, columns, strict=True)]
        return pa.table(columns, schema=pa.schema(fields, table.schema.metadata))

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
    partitions: Mapping[Path, Partition] = field(default_factory=dict, repr=False)
    """By file, the columns that its folders give."""

    def split_into_parts(self) -> Iterator[FilePart]:
        """The parts in order."""
        for file in self.files:
            partition = self.partitions.get(file, ())
            for part in _FORMATS[file.suffix.lower()].split(file, self.reading):
                yield _add_partition(part, partition, self.reading) if partition else part


def open_people(path: Path, reading: TableReading | None = None) -> PeopleFile:
    """Look at a file or folder without reading its people. `reading` says what its columns may be
    called (`reading_of`); without it they are called as in the file. Raises FileFault."""
    try:
        found = _list_files(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise unreachable_place_fault(path, error) from error
    files = [one.file for one in found]
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
    partitions = {one.file: one.partition for one in found if one.partition}
    schema = opened[0].schema
    if partitions:
        schema, partitions = _add_partition_fields(path, schema, found, reading)
    return PeopleFile(tuple(files), schema, total, full, reading, partitions)


def _add_partition_fields(
    path: Path, schema: pa.Schema, found: Sequence[FoundFile], reading: TableReading
) -> tuple[pa.Schema, dict[Path, Partition]]:
    """The columns of the folders after those of the files; a column that is in the files is read
    there. Raises FileFault where files have other folders than the first."""
    names = [name for name, _ in found[0].partition]
    for one in found[1:]:
        if [name for name, _ in one.partition] != names:
            odd = ", ".join(sorted({n for n, _ in one.partition} ^ set(names))) or "(order)"
            raise FileFault(
                one.file,
                say(
                    "files.inputs.has_other_columns_than_export",
                    name=found[0].file.name,
                    odd=Text(odd, odd),
                ),
            )
    called = reading.names.resolve_columns(tuple(names), path)
    added = [name for name in names if called[name] not in schema.names]
    fields = [pa.field(called[name], pa.string()) for name in added]
    kept = {
        one.file: tuple((name, value) for name, value in one.partition if name in added)
        for one in found
    }
    return pa.schema([*schema, *fields], schema.metadata), kept


def _add_partition(part: FilePart, partition: Partition, reading: TableReading) -> FilePart:
    """A part whose columns are also called as those of its folders are from now on."""
    called = reading.names.resolve_columns(tuple(name for name, _ in partition), part.file)
    renamed = {new: old for old, new in called.items() if new != old}
    columns = replace(part.columns, file_names={**part.columns.file_names, **renamed})
    return replace(part, partition=partition, columns=columns)


def _list_files(path: Path) -> list[FoundFile]:
    if not path_exists(path):
        raise missing_file_fault(read_address(path) or path)
    if not is_folder(path):
        if path.suffix.lower() in OLD_WORKBOOKS:
            raise ExtractFault("JF-F075", "old", path, suffix=path.suffix)
        if path.suffix.lower() not in _FORMATS:
            raise _unknown_format_fault(path)
        return [FoundFile(_find_readable(path))]
    part_files = [
        FoundFile(_find_readable(one.file), one.partition) for one in list_folder(path, SUFFIXES)
    ]
    kinds = {one.file.suffix.lower() for one in part_files}
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


def _find_readable(file: Path) -> Path:
    """Parquet is read where it lies; other kinds are fetched first."""
    return file if file.suffix.lower() == ".parquet" else fetch_file(file)


def _unknown_format_fault(path: Path) -> FileFault:
    known = ", ".join(SUFFIXES)
    return FileFault(path, say("files.inputs.is_of_no_known_kind", known=known))


def _inspect_file(file: Path, reading: TableReading) -> PeopleFile:
    try:
        if measure_file(file)[0] == 0:
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
    with _open_parquet(file) as opened:
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


def _open_parquet(file: Path, **options: Any) -> Any:
    """A file of this machine or of a store."""
    location = find_location(file)
    if location is None:
        return pq.ParquetFile(file, **options)
    options.pop("memory_map", None)
    return pq.ParquetFile(location.path, filesystem=location.filesystem, pre_buffer=True, **options)


def _split_parquet(file: Path, reading: TableReading) -> Iterator[FilePart]:
    with _open_parquet(file) as opened:
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
        with _open_parquet(file) as head:
            strings = _string_columns(head.schema_arrow, answers)
        opened = _open_parquet(file, memory_map=True, read_dictionary=strings)
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
