"""The side table: one row for each fault of a person's rows."""

from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen.facts.fault import FactFault
from jifen.facts.registers.keys import PERSON, Key, masked
from jifen.facts.registers.words import shown, stranger
from jifen.policy.text import Text

_KEPT = 20_000


class Where(NamedTuple):
    """The row that a fault is about, counted from 1 in its file without a header."""

    person: Any
    file: str
    row: int


def schema_for(key: Key) -> pa.Schema:
    """person, file, row, column, value (short, masked), code, reason in Chinese and English."""
    person = pa.int64() if key == pl.Int64 else pa.string()
    text = ("column", "value", "code", "reason_zh", "reason_en")
    return pa.schema(
        [("person", person), ("file", pa.string()), ("row", pa.int64())]
        + [(name, pa.string()) for name in text]
    )


class SideTable:
    """Collects faults and writes them as it goes; `count` is how many there are."""

    def __init__(self, path: Path, key: Key) -> None:
        self._schema = schema_for(key)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self.count = 0
        self.first: list[Text] = []
        """The first few in words, for a refusal."""

    def add(self, where: Where, column: str, value: Any, fault: FactFault) -> None:
        """One fault of a row."""
        self._rows.append(
            where._asdict()
            | {
                "column": column,
                "value": shown(value),
                "code": fault.code,
                "reason_zh": fault.words("zh"),
                "reason_en": fault.words("en"),
            }
        )
        self.count += 1
        if len(self.first) < 3:
            place = f"{where.file}, row {where.row}, {column}"
            self.first.append(
                Text(
                    f"{where.file} 第 {where.row} 行 {column}：{fault.code} {fault.words('zh')}",
                    f"{place}: {fault.code} {fault.words('en')}",
                )
            )
        if len(self._rows) >= _KEPT:
            self._flush()

    def add_strangers(self, keys: pl.Series, files: list[str], rows: Any) -> None:
        """Rows of a register whose person is not in the table of people, with masked keys. They are
        no faults: a register may hold more people than are asked for."""
        self._flush()
        fault, size = stranger(), len(keys)
        constant = {
            "column": PERSON,
            "code": fault.code,
            "reason_zh": fault.words("zh"),
            "reason_en": fault.words("en"),
        }
        columns: dict[str, Any] = {
            "person": pa.nulls(size, self._schema.field("person").type),
            "file": pa.array(files, pa.string()),
            "row": pa.array(rows, pa.int64()),
            "value": masked(keys).to_arrow().cast(pa.string()),
            **{name: pa.repeat(text, size) for name, text in constant.items()},
        }
        table = pa.table([columns[name] for name in self._schema.names], schema=self._schema)
        self._writer.write_table(table)

    def _flush(self) -> None:
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
            self._flush()
        self._writer.close()
