"""The side table: one row for each fault of a person's rows."""

from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen.facts.fault import FactFault
from jifen.facts.registers.faults import shorten_value, stranger_fault
from jifen.facts.registers.keys import PERSON, KeyType, mask_keys
from jifen.facts.words import say
from jifen.policy.text import Text

_KEPT = 20_000


class RowPlace(NamedTuple):
    """The row that a fault is about, counted from 1 in its file without a header."""

    person: Any
    file: str
    row: int


def build_fault_schema(key: KeyType) -> pa.Schema:
    """person, file, row, column, value (short, masked), code, reason in Chinese and English."""
    person = pa.int64() if key == pl.Int64 else pa.string()
    text = ("column", "value", "code", "reason_zh", "reason_en")
    return pa.schema(
        [("person", person), ("file", pa.string()), ("row", pa.int64())]
        + [(name, pa.string()) for name in text]
    )


class SideTable:
    """Collects faults and writes them as it goes; `count` is how many there are."""

    def __init__(self, path: Path, key: KeyType) -> None:
        self._schema = build_fault_schema(key)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self.count = 0
        self.first: list[Text] = []
        """The first few in words, for a refusal."""

    def add_fault(self, where: RowPlace, column: str, value: Any, fault: FactFault) -> None:
        """One fault of a row."""
        self._rows.append(
            where._asdict()
            | {
                "column": column,
                "value": shorten_value(value),
                "code": fault.code,
                "reason_zh": fault.to_sentence("zh"),
                "reason_en": fault.to_sentence("en"),
            }
        )
        self.count += 1
        if len(self.first) < 3:
            phrase = say(
                "registers.side_table.row",
                file=where.file,
                row=where.row,
                column=column,
                code=fault.code,
            )
            words = fault.in_both_languages
            self.first.append(say("registers.side_table.add_fault", phrase=phrase, words=words))
        if len(self._rows) >= _KEPT:
            self._flush_rows()

    def add_strangers(self, keys: pl.Series, files: list[str], rows: Any) -> None:
        """Rows of a register whose person is not in the table of people, with masked keys. They are
        no faults: a register may hold more people than are asked for."""
        self._flush_rows()
        fault, size = stranger_fault(), len(keys)
        constant = {
            "column": PERSON,
            "code": fault.code,
            "reason_zh": fault.to_sentence("zh"),
            "reason_en": fault.to_sentence("en"),
        }
        columns: dict[str, Any] = {
            "person": pa.nulls(size, self._schema.field("person").type),
            "file": pa.array(files, pa.string()),
            "row": pa.array(rows, pa.int64()),
            "value": mask_keys(keys).to_arrow().cast(pa.string()),
            **{name: pa.repeat(text, size) for name, text in constant.items()},
        }
        table = pa.table([columns[name] for name in self._schema.names], schema=self._schema)
        self._writer.write_table(table)

    def _flush_rows(self) -> None:
        if not self._rows:
            return
        self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self._rows:
            self._flush_rows()
        self._writer.close()
