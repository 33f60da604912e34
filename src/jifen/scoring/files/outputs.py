"""A result file that is complete or absent: written as a draft, moved into place at the end."""

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from jifen.drafts import Draft
from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.words import say

SUFFIXES = (".parquet", ".csv", ".arrow", ".feather")


class ResultFile:
    """A file being written. Leaving the block without `keep()` removes what was written. Entering
    it makes no file: whoever is interrupted there could not remove one."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        if path.suffix.lower() not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise FileFault(path, say("files.outputs.is_of_no_known_kind", known=known))
        if path.is_dir():
            raise FileFault(path, say("files.outputs.is_a_folder_expected"))
        self.path, self._schema = path, schema
        self._draft = Draft(path)
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def open(self) -> None:
        """Begin the file, before there are rows. Raises FileFault where nothing can be written."""
        if self._writer is not None:
            return
        try:
            self._writer = _open_writer(self._draft.path, self._schema, self.path.suffix.lower())
        except OSError as error:
            raise unwritable_file_fault(self.path, error) from error

    def write(self, table: pa.Table) -> None:
        """Append rows. Raises FileFault where the disk is full."""
        self.open()
        try:
            self._writer.write_table(table) if isinstance(
                self._writer, pq.ParquetWriter
            ) else self._writer.write(table)
        except OSError as error:
            raise unwritable_file_fault(self.path, error) from error

    def finish(self) -> None:
        """Write what is still open; the file is complete, but not yet in its place."""
        self.open()
        try:
            self._writer.close()
        except OSError as error:
            raise unwritable_file_fault(self.path, error) from error
        self._writer = None

    def keep(self) -> None:
        """Move the file to its place."""
        try:
            self._draft.keep()
        except OSError as error:
            raise unwritable_file_fault(self.path, error) from error

    @property
    def moved(self) -> bool:
        """Whether the file stands in its place."""
        return self._draft.moved

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._writer is not None:
                with suppress(OSError, pa.ArrowException):
                    self._writer.close()
        finally:
            self._draft.remove()


def _open_writer(path: Path, schema: pa.Schema, suffix: str) -> Any:
    if suffix == ".parquet":
        # results are short numbers and answers: a dictionary or page statistics would only cost
        return pq.ParquetWriter(
            path, schema, compression="zstd", compression_level=1, write_statistics=True
        )
    if suffix == ".csv":
        return pc.CSVWriter(path, _plain(schema))
    return pa.ipc.new_file(str(path), schema)


def _plain(schema: pa.Schema) -> pa.Schema:
    return schema


def unwritable_file_fault(path: Path, error: OSError) -> FileFault:
    """A place where nothing can be written, or no more."""
    why = error.strerror or str(error)
    return FileFault(path, say("files.outputs.cannot_be_written_no_half", why=why))
