"""Results as tables in a folder, Parquet or CSV, each written beside its place and then moved."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from jifen.scoring.files.outputs import Target, unwritable

KINDS = ("parquet", "csv")


def write_tables(folder: Path, tables: Mapping[str, pa.Table], kind: str = "parquet") -> list[Path]:
    """Write `<name>.<kind>` for each table into a folder (made where it is missing). Raises
    FileFault where nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    written = []
    for name, table in tables.items():
        path = folder / f"{name}.{kind}"
        with Target(path, table.schema) as target:
            target.write(table)
            target.finish()
            target.keep()
        written.append(path)
    return written


def write_text(path: Path, text: str) -> None:
    """Write a page, whole or not at all. Raises FileFault."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise unwritable(path, error) from error
