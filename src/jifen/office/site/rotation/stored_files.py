"""Files of documents and papers: sealed under the key in use, and sealed where an earlier release
kept them plain. One file at a time, each written whole, so that it can be stopped anywhere."""

from collections.abc import Callable

from django.core.files.storage import Storage, storages

from jifen.office.documents.content_files import write_whole
from jifen.office.operate.backup.files import list_names
from jifen.office.site.rotation.lock import CannotRotate
from jifen.office.vault.seal import Unreadable
from jifen.office.vault.sealed_file import name_key_of, reseal_file

Progress = Callable[[str, int, int], None]
"""Is called with a place, how many of it are done, and how many there are."""

PLACE = "files"
HEAD = 64
"""Bytes in which the name of the key of a file stands."""
EVERY = 100
"""Files between two reports of progress."""


def reseal_files(progress: Progress) -> tuple[int, list[str]]:
    """How many files were written anew, and what could not be opened, in words. Raises
    CannotRotate."""
    store, rewritten, unreadable = storages["documents"], 0, list[str]()
    names = list(list_names(store))
    for number, name in enumerate(names, 1):
        try:
            with store.open(name) as file:
                resealed = reseal_file(file.read(), name)
        except FileNotFoundError:  # removed by retention since it was listed
            continue
        except Unreadable:
            unreadable.append(name)
            continue
        if resealed is not None:
            _replace_file(store, name, resealed)
            rewritten += 1
        if number % EVERY == 0 or number == len(names):
            progress(PLACE, number, len(names))
    return rewritten, _describe_unreadable(unreadable)


def count_files_sealed_with(key: str) -> int:
    """How many files are sealed with a key."""
    store, count = storages["documents"], 0
    for name in list_names(store):
        try:
            with store.open(name) as file:
                count += name_key_of(file.read(HEAD)) == key
        except FileNotFoundError:  # removed by retention since it was listed
            continue
    return count


def _replace_file(store: Storage, name: str, resealed: bytes) -> None:
    """Raises CannotRotate where the storage fails; the file is then as it was."""
    try:
        write_whole(store, name, resealed)
    except OSError as error:
        raise CannotRotate(
            f"the file {name} cannot be written ({error.strerror or type(error).__name__}): it is "
            "as it was; make room or mend the storage, and run this again"
        ) from None


def _describe_unreadable(names: list[str]) -> list[str]:
    if not names:
        return []
    listed = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return [f"files: {len(names)} cannot be opened ({listed}); they are left as they are"]
