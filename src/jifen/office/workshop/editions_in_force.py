"""Versions in force from this database: their folders, and how running processes learn of them.

The rows decide; the folders are written from them, under names that hold the hash of what is in
them, and can be thrown away. A process looks at most once a second (`follow_editions`).
"""

import hashlib
import logging
from io import BytesIO
from pathlib import Path
from threading import Lock
from time import monotonic
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db import DatabaseError
from django.db.models import QuerySet

from jifen import cities
from jifen.cities import EarlierEdition, NewVersion, write_city_with
from jifen.office.workshop.models import Adoption, AdoptionState

logger = logging.getLogger("jifen.workshop")
_lock = Lock()


class _Known:
    """What this process knows of: the adopted rows that it last saw, and their folders."""

    rows: tuple[int, ...] | None = None
    folders: tuple[Path, ...] = ()
    looked_at: float = 0.0


def edition_folders() -> tuple[Path, ...]:
    """The folders of the cities with versions adopted here, as this process last saw them."""
    return _Known.folders


def refresh_editions(*, now: bool = False) -> bool:
    """Look for versions that were adopted or withdrawn; whether anything changed. `now`: even if
    the last look was less than a second ago."""
    with _lock:
        if not now and monotonic() - _Known.looked_at < settings.JIFEN_EDITIONS_SECONDS:
            return False
        _Known.looked_at = monotonic()
        try:
            rows = tuple(_adopted().values_list("pk", flat=True))
        except DatabaseError:  # before the first migration
            return False
        if rows == _Known.rows or (not rows and _Known.rows is None):
            return False
        _Known.folders = write_folders()
        _Known.rows = rows
        cities.reset_index()
        return True


def follow_editions(*, now: bool = False) -> None:
    """The same for whoever has other work to do: where a folder cannot be written (a full disk),
    the cities stay as they were, the log says why, and the next look tries again."""
    try:
        refresh_editions(now=now)
    except OSError:
        logger.exception("the folder of a version in force could not be written")


def forget_editions() -> None:
    """Know of no version, as a process does when it starts."""
    _Known.rows, _Known.folders, _Known.looked_at = None, (), 0.0
    cities.reset_index()


def write_folders() -> tuple[Path, ...]:
    """A folder for each city with adopted versions; those that are there are left as they are."""
    by_city: dict[str, list[Adoption]] = {}
    for row in _adopted():
        by_city.setdefault(row.city, []).append(row)
    known = cities.index_without_editions()
    return tuple(write_folder(known[c], rows) for c, rows in by_city.items() if c in known)


def write_folder(city: cities.City, rows: list[Adoption]) -> Path:
    """The folder of a city with some adopted versions, the oldest first."""
    versions = _gather_versions(rows)
    digest = hashlib.sha256(str(city.folder).encode())
    for path in sorted(city.folder.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    for version in versions:
        digest.update(f"{version.version} {version.since} {version.text}{version.cases}".encode())
        for old in version.earlier:
            digest.update(f"{old.edition} {old.text}{old.cases}".encode())
    target = Path(settings.JIFEN_EDITIONS) / f"{city.id}-{digest.hexdigest()[:16]}"
    return write_city_with(city, versions, target)


def _gather_versions(rows: list[Adoption]) -> list[NewVersion]:
    """Each version with its newest edition, and those that it corrects beside it."""
    by_version: dict[str, list[Adoption]] = {}
    for row in rows:
        by_version.setdefault(row.version, []).append(row)
    versions = []
    for editions in by_version.values():
        *older, newest = sorted(editions, key=lambda row: row.edition)
        earlier = tuple(EarlierEdition(old.edition, old.text, old.cases) for old in older)
        versions.append(
            NewVersion(newest.version, newest.since, newest.text, newest.cases, earlier)
        )
    return versions


def zip_edition(row: Adoption) -> bytes:
    """The folder of a city with an edition of a version, and what was adopted before it, as a ZIP:
    what `jifen policy check` and another installation read. The same edition gives the same bytes.
    """
    city = cities.index_without_editions()[row.city]
    rows = _adopted().filter(city=row.city, since__lte=row.since, decided_at__lte=row.decided_at)
    folder = write_folder(city, list(rows))
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = ZipInfo(f"{city.id}/{path.name}", _FIRST_MOMENT)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return packed.getvalue()


_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)


def _adopted() -> "QuerySet[Adoption]":
    return Adoption.objects.filter(state=AdoptionState.ADOPTED).order_by("since", "id")
