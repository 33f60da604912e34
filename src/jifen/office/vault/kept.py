"""A file that is written once, whole, and readable by its user only."""

import contextlib
from pathlib import Path

from jifen.drafts import Draft

_OWN = 0o600


def write_once(path: Path, text: str) -> None:
    """Two processes that start together end with one whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Draft(path) as draft:
        draft.write(text.encode(), mode=_OWN, durable=True)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft.path)
    path.chmod(_OWN)
