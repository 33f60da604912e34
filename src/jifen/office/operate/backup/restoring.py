"""Restoring a backup into an empty installation: all of it, or nothing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyrage
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection

from jifen.office.operate.backup import database, files
from jifen.office.operate.backup.faults import BackupFault
from jifen.office.operate.backup.manifest import Manifest, read_manifest
from jifen.office.operate.backup.sealing import (
    open_part,
    read_identity,
    refuse_damaged,
    stream_to_reader,
)
from jifen.office.vault.signing import get_signer

Progress = Callable[[str], None]


def restore_backup(
    folder: Path, identity_file: Path, progress: Progress = lambda words: None
) -> Manifest:
    """Put a backup into this installation, whose database and store of documents are empty.

    Everything is compared before anything is written: the signature of the manifest, the size and
    SHA-256 of every part, the secret key. Raises BackupFault; then nothing was changed, but where
    the machine failed on the way (JF-O006), documents may lie in the store without a database.
    """
    identity = read_identity(identity_file)
    manifest = read_checked_manifest(folder)
    refuse_full_installation()
    for part in manifest.parts:
        refuse_damaged(folder, part)
        progress(f"{part.name}: whole")
    try:
        _restore_parts(folder, manifest, identity, identity_file, progress)
    except OSError as error:
        why = error.strerror or str(error)
        raise BackupFault(
            "JF-O006", "destination", place=error.filename or folder.name, why=why
        ) from error
    return manifest


def read_checked_manifest(folder: Path) -> Manifest:
    """The manifest of a backup that this installation wrote and can take. Raises BackupFault."""
    manifest, text, signature = read_manifest(folder)
    if not get_signer().verify(text, signature):
        raise BackupFault("JF-O003", "signature", keys=settings.JIFEN_KEYS)
    vendor = connection.vendor
    if manifest.database != vendor:
        raise BackupFault("JF-O005", "vendor", backup=manifest.database, here=vendor)
    if manifest.mode != settings.JIFEN_MODE:
        raise BackupFault("JF-O005", "mode", backup=manifest.mode, here=settings.JIFEN_MODE)
    return manifest


def refuse_full_installation() -> None:
    """Raise BackupFault (JF-O005) where the database or the store holds anything."""
    if count := database.count_tables():
        raise BackupFault("JF-O005", "database", count=count)
    name = next(files.list_names(storages["documents"]), None)
    if name is not None:
        raise BackupFault("JF-O005", "documents", name=name)


def _restore_parts(
    folder: Path,
    manifest: Manifest,
    identity: pyrage.x25519.Identity,
    identity_file: Path,
    progress: Progress,
) -> None:
    """The database is restored last, so that the site cannot start on half a backup."""
    store = storages["documents"]
    ordered_parts = sorted(manifest.parts, key=lambda part: part.kind == "database")
    with database.open_reader() as read_database:
        for part in ordered_parts:
            read_part = (
                read_database if part.kind == "database" else partial(files.unpack_files, store)
            )
            with stream_to_reader(read_part) as target:
                open_part(folder, part, identity, target, identity_file)
            progress(f"{part.name}: restored")
