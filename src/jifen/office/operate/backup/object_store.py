"""Backups in a store of objects: `s3://bucket/folder` in the place of a folder.

A backup is written into a folder of this machine first and then uploaded, its manifest last: what
has no manifest is no backup. To be restored it is fetched whole.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

from jifen.office.operate.backup import manifest
from jifen.office.operate.backup.faults import BackupFault

if TYPE_CHECKING:
    from jifen.office.documents.object_store import ObjectStore

SCHEME = "s3://"


def is_in_store(place: str) -> bool:
    """Whether a place is in a store of objects."""
    return place.startswith(SCHEME)


def upload_backup(folder: Path, destination: str) -> str:
    """The place of the backup in the store. Raises BackupFault (JF-O006); then nothing of it stays
    there, or what stays has no manifest."""
    store, names = _open_store(destination), sorted(file.name for file in folder.iterdir())
    ordered = sorted(names, key=lambda name: name == manifest.NAME)
    try:
        for name in ordered:
            store.upload_file(f"{folder.name}/{name}", folder / name)
    except OSError as error:
        for name in ordered:
            with suppress(OSError):
                store.delete(f"{folder.name}/{name}")
        raise _describe_fault(destination, error) from error
    return f"{destination.rstrip('/')}/{folder.name}"


def remove_older_in_store(destination: str, keep: int) -> list[str]:
    """Remove all but the newest `keep` backups (at least one); the places of what was removed.
    Raises BackupFault (JF-O006)."""
    store, removed = _open_store(destination), []
    try:
        for name in list_backups_in_store(store)[: -max(keep, 1)]:
            # without its manifest it is no backup any more, wherever this is stopped
            store.delete(f"{name}/{manifest.NAME}")
            for file in store.listdir(name)[1]:
                store.delete(f"{name}/{file}")
            removed.append(f"{destination.rstrip('/')}/{name}")
    except OSError as error:
        raise _describe_fault(destination, error) from error
    return removed


def list_backups_in_store(store: "ObjectStore") -> list[str]:
    """The names of backups, oldest first. Anything else is ignored. Raises OSError."""
    folders = [name for name in store.listdir("")[0] if name.startswith("jifen-")]
    return sorted(name for name in folders if store.exists(f"{name}/{manifest.NAME}"))


@contextmanager
def fetch_backup(place: str) -> Iterator[Path]:
    """The folder of a backup: as it is named, or fetched from a store for as long as it is needed.
    Raises BackupFault (JF-O003, JF-O006)."""
    if not is_in_store(place):
        yield Path(place)
        return
    parent, _, name = place.rstrip("/").rpartition("/")
    store = _open_store(parent)
    with tempfile.TemporaryDirectory(prefix="jifen-backup-") as temporary:
        folder = Path(temporary) / name
        folder.mkdir()
        try:
            for file in store.listdir(name)[1]:
                store.download_file(f"{name}/{file}", folder / Path(file).name)
        except OSError as error:
            raise _describe_fault(place, error) from error
        yield folder


def _open_store(place: str) -> "ObjectStore":
    try:
        from jifen.office.documents.object_store import ObjectStore  # noqa: PLC0415 - an extra
        from jifen.office.documents.store_settings import build_options  # noqa: PLC0415

        return ObjectStore(**build_options("DEST", place))
    except (ImportError, ImproperlyConfigured) as error:
        raise BackupFault("JF-O006", "store", place=place, why=str(error)) from error


def _describe_fault(place: str, error: OSError) -> BackupFault:
    why = error.strerror or type(error).__name__
    return BackupFault("JF-O006", "store", place=place, why=why)
