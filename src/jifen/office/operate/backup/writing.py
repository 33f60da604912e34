"""Writing a backup while the site runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import pyrage
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import jifen
from jifen.drafts import Workspace
from jifen.office.audit.models import Entry
from jifen.office.operate.backup import database, files, manifest
from jifen.office.operate.backup.faults import BackupFault
from jifen.office.operate.backup.manifest import Manifest, Part
from jifen.office.operate.backup.sealing import seal_part, stream_from_writer
from jifen.office.vault.signing import get_signer

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class WrittenBackup:
    """A backup that was written: its folder, and how much is in it (bytes as stored)."""

    folder: Path
    documents: int
    size: int


def write_backup(
    destination: Path,
    recipient: pyrage.x25519.Recipient,
    now: datetime,
    progress: Progress = lambda words: None,
    portion: int = files.PORTION,
) -> WrittenBackup:
    """Write a backup into a new folder of the destination; an interrupted run leaves no folder.

    Documents are written first, then the database, then the documents that came meanwhile, so that
    every document that the database names is in the backup. Raises BackupFault, OSError.
    """
    place = destination / f"jifen-{now:%Y%m%dT%H%M%SZ}"
    try:
        destination.mkdir(parents=True, exist_ok=True)
        with Workspace(place) as workspace:
            folder = workspace.make_folder()
            parts = tuple(_write_parts(folder, recipient, progress, portion))
            new_manifest = _build_manifest(now, parts)
            _write_signed_manifest(folder, new_manifest)
            folder.rename(place)
    except OSError as error:
        why = error.strerror or str(error)
        raise BackupFault("JF-O006", "destination", place=destination, why=why) from error
    documents = sum(part.files for part in parts)
    return WrittenBackup(place, documents, sum(part.size for part in parts))


def _write_parts(
    folder: Path, recipient: pyrage.x25519.Recipient, progress: Progress, portion: int
) -> Iterator[Part]:
    store = storages["documents"]
    stored_names: set[str] = set()
    yield from _write_files(folder, store, stored_names, recipient, progress, portion)
    with database.open_writer() as write, stream_from_writer(write) as source:
        part = seal_part(source, folder / database.part_name(), recipient, "database")
    progress(f"{part.name}: {part.size:,} bytes")
    yield part
    yield from _write_files(folder, store, stored_names, recipient, progress, portion)


def _write_files(
    folder: Path,
    store: Storage,
    stored_names: set[str],
    recipient: pyrage.x25519.Recipient,
    progress: Progress,
    portion: int,
) -> Iterator[Part]:
    """Parts with the files of the store that are not kept yet; `kept` grows by them."""
    new_names = [name for name in files.list_names(store) if name not in stored_names]
    for names in files.split_into_portions(store, new_names, portion):
        number = len(list(folder.glob("documents-*"))) + 1
        place = folder / f"documents-{number:04}.tar.age"
        with stream_from_writer(partial(files.pack_files, store, names)) as source:
            part = seal_part(source, place, recipient, "files", len(names))
        stored_names.update(names)
        progress(f"{part.name}: {part.files:,} documents, {part.size:,} bytes")
        yield part


def _build_manifest(now: datetime, parts: tuple[Part, ...]) -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        made_at=now.isoformat(),
        jifen=jifen.__version__,
        mode=settings.JIFEN_MODE,
        database=connection.vendor,
        migrations=dict(sorted(applied)),
        log_entries=count_log_entries(),
        parts=parts,
    )


def count_log_entries() -> int:
    """The number of the last entry of the log."""
    last = Entry.objects.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def _write_signed_manifest(folder: Path, new_manifest: Manifest) -> None:
    text = new_manifest.to_bytes()
    (folder / manifest.NAME).write_bytes(text)
    (folder / manifest.SIGNATURE).write_text(get_signer().sign(text).hex(), encoding="ascii")
