"""People in Parquet, CSV or Arrow files, or folders of parts, as parts that can be read apart."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from jifen.scoring.files.fault import FileFault, no_file, unreadable

PART = 1 << 20
"""About so many people are read, scored and written at a time."""
SUFFIXES = (".parquet", ".csv", ".arrow", ".feather")
_CSV_BLOCK = 32 << 20
READ_FAULTS = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OSError, EOFError)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of people as a plain value, so that it can be read in any thread or on another
    machine: row groups of a Parquet file, rows of a batch of an Arrow file, or a batch itself."""

    file: Path
    people: int
    groups: tuple[int, ...] = ()
    rows: tuple[int, int, int] | None = None
    """Number of the batch, first row, number of rows."""
    batch: pa.RecordBatch | None = None

    def read(self, names: Sequence[str], answers: Sequence[str] = ()) -> pa.Table:
        """The named columns; texts among `answers` come with each different text once (ids of
        answers are few, other texts need not be). Raises FileFault."""
        try:
            if self.batch is not None:
                return pa.Table.from_batches([self.batch]).select(list(names))
            if self.rows is not None:
                return _rows(self.file, *self.rows).select(list(names))
            # each part is read by one thread: several parts are read at once
            opened = _opened(self.file, tuple(answers))
            return opened.read_row_groups(list(self.groups), columns=list(names), use_threads=False)
        except READ_FAULTS as error:
            raise unreadable(self.file, error) from error


@dataclass(frozen=True)
class People:
    """A file, or a folder of part files of one kind with the same columns."""

    files: tuple[Path, ...]
    schema: pa.Schema
    people: int | None
    no_nulls: frozenset[str] = field(default=frozenset())
    """Columns of which the files say that nothing is null."""

    def parts(self, text: Sequence[str] = ()) -> Iterator[Part]:
        """The parts in order; `text` are columns of CSV files whose values are read one by one."""
        for file in self.files:
            yield from _KINDS[file.suffix.lower()].parts(file, text)


def open_people(path: Path) -> People:
    """Look at a file or folder without reading its people. Raises FileFault."""
    files = _files(path)
    opened = [_look(file) for file in files]
    names = opened[0].schema.names
    for one in opened[1:]:
        if one.schema.names != names:
            odd = sorted(set(one.schema.names) ^ set(names)) or ["(order)"]
            raise FileFault(
                one.files[0],
                f"列与 {files[0].name} 不同：{'、'.join(odd[:5])}。请用同样的方式导出各个文件。",
                f"has other columns than {files[0].name}: {', '.join(odd[:5])}. Export the parts "
                "alike.",
            )
    counts = [one.people for one in opened]
    total = None if None in counts else sum(count for count in counts if count is not None)
    full = frozenset.intersection(*(one.no_nulls for one in opened))
    return People(tuple(files), opened[0].schema, total, full)


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise no_file(path)
    if not path.is_dir():
        if path.suffix.lower() not in SUFFIXES:
            raise _kind_fault(path)
        return [path]
    found = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    kinds = {p.suffix.lower() for p in found}
    if not found:
        known = ", ".join(SUFFIXES)
        raise FileFault(
            path,
            f"文件夹里没有数据文件（{known}）。请核对路径。",
            f"holds no part file ({known}). Check the path.",
        )
    if len(kinds) > 1:
        raise FileFault(
            path,
            f"文件夹里有几种格式（{'、'.join(sorted(kinds))}）。请每种格式放一个文件夹。",
            f"holds several kinds: {', '.join(sorted(kinds))}. Give each kind its own folder.",
        )
    return found


def _kind_fault(path: Path) -> FileFault:
    known = ", ".join(SUFFIXES)
    return FileFault(
        path,
        f"格式未知，应为 {known}。请另存为其中一种格式。",
        f"is of no known kind; expected {known}. Save it as one of these.",
    )


def _look(file: Path) -> People:
    try:
        if file.stat().st_size == 0:
            raise FileFault(
                file,
                "文件是空的（0 字节），应有表头和数据行。请重新导出。",
                "is empty (0 bytes); expected a header and rows. Export it again.",
            )
        return _KINDS[file.suffix.lower()].look(file)
    except READ_FAULTS as error:
        raise unreadable(file, error) from error


@dataclass(frozen=True, slots=True)
class _Kind:
    look: Callable[[Path], People]
    parts: Callable[[Path, Sequence[str]], Iterator[Part]]


# ---------------------------------------------------------------- Parquet


def _look_parquet(file: Path) -> People:
    with pq.ParquetFile(file) as opened:
        meta, schema = opened.metadata, opened.schema_arrow
        full = frozenset(
            name for n, name in enumerate(schema.names) if _has_no_nulls(meta, n, len(schema.names))
        )
        return People((file,), schema, meta.num_rows, full)


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


def _parquet_parts(file: Path, text: Sequence[str]) -> Iterator[Part]:
    del text
    with pq.ParquetFile(file) as opened:
        sizes = [opened.metadata.row_group(n).num_rows for n in range(opened.num_row_groups)]
    groups: list[int] = []
    for number, size in enumerate(sizes):
        if groups and sum(sizes[n] for n in groups) + size > PART:
            yield Part(file, sum(sizes[n] for n in groups), tuple(groups))
            groups = []
        groups.append(number)
    if groups:
        yield Part(file, sum(sizes[n] for n in groups), tuple(groups))


_of_this_thread = threading.local()


def _opened(file: Path, answers: tuple[str, ...]) -> Any:
    """The file, opened once in each thread (its head is long where columns are many)."""
    kept = getattr(_of_this_thread, "opened", None)
    if kept is None or kept[0] != (file, answers):
        strings = _string_columns(pq.read_schema(file), answers)
        opened = pq.ParquetFile(file, memory_map=True, read_dictionary=strings)
        kept = _of_this_thread.opened = ((file, answers), opened)
    return kept[1]


def _string_columns(schema: pa.Schema, names: Sequence[str]) -> list[str]:
    return [n for n in names if pa.types.is_string(schema.field(n).type)]


# ---------------------------------------------------------------- Arrow


def _look_arrow(file: Path) -> People:
    with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as opened:
        counts = [opened.get_batch(n).num_rows for n in range(opened.num_record_batches)]
        return People((file,), opened.schema, sum(counts))


def _arrow_parts(file: Path, text: Sequence[str]) -> Iterator[Part]:
    del text
    with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as opened:
        sizes = [opened.get_batch(n).num_rows for n in range(opened.num_record_batches)]
    for number, size in enumerate(sizes):
        for start in range(0, size, PART):
            rows = min(PART, size - start)
            yield Part(file, rows, rows=(number, start, rows))


def _rows(file: Path, batch: int, start: int, rows: int) -> pa.Table:
    with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as opened:
        return pa.Table.from_batches([opened.get_batch(batch).slice(start, rows)])


# ---------------------------------------------------------------- CSV


def _look_csv(file: Path) -> People:
    with pc.open_csv(file, read_options=pc.ReadOptions(block_size=_CSV_BLOCK)) as opened:
        return People((file,), opened.schema, None)


def _csv_parts(file: Path, text: Sequence[str]) -> Iterator[Part]:
    convert = pc.ConvertOptions(
        column_types=dict.fromkeys(text, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    try:
        options = pc.ReadOptions(block_size=_CSV_BLOCK)
        with pc.open_csv(file, read_options=options, convert_options=convert) as opened:
            for batch in opened:
                yield Part(file, batch.num_rows, batch=batch)
    except READ_FAULTS as error:
        raise unreadable(file, error) from error


_KINDS = {
    ".parquet": _Kind(_look_parquet, _parquet_parts),
    ".csv": _Kind(_look_csv, _csv_parts),
    ".arrow": _Kind(_look_arrow, _arrow_parts),
    ".feather": _Kind(_look_arrow, _arrow_parts),
}
