"""One rotation at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.core.exceptions import ImproperlyConfigured


class CannotRotate(Exception):
    """Why nothing more was done, and what to do, in words."""


REFUSALS = (CannotRotate, ImproperlyConfigured)
"""What a rotation may end with, in words."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else replaces keys of this file until the block ends, however it ends. Raises
    CannotRotate; on systems without `fcntl` nothing is locked."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    with _opened(path.with_name(f"{path.name}.lock")) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotRotate(
                f"keys of {path.name} are being rotated already: wait until that is done"
            ) from None
        yield


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w")
    except OSError as error:
        raise CannotRotate(
            f"{path.parent} cannot be written ({error.strerror}): nothing was changed. Run this as "
            "the user who owns the file of keys, where its folder can be written."
        ) from None
