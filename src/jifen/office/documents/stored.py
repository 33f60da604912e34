"""The file of a content: under its own name once it is whole, and compared by its hash."""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from jifen.drafts import Draft


def is_whole(store: Storage, place: str, digest: str) -> bool:
    """Whether the file is there, byte for byte. Raises OSError where the storage fails."""
    if not store.exists(place):
        return False
    with store.open(place) as file:
        return sha256(file.read()).hexdigest() == digest


def keep(store: Storage, place: str, content: bytes) -> None:
    """Write a file anew. Whoever is killed on the way leaves a part under another name. Raises
    OSError where the storage fails."""
    if not isinstance(store, FileSystemStorage):  # a store of objects shows no part of one
        store.delete(place)
        store.save(place, ContentFile(content))
        return
    path = Path(store.path(place))
    with Draft(path) as draft:
        store.save(str(draft.path.relative_to(store.location)), ContentFile(content))
        _to_disk(draft.path)
        _put(draft)
    _to_disk(path.parent)
    for left in path.parent.glob(f".{path.name}.*.part"):  # by those that were killed
        left.unlink(missing_ok=True)


def _put(draft: Draft) -> None:
    """Whoever wrote the same content first has taken this part for one that was left."""
    try:
        draft.keep()
    except FileNotFoundError:
        if not draft.place.exists():
            raise


def _to_disk(path: Path) -> None:
    """Before anything relies on it: a machine may stop, not only a process."""
    with suppress(FileNotFoundError):  # taken away by whoever wrote the same content first
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
