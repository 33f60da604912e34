"""Results as tables in a folder, Parquet or CSV, written beside their places and then moved."""

from collections.abc import Mapping
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pyarrow as pa

from jifen.drafts import Folder, move_together, write_whole
from jifen.scoring.files.outputs import ResultFile, unwritable_file_fault

KINDS = ("parquet", "csv")


def write_tables(folder: Path, tables: Mapping[str, pa.Table], *kinds: str) -> list[Path]:
    """Write `<name>.<kind>` for each table and kind into a folder (made where it is missing): all
    of them or none. Raises FileFault where nothing can be written."""
    with Folder(folder) as place, ExitStack() as stack:
        try:
            place.make_folder()
        except OSError as error:
            raise unwritable_file_fault(folder, error) from error
        targets = list[ResultFile]()
        for kind, (name, table) in product(kinds, tables.items()):
            target = stack.enter_context(ResultFile(folder / f"{name}.{kind}", table.schema))
            target.write(table)
            target.finish()
            targets.append(target)
        move_together(*targets)
        return [target.path for target in targets]


def write_text(path: Path, text: str) -> None:
    """Write a page, whole or not at all. Raises FileFault."""
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise unwritable_file_fault(path, error) from error
