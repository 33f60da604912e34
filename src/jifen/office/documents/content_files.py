"""The file of a content: sealed, under its own name once it is whole, and compared by its hash
whenever it is written or opened."""

import errno
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from jifen.drafts import Draft
from jifen.office.vault.seal import Unreadable
from jifen.office.vault.sealed_file import open_file, seal_file


class DamagedFile(Exception):
    """A file that is missing, or whose content is not the one that was kept."""

    def __init__(self, place: str, *, missing: bool) -> None:
        super().__init__(f"{place} {'is missing' if missing else 'was altered'}")
        self.place, self.missing = place, missing


def read_whole(store: Storage, place: str, digest: str, size: int | None = None) -> bytes:
    """The content, opened, if it is the one of this SHA-256 (and size in bytes, where one is
    named). Raises DamagedFile, and OSError where the storage fails."""
    try:
        with store.open(place) as file:
            content = open_file(file.read(), place)
    except FileNotFoundError:
        raise DamagedFile(place, missing=True) from None
    except Unreadable:
        raise DamagedFile(place, missing=False) from None
    if len(content) != (size or len(content)) or sha256(content).hexdigest() != digest:
        raise DamagedFile(place, missing=False)
    return content


def is_whole(store: Storage, place: str, digest: str) -> bool:
    """Whether the file is there, byte for byte. Raises OSError where the storage fails."""
    try:
        read_whole(store, place, digest)
    except DamagedFile:
        return False
    return True


def write_sealed(store: Storage, place: str, content: bytes) -> None:
    """Seal a content and write its file anew. Raises OSError as `write_whole` does."""
    write_whole(store, place, seal_file(content, place))


def write_whole(store: Storage, place: str, content: bytes) -> None:
    """Write a file anew. Whoever is killed on the way leaves a part under another name. Raises
    OSError where the storage fails, or hands back something else than was written."""
    if not isinstance(store, FileSystemStorage):  # a store of objects shows no part of one
        if not getattr(store, "file_overwrite", False):
            store.delete(place)
        store.save(place, ContentFile(content))
        _refuse_other_content(store, place, content)
        return
    path = Path(store.path(place))
    new_folders = [folder for folder in path.parents if not folder.exists()]
    with Draft(path) as draft:
        name = str(draft.path.relative_to(store.location))
        store.save(name, ContentFile(content))
        _flush_to_disk(draft.path)
        if draft.path.exists():
            _refuse_other_content(store, name, content)
        _put_in_place(draft)
    for folder in dict.fromkeys((path.parent, *(new.parent for new in new_folders))):
        _flush_to_disk(folder)
    for leftover in path.parent.glob(f".{path.name}.*.part"):  # by those that were killed
        leftover.unlink(missing_ok=True)


def _refuse_other_content(store: Storage, place: str, content: bytes) -> None:
    with suppress(FileNotFoundError), store.open(place) as file:
        if file.read() != content:
            raise OSError(errno.EIO, "what is read is not what was written", place)


def _put_in_place(draft: Draft) -> None:
    """Whoever wrote the same content first has taken this part for one that was left."""
    try:
        draft.keep()
    except FileNotFoundError:
        if not draft.place.exists():
            raise


def _flush_to_disk(path: Path) -> None:
    """Before anything relies on it: a machine may stop, not only a process."""
    with suppress(FileNotFoundError):  # taken away by whoever wrote the same content first
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
