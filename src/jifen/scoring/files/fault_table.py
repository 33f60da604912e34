"""The side table of values that could not be used: beside the result, only where there are any."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from jifen.scoring.files.outputs import ResultFile
from jifen.scoring.population.coding import CellFault

SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("code", pa.string()),
        ("reason_zh", pa.string()),
        ("reason_en", pa.string()),
    ]
)


class FaultTable:
    """Row of the result (from 0, over all files; null where it has none), file, row of the file
    as a spreadsheet counts it (of text, workbooks), column, value (masked), code and reason."""

    def __init__(self, result: Path) -> None:
        self.path = result.with_name(f"{result.stem}.faults{result.suffix}")
        self._target: ResultFile | None = None

    def __enter__(self) -> Self:
        return self

    def append_faults(self, file: Path, faults: Sequence[CellFault], before: int) -> None:
        """Append the faults of a part that begins after so many people."""
        if not faults:
            return
        if self._target is None:
            self._target = ResultFile(self.path, SCHEMA)
        rows = [
            {
                "row": None if fault.row < 0 else fault.row + before,
                "file": file.name,
                "line": fault.line,
                "column": fault.column,
                "value": fault.value,
                "code": fault.fault.code,
                "reason_zh": fault.fault.to_sentence("zh"),
                "reason_en": fault.fault.to_sentence("en"),
            }
            for fault in faults
        ]
        self._target.write(pa.Table.from_pylist(rows, schema=SCHEMA))

    def finish(self) -> None:
        """Complete the file."""
        if self._target:
            self._target.finish()

    @property
    def written_path(self) -> Path | None:
        """The table, where there is a fault."""
        return self.path if self._target else None

    def keep(self) -> None:
        """Put the table in its place, or take away that of an earlier run."""
        if self._target:
            self._target.keep()
            return
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    @property
    def moved(self) -> bool:
        """Whether the place holds what this run has to say."""
        return self._target.moved if self._target else not self.path.exists()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._target:
            self._target.__exit__(kind, error, trace)
