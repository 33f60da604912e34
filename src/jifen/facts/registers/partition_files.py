"""Rows spread over temporary files by person, so that all rows of a person are met together."""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

_SEED = 20130701
_IPC = pa.ipc.IpcWriteOptions(compression="lz4")


class PartitionFiles:
    """One register in `count` partitions below a folder."""

    def __init__(self, folder: Path, name: str, count: int) -> None:
        self._folder, self._name, self._count = folder, name, count
        self._writers: dict[int, pa.ipc.RecordBatchStreamWriter] = {}

    def write_rows(self, rows: pa.Table, person: pl.Series) -> None:
        """Add rows; `person` are their keys, without nulls."""
        part = (person.hash(_SEED) % self._count).to_numpy()
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(self._count + 1))
        ordered = rows.take(pa.array(order))
        for number in range(self._count):
            start, end = int(ends[number]), int(ends[number + 1])
            if end > start:
                self._open_writer(number, rows.schema).write_table(
                    ordered.slice(start, end - start)
                )

    def _open_writer(self, number: int, schema: pa.Schema) -> pa.ipc.RecordBatchStreamWriter:
        if number not in self._writers:
            path = str(self._partition_path(number))
            self._writers[number] = pa.ipc.new_stream(path, schema, options=_IPC)
        return self._writers[number]

    def _partition_path(self, number: int) -> Path:
        return self._folder / f"{self._name}.{number}"

    def close(self) -> None:
        """End all files, so that they can be read."""
        for writer in self._writers.values():
            writer.close()

    def take_partition(self, number: int) -> pa.Table | None:
        """The rows of a partition, which is gone afterwards; None where it has none."""
        if number not in self._writers:
            return None
        with pa.OSFile(str(self._partition_path(number))) as source:
            rows = pa.ipc.open_stream(source).read_all()
        self._partition_path(number).unlink()
        return rows
