"""Where backups go: a folder, or a store of objects, filled from a folder of this machine."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jifen.office.operate.backup.object_store import (
    is_in_store,
    remove_older_in_store,
    upload_backup,
)
from jifen.office.operate.backup.rotation import remove_older


@contextmanager
def open_destination(destination: str) -> Iterator[Path]:
    """The folder into which a backup is written."""
    if not is_in_store(destination):
        yield Path(destination)
        return
    with tempfile.TemporaryDirectory(prefix="jifen-backup-") as folder:
        yield Path(folder)


def finish_backup(folder: Path, destination: str) -> str:
    """The place of a backup that was written: where it is, or where it was uploaded to. Raises
    BackupFault (JF-O006)."""
    return upload_backup(folder, destination) if is_in_store(destination) else str(folder)


def remove_older_backups(destination: str, keep: int) -> list[str]:
    """Remove all but the newest so many; the places of what was removed."""
    if is_in_store(destination):
        return remove_older_in_store(destination, keep)
    return [str(place) for place in remove_older(Path(destination), keep)]
