"""The lock that allows one rotation of keys at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.core.exceptions import ImproperlyConfigured


class CannotRotate(Exception):
    """A rotation that cannot go on; the message says why and what to do."""


REFUSALS = (CannotRotate, ImproperlyConfigured)
"""What a rotation may end with, in words."""


@contextmanager
def hold_rotation_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file of keys for the block. Raises CannotRotate where another process
    holds it. On systems without `fcntl` nothing is locked."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    with _open_lock_file(path.with_name(f"{path.name}.lock")) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotRotate(
                f"keys of {path.name} are being rotated already: wait until that is done"
            ) from None
        yield


def _open_lock_file(path: Path) -> TextIO:
    try:
        return path.open("w")
    except OSError as error:
        raise CannotRotate(
            f"{path.parent} cannot be written ({error.strerror}): nothing was changed. Run this as "
            "the user who owns the file of keys, where its folder can be written."
        ) from None
