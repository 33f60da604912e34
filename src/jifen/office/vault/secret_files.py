"""Files that are written whole, and readable by their user only."""

import contextlib
import os
from pathlib import Path

from jifen.drafts import Draft

_OWNER_ONLY = 0o600


def write_once(path: Path, text: str) -> None:
    """Two processes that start together end with one whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Draft(path) as draft:
        draft.write(text.encode(), mode=_OWNER_ONLY, durable=True)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft.path)
    path.chmod(_OWNER_ONLY)
    _flush_folder(path)


def replace_whole(path: Path, text: str) -> None:
    """Whoever is killed leaves the old file or the new one; when this returns, the new one stands
    on the disk itself. Raises OSError."""
    with Draft(path) as draft:
        draft.write(text.encode(), mode=_OWNER_ONLY, durable=True)
        draft.keep()
    _flush_folder(path)


def _flush_folder(path: Path) -> None:
    """A renamed file is on the disk when its folder is, where the system opens folders."""
    if os.name != "posix":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
