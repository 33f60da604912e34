"""A file that is written once, whole, and readable by its user only."""

import contextlib
import tempfile
from pathlib import Path


def write_once(path: Path, text: str) -> None:
    """Two processes that start together end with one whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".new") as made:
        made.write(text)
        made.flush()
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made.name)
    path.chmod(0o600)
