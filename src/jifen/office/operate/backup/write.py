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
from jifen.office.operate.backup.sealing import seal, written_by
from jifen.office.vault.signing import signer

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
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
) -> Written:
    """Write a backup into a new folder of the destination; whoever is interrupted leaves none.

    The documents come first, then the database, then the documents that came meanwhile: whatever a
    row of the database names was kept before it. Raises BackupFault, OSError.
    """
    place = destination / f"jifen-{now:%Y%m%dT%H%M%SZ}"
    try:
        destination.mkdir(parents=True, exist_ok=True)
        with Workspace(place) as workspace:
            folder = workspace.make_folder()
            parts = tuple(_write_parts(folder, recipient, progress, portion))
            described = _describe(now, parts)
            _sign(folder, described)
            folder.rename(place)
    except OSError as error:
        why = error.strerror or str(error)
        raise BackupFault("JF-O006", "destination", place=destination, why=why) from error
    documents = sum(part.files for part in parts)
    return Written(place, documents, sum(part.size for part in parts))


def _write_parts(
    folder: Path, recipient: pyrage.x25519.Recipient, progress: Progress, portion: int
) -> Iterator[Part]:
    store = storages["documents"]
    kept: set[str] = set()
    yield from _write_files(folder, store, kept, recipient, progress, portion)
    with database.writer() as write, written_by(write) as source:
        part = seal(source, folder / database.part_name(), recipient, "database")
    progress(f"{part.name}: {part.size:,} bytes")
    yield part
    yield from _write_files(folder, store, kept, recipient, progress, portion)


def _write_files(
    folder: Path,
    store: Storage,
    kept: set[str],
    recipient: pyrage.x25519.Recipient,
    progress: Progress,
    portion: int,
) -> Iterator[Part]:
    """Parts with the files of the store that are not kept yet; `kept` grows by them."""
    new = [name for name in files.names_in(store) if name not in kept]
    for names in files.portions(store, new, portion):
        number = len(list(folder.glob("documents-*"))) + 1
        place = folder / f"documents-{number:04}.tar.age"
        with written_by(partial(files.pack, store, names)) as source:
            part = seal(source, place, recipient, "files", len(names))
        kept.update(names)
        progress(f"{part.name}: {part.files:,} documents, {part.size:,} bytes")
        yield part


def _describe(now: datetime, parts: tuple[Part, ...]) -> Manifest:
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


def _sign(folder: Path, described: Manifest) -> None:
    text = described.to_bytes()
    (folder / manifest.NAME).write_bytes(text)
    (folder / manifest.SIGNATURE).write_text(signer().sign(text).hex(), encoding="ascii")
