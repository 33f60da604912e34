"""The file of a sheet: under its own name once it is whole, and compared by its hash."""

import os
from hashlib import sha256
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage


def is_whole(store: Storage, place: str, digest: str) -> bool:
    """Whether the file is there, byte for byte. Raises OSError where the storage fails."""
    if not store.exists(place):
        return False
    with store.open(place) as file:
        return sha256(file.read()).hexdigest() == digest


def keep(store: Storage, place: str, content: bytes) -> None:
    """Write a file anew. Whoever is killed on the way leaves a part under another name."""
    if not isinstance(store, FileSystemStorage):  # a store of objects shows no part of one
        store.delete(place)
        store.save(place, ContentFile(content))
        return
    path = Path(store.path(place))
    part = Path(store.path(store.save(f"{place}.part", ContentFile(content))))
    _to_disk(part)
    part.replace(path)
    _to_disk(path.parent)
    for left in path.parent.glob(f"{path.name}*.part"):  # by those that were killed
        left.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Before anything relies on it: a machine may stop, not only a process."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
