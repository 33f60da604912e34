"""A file or a folder that is there whole or not at all: made beside its place, moved at the end.

Ctrl-C may strike between any two steps. So the name of a draft is known, and somebody is bound to
remove it, before anything is on the disk: entering a block makes nothing, leaving it removes what
was made inside, and where even the leaving is interrupted, the end of the process removes it.
"""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Protocol, Self
from weakref import finalize

_PLAIN = 0o666
"""The mode of a file before the umask, as `open` has it."""


class Draft:
    """A file being made. Leaving the block without `keep()` removes it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.path = _draft_path(place)
        self._finalizer = finalize(self, _remove_path, self.path)

    def __enter__(self) -> Self:
        return self

    def write(self, content: bytes, *, mode: int = _PLAIN, durable: bool = False) -> None:
        """Write all of it; `durable`: onto the disk itself, since a machine may stop too."""
        self.path.touch(mode, exist_ok=False)
        with self.path.open("wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())

    def keep(self) -> None:
        """Move the file to its place."""
        self.path.replace(self.place)

    @property
    def moved(self) -> bool:
        """Whether what was written stands in its place."""
        return not self.path.exists()

    def remove(self) -> None:
        """Take away what is still beside the place."""
        _remove_path(self.path)
        self._finalizer.detach()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()


class Workspace:
    """A folder for what is being made, beside its place; gone at the end whatever happens."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.path = _draft_path(place)
        self._finalizer = finalize(self, _clear_workspace, self.path, place)

    def __enter__(self) -> Self:
        return self

    def make_folder(self) -> Path:
        """The folder, readable by its user only: it may hold people. Raises OSError."""
        self.path.mkdir(mode=0o700)
        return self.path

    def move_into_place(self, folder: Path) -> None:
        """Move a folder that was made inside to the place, instead of the one that is there. An
        interruption leaves the one or the other."""
        if self.place.exists():
            self.place.replace(_replaced_path(self.path))
        folder.replace(self.place)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _clear_workspace(self.path, self.place)
        self._finalizer.detach()


class Folder:
    """A folder that results go into: made with those above it where they are missing, and gone
    again where nothing stands in them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # the innermost first
        self._missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        self._finalizer = finalize(self, _remove_empty, self._missing)

    def __enter__(self) -> Self:
        return self

    def make_folder(self) -> None:
        """Make it. Raises OSError."""
        self.path.mkdir(parents=True, exist_ok=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _remove_empty(self._missing)
        self._finalizer.detach()


class Movable(Protocol):
    """What is made beside its place."""

    def keep(self) -> None: ...

    @property
    def moved(self) -> bool: ...


def move_together(*drafts: Movable) -> None:
    """Move files that belong together. Once the first is in its place, an interruption waits for
    the others: none of them is ever there beside an older one."""
    try:
        for draft in drafts:
            draft.keep()
    except BaseException:
        if any(draft.moved for draft in drafts):
            for draft in drafts:
                if not draft.moved:
                    draft.keep()
        raise


def write_whole(place: Path, content: bytes) -> None:
    """Write a file, whole or not at all; what is no file (a pipe, a terminal) takes it as it
    comes. Raises OSError."""
    if place.exists() and not place.is_file():
        place.write_bytes(content)
        return
    with Draft(place.resolve()) as draft:
        draft.write(content)
        draft.keep()


def _remove_empty(folders: Sequence[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _draft_path(place: Path) -> Path:
    return place.absolute().with_name(f".{place.name}.{token_hex(4)}.part")


def _replaced_path(workspace: Path) -> Path:
    """Where the folder that is replaced stands for a moment."""
    return workspace / ".before"


def _clear_workspace(workspace: Path, place: Path) -> None:
    with suppress(OSError):
        if not place.exists() and _replaced_path(workspace).exists():
            _replaced_path(workspace).replace(place)
    _remove_path(workspace)


def _remove_path(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)
