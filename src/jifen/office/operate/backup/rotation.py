"""Removal of older backups from a folder: all but the newest ones."""

import shutil
from pathlib import Path

from jifen.office.operate.backup import manifest
from jifen.office.operate.backup.faults import BackupFault


def list_backups(destination: Path) -> list[Path]:
    """The folders of backups, oldest first. Anything else in the destination is ignored."""
    folders = [place for place in destination.glob("jifen-*Z") if (place / manifest.NAME).is_file()]
    return sorted(folders, key=lambda place: place.name)


def remove_older(destination: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups (at least one) and return what was removed. A folder
    whose manifest cannot be read is left: somebody has to look at it."""
    removed = []
    for place in list_backups(destination)[: -max(keep, 1)]:
        try:
            manifest.read_manifest(place)
        except BackupFault:
            continue
        shutil.rmtree(place)
        removed.append(place)
    return removed
