"""The side table: one row for each fault of a person's rows."""

from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from jifen.facts.fault import FactFault
from jifen.facts.registers.keys import Key
from jifen.facts.registers.words import shown

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
        self.first: list[str] = []
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
            said = fault.words("en")
            self.first.append(f"{where.file}, row {where.row}, {column}: {fault.code} {said}")
        if len(self._rows) >= _KEPT:
            self._flush()

    def _flush(self) -> None:
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
