"""A breaker: a register that failed several times in a row is left alone for a while."""

from collections.abc import Callable
from threading import Lock
from time import monotonic


class Breaker:
    """Opens after `most_failures` in a row for `rest_seconds`; then one try is let through, and its
    outcome decides. Each process has its own."""

    def __init__(
        self, most_failures: int, rest_seconds: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most_failures, self._rest_seconds, self._clock = most_failures, rest_seconds, clock
        self._failures, self._open_until = 0, 0.0
        self._lock = Lock()

    def admits_try(self) -> bool:
        """Whether the register may be asked now. While it rests, and while the one try after the
        rest is under way, it may not."""
        with self._lock:
            if self._failures < self._most_failures:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + self._rest_seconds  # the others wait for this one
            return True

    def note_success(self) -> None:
        """An answer came: the failures in a row end."""
        with self._lock:
            self._failures = 0

    def note_failure(self) -> None:
        """No answer came."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most_failures:
                self._open_until = self._clock() + self._rest_seconds
