"""A table of text or a workbook, opened: its columns by the names of facts, its rows in blocks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO

import pyarrow as pa

from jifen.facts.extracts.cells import ColumnReader
from jifen.facts.extracts.column_names import ColumnNames
from jifen.facts.extracts.delimited import RowBlock, read_blocks
from jifen.facts.extracts.encoding import TextStream
from jifen.facts.extracts.fault import ExtractFault
from jifen.facts.extracts.kinds import Misfit, cast_block, detect_kinds
from jifen.facts.extracts.layout import Layout, detect_layout, read_head
from jifen.facts.extracts.mapping import ExtractMapping
from jifen.facts.extracts.rows import SkippedRows, keep_persons
from jifen.facts.extracts.workbook import read_sheet_text

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm")
OLD_WORKBOOKS = (".xls", ".et", ".ods")


@dataclass(frozen=True)
class TableReading:
    """How a table is understood: the names that columns may have, what a mapping says, which facts
    are days, and which columns are read as text (None: all)."""

    names: ColumnNames
    mapping: ExtractMapping | None = None
    days: frozenset[str] = frozenset()
    is_text: Callable[[str], bool] = lambda name: True

    def build_columns(self, called: Mapping[str, str]) -> ColumnReader:
        """How the columns of one file are understood; `called`: name in the file → its name."""
        mapping = self.mapping
        return ColumnReader(
            {new: old for old, new in called.items() if new != old},
            mapping.answers if mapping else {},
            self.days,
            mapping.first_year if mapping else 1900,
        )

    def rename_column(self, column: str) -> str:
        """What a column of the file is called from now on."""
        return self.names.resolve_columns([column], "")[column]

    def resolve_columns(self, columns: tuple[str, ...], path: Path | str) -> dict[str, str]:
        """Column of the file → its name. Raises ExtractFault."""
        if self.mapping:
            for column in (*self.mapping.facts, *filter(None, (self.mapping.key,))):
                if column not in columns:
                    # the row that the mapping names may hold a person: it is not repeated
                    raise ExtractFault("JF-F076", "no_column", path, column=column)
        called = self.names.resolve_columns(columns, path)
        seen = dict[str, str]()
        for old, new in called.items():
            if new in seen and new != old:
                raise ExtractFault("JF-F073", "twice", path, column=old, other=seen[new], fact=new)
            seen[new] = old
        return called


@dataclass(frozen=True)
class PersonRows:
    """People of a block: the table has the names of the file; `lines` are their rows."""

    block: RowBlock
    skipped: SkippedRows
    misfits: list[Misfit] = field(default_factory=list)
    share: float = 1.0
    """Of the file, read so far."""


@dataclass(frozen=True)
class Extract:
    """A table that was looked at. `schema` has the names of the facts, `kinds` the types of the
    columns that are no facts, by their names in the file."""

    path: Path
    layout: Layout
    columns: ColumnReader
    schema: pa.Schema
    kinds: Mapping[str, pa.DataType]
    sheet: str = ""

    def read_rows(self) -> Iterator[PersonRows]:
        """Its people, block by block. Raises FileFault."""
        size = max(self.path.stat().st_size, 1)
        titles = SkippedRows(titles=self.layout.titles)
        source, text = _open_source(self.path, self.sheet)
        size = len(text) if text is not None else size
        for block in read_blocks(source, self.path, self.layout):
            persons, skipped = keep_persons(block)
            skipped.titles, titles.titles = titles.titles, 0
            table, misfits = cast_block(persons.table, self.layout.names, self.kinds, persons.lines)
            named = RowBlock(table, persons.lines, [], block.bytes_read)
            yield PersonRows(named, skipped, misfits, min(block.bytes_read / max(size, 1), 1.0))


def inspect_table(path: Path, reading: TableReading) -> Extract:
    """Look at the head of a table. Raises FileFault, ExtractFault."""
    mapping = reading.mapping or ExtractMapping(path)
    source, _ = _open_source(path, mapping.sheet)
    with source:
        head = read_head(TextStream(source, path, mapping.encoding), path)
    layout = detect_layout(
        head,
        path,
        reading.names.is_known,
        separator=mapping.separator,
        header=mapping.header,
    )
    called = reading.resolve_columns(layout.names, path)
    _refuse_duplicate_names(layout, path)
    is_fact = [reading.is_text(called[name]) for name in layout.names]
    kinds = detect_kinds(
        head.text.encode("utf-8", "replace")[layout.skipped :], layout, path, is_fact
    )
    fields = [pa.field(called[name], kinds.get(name, pa.string())) for name in layout.names]
    return Extract(
        path, layout, reading.build_columns(called), pa.schema(fields), kinds, mapping.sheet
    )


def is_table_of_text(path: Path) -> bool:
    """Whether a file is read here, by its name."""
    return path.suffix.lower() in (*TEXT_SUFFIXES, *WORKBOOKS)


def _refuse_duplicate_names(layout: Layout, path: Path) -> None:
    """Columns of one name cannot be told apart."""
    for name in layout.names:
        if layout.names.count(name) > 1:
            raise ExtractFault("JF-F073", "same_name", path, layout.header, column=name)


def _open_source(path: Path, sheet: str) -> tuple[IO[bytes], bytes | None]:
    if path.suffix.lower() in OLD_WORKBOOKS:
        raise ExtractFault("JF-F075", "old", path, suffix=path.suffix)
    if path.suffix.lower() in WORKBOOKS:
        text = read_sheet_text(path, sheet)
        return BytesIO(text), text
    return path.open("rb"), None
