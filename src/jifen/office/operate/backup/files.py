"""The documents and papers of the store, as tar archives of a bounded size."""

import tarfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files.storage import Storage

from jifen.office.documents.content_files import write_whole

PORTION = 256 << 20
"""Bytes of documents in one part: how much is lost where a part is damaged."""


def list_names(store: Storage, folder: str = "") -> Iterator[str]:
    """The names of all files of a store, folder by folder. Parts of files that were never finished
    are left out. A store without any folder has none."""
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        if not name.startswith("."):
            yield str(PurePosixPath(folder, name))
    for name in sorted(folders):
        yield from list_names(store, str(PurePosixPath(folder, name)))


def split_into_portions(
    store: Storage, names: Iterable[str], most: int = PORTION
) -> Iterator[list[str]]:
    """The names in portions of at most so many bytes, or of one file. A file that is removed
    meanwhile (retention) is left out."""
    portion: list[str] = []
    size = 0
    for name in names:
        try:
            file_size = store.size(name)
        except FileNotFoundError:
            continue
        if portion and size + file_size > most:
            yield portion
            portion, size = [], 0
        portion.append(name)
        size += file_size
    if portion:
        yield portion


def pack_files(store: Storage, names: Iterable[str], target: BinaryIO) -> None:
    """Write files of the store into a stream, as a tar archive."""
    with tarfile.open(fileobj=target, mode="w|") as archive:
        for name in names:
            try:
                with store.open(name) as file:
                    content: bytes = file.read()
            except FileNotFoundError:  # removed by retention since it was listed
                continue
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))


def unpack_files(store: Storage, source: BinaryIO) -> None:
    """Put the files of a tar archive into the store. Raises OSError."""
    with tarfile.open(fileobj=source, mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                write_whole(store, member.name, file.read())
