"""The files of a register: which there are, their columns, and their rows batch by batch."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from jifen.facts.registers.words import COLUMN, NO_ROWS, UNREADABLE, RegisterError
from jifen.policy.fault import shorten
from jifen.policy.text import Text

KINDS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
BATCH = 1 << 18
_BLOCK = 1 << 24
_BLANK = [""]
"""What is unknown in CSV: an empty field alone, since 'NA' may be somebody's key."""
_OF_A_ROW = re.compile(r"(?s)(?<=got \d): .*|(?<=got \d\d): .*| '.*'")
"""What Arrow quotes of a row, which may be personal: it is not repeated."""
_CSV_ROW = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a register."""

    path: Path
    kind: str
    number: int

    @property
    def size(self) -> int:
        """Bytes on disk, for the progress and the number of partitions."""
        return self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a part: `first` is the number of the first row, counted from 1 without a header;
    `done` the share of the part that is read with them (0 to 1).
    """

    rows: pa.Table
    first: int
    done: float


def parts_of(paths: Sequence[Path]) -> list[Part]:
    """Every file that is meant: files as given, the parts of a folder in the order of names."""
    found = [file for path in paths for file in _expand(path)]
    return [Part(file, _kind(file), number) for number, file in enumerate(found)]


def _expand(path: Path) -> list[Path]:
    if not path.exists():
        raise RegisterError(
            UNREADABLE,
            path,
            Text("没有这个文件或文件夹", "no such file or folder"),
            Text("登记数据的文件或文件夹", "a register"),
            Text("请核对路径", "check the path"),
        )
    if not path.is_dir():
        return [path]
    files = sorted(f for f in path.rglob("*") if _is_part(f, path))
    if not files:
        kinds = ", ".join(KINDS)
        raise RegisterError(
            NO_ROWS,
            path,
            Text("文件夹里没有数据文件", "a folder without parts"),
            Text(f"以 {kinds} 结尾的文件", f"files ending in {kinds}"),
            Text("请核对文件夹", "check the folder"),
        )
    return files


def _is_part(file: Path, folder: Path) -> bool:
    hidden = any(name.startswith((".", "_")) for name in file.relative_to(folder).parts)
    return file.suffix.lower() in KINDS and not hidden and file.is_file()


def _kind(file: Path) -> str:
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        known = ", ".join(KINDS)
        raise RegisterError(
            UNREADABLE,
            file,
            Text(f"以“{file.suffix}”结尾的文件", f"a file ending in '{file.suffix}'"),
            Text(f"以 {known} 结尾的文件", f"one ending in {known}"),
            Text("请另存为其中一种格式", "save or export it as one of these"),
        )
    return kind


def rows_of(part: Part) -> int:
    """How many rows a part holds; of CSV an estimate from its size."""
    with readable(part):
        if part.kind == "parquet":
            return int(pq.read_metadata(part.path).num_rows)
    return part.size // _CSV_ROW


def schema_of(part: Part, text: Sequence[str] | None = None) -> pa.Schema:
    """The columns of a part. Of CSV, those in `text` are text (None: every one)."""
    with readable(part):
        if part.size == 0:
            raise RegisterError(
                NO_ROWS,
                part.path,
                Text("空文件", "an empty file"),
                Text("有列名和数据行的文件", "rows with their columns"),
                Text("请重新导出", "export it again"),
            )
        if part.kind == "parquet":
            return pq.read_schema(part.path)
        if part.kind == "arrow":
            with _open_arrow(part.path) as reader:
                return reader.schema
        with pcsv.open_csv(
            part.path,
            read_options=pcsv.ReadOptions(block_size=_BLOCK),
            convert_options=pcsv.ConvertOptions(null_values=_BLANK),
        ) as reader:
            schema = reader.schema
        kinds = [
            pa.field(f.name, pa.string() if text is None or f.name in text else f.type)
            for f in schema
        ]
        return pa.schema(kinds)


def batches(part: Part, schema: pa.Schema, *, blank_is_null: bool = False) -> Iterator[Batch]:
    """The rows of a part with the columns of `schema`, in order."""
    first, source = 1, _readers(part, schema, blank_is_null)
    while True:
        with readable(part):
            found = next(source, None)
        if found is None:
            return
        rows, done = found
        if rows.num_rows:
            yield Batch(rows, first, done)
        first += rows.num_rows


def _readers(
    part: Part, schema: pa.Schema, blank_is_null: bool
) -> Iterator[tuple[pa.Table, float]]:
    if part.kind == "parquet":
        return _parquet(part, schema.names)
    if part.kind == "arrow":
        return _arrow(part, schema.names)
    return _csv(part, schema, blank_is_null)


def _parquet(part: Part, names: list[str]) -> Iterator[tuple[pa.Table, float]]:
    with pq.ParquetFile(part.path, pre_buffer=False) as file:
        total, read = max(file.metadata.num_rows, 1), 0
        for batch in file.iter_batches(BATCH, columns=names):
            read += batch.num_rows
            yield pa.Table.from_batches([batch]).select(names), read / total


@contextmanager
def _open_arrow(path: Path) -> Iterator[Any]:
    with pa.memory_map(str(path)) as source:
        try:
            yield pa.ipc.open_file(source)
        except pa.ArrowInvalid:
            source.seek(0)
            yield pa.ipc.open_stream(source)


def _arrow(part: Part, names: list[str]) -> Iterator[tuple[pa.Table, float]]:
    with pa.memory_map(str(part.path)) as source:
        size = max(part.size, 1)
        for batch in _record_batches(source):
            table = pa.Table.from_batches([batch]).select(names)
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


def _csv(part: Part, schema: pa.Schema, blank_is_null: bool) -> Iterator[tuple[pa.Table, float]]:
    options = pcsv.ConvertOptions(
        column_types=schema,
        include_columns=schema.names,
        strings_can_be_null=blank_is_null,
        null_values=_BLANK,
    )
    size = max(part.size, 1)
    with part.path.open("rb") as source:
        read = pcsv.ReadOptions(block_size=_BLOCK)
        with pcsv.open_csv(source, read_options=read, convert_options=options) as reader:
            for batch in reader:
                yield pa.Table.from_batches([batch]), min(source.tell() / size, 1.0)


@contextmanager
def readable(part: Part) -> Iterator[None]:
    """What Arrow says of a damaged file, as words for the person at the keyboard."""
    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError) as error:
        said = shorten(_OF_A_ROW.sub("", str(error)), 160)
        raise RegisterError(
            UNREADABLE,
            part.path,
            Text(
                f"不完整或已损坏的 {part.kind} 文件（{said}）",
                f"what is no sound {part.kind} file ({said})",
            ),
            Text(f"完整的 {part.kind} 文件", f"a complete {part.kind} file"),
            Text("请重新导出或复制", "export or copy it again"),
        ) from None
    except OSError as error:
        why = error.strerror or " ".join(str(error).split())[:200]
        raise RegisterError(
            UNREADABLE,
            part.path,
            Text(f"无法读取（{why}）", f"what cannot be read ({why})"),
            Text("能完整读取的文件", "a file that can be read to its end"),
            Text(
                "请确认文件完整，并且有读取权限",
                "check that it is complete and that you may read it",
            ),
        ) from None


def require(part: Part, schema: pa.Schema, wanted: dict[str, Text]) -> None:
    """Each wanted column (name → what it is for) must be there, and no name twice."""
    twice = [name for name in wanted if schema.names.count(name) > 1]
    if twice:
        raise RegisterError(
            COLUMN,
            part.path,
            Text(f"有两列“{twice[0]}”", f"two columns '{twice[0]}'"),
            Text("每个列名只有一列", "one of each name"),
            Text("请给其中一列改名", "rename one of them"),
        )
    missing = [(name, use) for name, use in wanted.items() if name not in schema.names]
    if missing:
        there = ", ".join(schema.names)[:200]
        zh = "、".join(f"“{name}”（{use.zh}）" for name, use in missing)
        en = ", ".join(f"'{name}' ({use.en})" for name, use in missing)
        raise RegisterError(
            COLUMN,
            part.path,
            Text(f"缺少列：{zh}", f"no column {en}"),
            Text(
                f"除现有的列外还有这些列，现有：{there}", f"it beside those that are there: {there}"
            ),
            Text("请补上该列，或改正列名", "add or rename the column"),
        )
