"""Values of a file that may be replaced while the site runs, as `jifen keys rotate` does."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured

logger = logging.getLogger("jifen.keys")
INTERVAL = 1.0
"""Seconds between two looks at a file: so long a process may hold what stood there before."""

T = TypeVar("T")


class ReloadedFile(Generic[T]):
    """What `read` makes of the file at `place`, read again where the file was replaced.

    A new file that cannot be read, or that `follows(old, new)` refuses, is logged and not taken:
    the site goes on with what it holds, and the next start says what is wrong.
    """

    def __init__(
        self,
        place: Callable[[], Path],
        read: Callable[[Path], T],
        follows: Callable[[T, T], bool],
    ) -> None:
        self._place, self._read, self._follows = place, read, follows
        self._lock = Lock()
        self.cache_clear()

    def cache_clear(self) -> None:
        """Forget what was read."""
        self._held: tuple[Path, T] | None = None
        self._stamp: tuple[int, ...] = ()
        self._look_at = 0.0

    def __call__(self) -> T:
        """The values. Raises ImproperlyConfigured where none were read yet and none can be."""
        held = self._held
        if held is not None and time.monotonic() < self._look_at:
            return held[1]
        return self.reread()

    def reread(self) -> T:
        """The values, of the file as it is now."""
        with self._lock:
            if self._held is None:
                path = self._place()
                stamp = _read_stamp(path)
                self._held = path, self._read(path)
                # `read` makes the file where there is none
                self._stamp = stamp or _read_stamp(path)
            elif (stamp := _read_stamp(self._held[0])) != self._stamp:
                self._stamp = stamp
                self._replace(*self._held)
            self._look_at = time.monotonic() + INTERVAL
            return self._held[1]

    def _replace(self, path: Path, old: T) -> None:
        try:
            new = self._read(path)
        except ImproperlyConfigured as error:
            logger.error("%s was replaced and is not taken: %s", path, error)
            return
        if self._follows(old, new):
            self._held = path, new
        else:
            logger.error("%s was replaced by other keys, which are not taken", path)


def _read_stamp(path: Path) -> tuple[int, ...]:
    """What differs between two files of one name; nothing for none."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode
