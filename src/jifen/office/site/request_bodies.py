"""Deadlines for the bodies of requests, so that slow clients cannot hold all threads.

The server passes a request on when its head is there, and a thread then waits for the body. A
client that sends a byte every few seconds would hold the thread for hours, and a few such clients
all threads. Here a body has a deadline, and only some of the threads may wait for bodies at once,
so that the others answer pages. Reading cannot be interrupted, so the deadline is checked between
pieces, which are small where they come slowly.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any

from prometheus_client import Counter

from jifen.office.site.words import say

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_SLOW_SECONDS = 0.25
"""Seconds: after a piece that took longer only a single byte is read at a time."""
_LARGEST_PIECE = 256 * 1024
_MOST_DIGITS = 15
REFUSED_BODIES = Counter(
    "jifen_bodies_refused", "Bodies of requests that did not come in time, by status", ("status",)
)


class BodyNotSent(OSError):
    """The body did not come in time, or too many others wait for theirs."""


class TimedBody:
    """A body that is read until a deadline (`seconds` from the first reading). `places`: limits how
    many bodies are waited for at once."""

    def __init__(self, body: Any, seconds: float, places: threading.Semaphore) -> None:
        self._body, self._seconds, self._places = body, seconds, places
        self._piece, self._until, self._begun = 1, 0.0, False
        self._line = b""
        self.status = ""
        """The HTTP status where the body was not read to its end; '' where it was."""

    def read(self, size: int = -1) -> bytes:
        """As of a file. Raises BodyNotSent."""
        parts, left = [self._line], size - len(self._line) if size >= 0 else _LARGEST_PIECE
        if 0 <= size <= len(self._line):
            part, self._line = self._line[:size], self._line[size:]
            return part
        self._line = b""
        while left > 0 and (part := self._read_piece(left)):
            parts.append(part)
            left -= len(part) if size >= 0 else 0
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        """As of a file. Raises BodyNotSent."""
        while b"\n" not in self._line and (size < 0 or len(self._line) < size):
            if not (part := self._read_piece(_LARGEST_PIECE)):
                break
            self._line += part
        end = self._line.find(b"\n") + 1 or len(self._line)
        return self.read(end if size < 0 else min(end, size))

    def readlines(self, hint: int = -1) -> list[bytes]:
        """As of a file. Raises BodyNotSent."""
        del hint
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def close(self) -> None:
        """Release the place of this body."""
        if self._begun:
            self._begun = False
            self._places.release()

    def _read_piece(self, most: int) -> bytes:
        if self.status:
            raise BodyNotSent(self.status)
        if not self._begun:
            self._start_reading()
        before = monotonic()
        if before > self._until:
            raise self._end_reading("408 Request Timeout")
        part: bytes = self._body.read(min(self._piece, most))
        slow = monotonic() - before > _SLOW_SECONDS
        self._piece = 1 if slow else min(self._piece * 4, _LARGEST_PIECE)
        return part

    def _start_reading(self) -> None:
        if not self._places.acquire(blocking=False):
            raise self._end_reading("503 Service Unavailable")
        self._begun, self._until = True, monotonic() + self._seconds

    def _end_reading(self, status: str) -> BodyNotSent:
        self.status = status
        self.close()
        return BodyNotSent(status)


class TimedBodies:
    """A WSGI application whose bodies come in `seconds` and one more for every `rate` bytes.
    `places`: of its threads that may wait for bodies at once."""

    def __init__(self, application: Application, *, seconds: float, rate: int, places: int) -> None:
        self._application, self._seconds, self._rate = application, seconds, rate
        self._places = threading.BoundedSemaphore(places)

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if len(length) > _MOST_DIGITS or not length.isdecimal() or not int(length):
            return self._application(environ, start)  # which refuses a length that is none
        seconds = self._seconds + int(length) / self._rate
        body = TimedBody(environ["wsgi.input"], seconds, self._places)
        environ["wsgi.input"] = body
        start_arguments = list[Any]()
        try:
            answer = self._application(
                environ, lambda *arguments: start_arguments.extend(arguments)
            )
        except BodyNotSent:
            answer = []
        finally:
            body.close()
        if body.status:
            return _answer_refusal(body.status, answer, start)
        start(*start_arguments)
        return answer


def _answer_refusal(
    status: str, answer: Iterable[bytes], start: Callable[..., Any]
) -> Iterable[bytes]:
    """An answer instead of the one that was made without the body."""
    REFUSED_BODIES.labels(status[:3]).inc()
    if close := getattr(answer, "close", None):
        close()
    text = _REFUSAL_TEXTS[status[:3]]
    words = f"{text.zh}\n{text.en}\n".encode()
    kind, length = "text/plain; charset=utf-8", str(len(words))
    head = [("Content-Type", kind), ("Content-Length", length), ("Connection", "close")]
    start(status, [*head, ("Retry-After", "10"), ("Cache-Control", "no-store")])
    return [words]


_REFUSAL_TEXTS = {
    "408": say("request_bodies.what_sent_did_not_arrive"),
    "503": say("request_bodies.many_sending_just_now_nothing"),
}
