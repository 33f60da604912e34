"""One reading process, seen from the one that asks."""

import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from jifen.reader import wire
from jifen.reader.faults import ReasonValues, RefusalReason, RefusedFile
from jifen.reader.limits import ReaderLimits

_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG", "LC_ALL", "TZ")
"""All of the environment that it needs; no key and no password of the office is among it."""
_GRACE = 2.0
"""Seconds for a process to end by itself."""
_LONGEST_WORD = 80


class ReaderGone(Exception):
    """The process that waits for requests was ended from outside: another one may be asked. (A job
    runs in a fork of it, and cannot end it.)"""


class ReaderProcess:
    """A process that waits to be asked, by one thread at a time. After a fault it is of no use any
    more: `usable` says so, and `close` ends it."""

    def __init__(self) -> None:
        ours, status = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "jifen.reader.child", str(status)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(status,),
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                start_new_session=True,
            )
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(status)
        if self._process.stdin is None or self._process.stdout is None:
            raise TypeError("the process was started with pipes")
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._status = ours
        for file in (self._requests.fileno(), self._answers.fileno(), ours):
            os.set_blocking(file, False)
        self._usable = True

    @property
    def process_id(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        """Whether it waits for a request."""
        return self._usable and self._process.poll() is None

    def ask(
        self, job: str, content: bytes, given: dict[str, Any], limits: ReaderLimits
    ) -> tuple[dict[str, Any], bytes]:
        """The values and the bytes of a job. Raises NotRead, Gone."""
        head = {"job": job, "given": given, "limits": asdict(limits)}
        was_usable, self._usable = self._usable, False  # until all of it went well
        if not was_usable:
            raise ReaderGone
        exchange = _Exchange(
            wire.pack_message(head, content),
            limits,
            (self._requests.fileno(), self._answers.fileno(), self._status),
        )
        answer, body = exchange.run_exchange()
        self._usable = True
        if "reason" in answer:
            raise _read_refusal(answer)
        values = answer.get("values")
        if not isinstance(values, dict):
            self._usable = False
            raise RefusedFile(RefusalReason.CRASHED)
        return values, body

    def kill(self) -> None:
        """End it, whatever it does, with the job that it started; also from another thread than the
        one that asks, which then calls `close`."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, and give back its pipes. By the thread that asks, or where none does."""
        self._usable = False
        if self._process.returncode is None:
            self.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE)
        for file in (self._requests, self._answers):
            with suppress(OSError):
                file.close()
        if self._status >= 0:
            os.close(self._status)
            self._status = -1


def _read_refusal(answer: dict[str, Any]) -> RefusedFile:
    """The fault that a job told, if it is one of ours; a job that was taken over by its file may
    tell anything."""
    given: ReasonValues = {}
    values = answer.get("given")
    for name, value in values.items() if isinstance(values, dict) else ():
        if isinstance(value, int | str) and len(str(name)) <= _LONGEST_WORD:
            given[str(name)] = value[:_LONGEST_WORD] if isinstance(value, str) else value
    try:
        return RefusedFile(RefusalReason(answer["reason"]), **given)
    except ValueError:
        return RefusedFile(RefusalReason.CRASHED)


class _Exchange:
    """One request and its answer, until the deadline. `files`: where requests go, where answers
    and the end of the job come from."""

    def __init__(self, request: bytes, limits: ReaderLimits, files: tuple[int, int, int]) -> None:
        self._request, self._limits = memoryview(request), limits
        self._requests, self._answers, self._ends = files
        self._sent, self._answer, self._status = 0, bytearray(), b""
        self._until = time.monotonic() + limits.wall

    def run_exchange(self) -> tuple[dict[str, Any], bytes]:
        """The head and the body of the answer. Raises NotRead, Gone."""
        while len(self._status) < wire.STATUS.size:
            self._handle_ready(self._wait_until_ready())
        while self._receive_answer():  # what was under way when the job ended
            pass
        (ended,) = wire.STATUS.unpack(self._status)
        if ended:
            raise RefusedFile(_find_end_reason(ended))
        return self._unpack_answer()

    def _wait_until_ready(self) -> set[int]:
        watch = select.poll()
        if self._sent < len(self._request):
            watch.register(self._requests, select.POLLOUT)
        watch.register(self._answers, select.POLLIN)
        watch.register(self._ends, select.POLLIN)
        left = self._until - time.monotonic()
        ready = watch.poll(left * 1000) if left > 0 else []
        if not ready:
            raise RefusedFile(RefusalReason.TOO_SLOW)
        return {file for file, _ in ready}

    def _handle_ready(self, ready: set[int]) -> None:
        if self._requests in ready:
            self._send_request()
        if self._answers in ready:
            self._receive_answer()
        if self._ends in ready:
            part = os.read(self._ends, wire.STATUS.size - len(self._status))
            if not part:
                raise ReaderGone
            self._status += part

    def _send_request(self) -> None:
        try:
            self._sent += os.write(self._requests, self._request[self._sent :])
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._sent = len(self._request)  # its end says why

    def _receive_answer(self) -> bool:
        """Whether anything came."""
        try:
            part = os.read(self._answers, 1024 * 1024)
        except BlockingIOError:
            return False
        self._answer += part
        if len(self._answer) > self._limits.answer + wire.MOST_HEAD:
            raise RefusedFile(RefusalReason.CRASHED)
        return bool(part)

    def _unpack_answer(self) -> tuple[dict[str, Any], bytes]:
        start = wire.LENGTHS.size
        try:
            of_head, of_body = wire.LENGTHS.unpack_from(self._answer)
            answer = json.loads(self._answer[start : start + of_head])
        except (ValueError, RecursionError, struct.error):
            raise RefusedFile(RefusalReason.CRASHED) from None
        if not isinstance(answer, dict) or len(self._answer) != start + of_head + of_body:
            raise RefusedFile(RefusalReason.CRASHED)
        return answer, bytes(self._answer[start + of_head :])


def _find_end_reason(ended: int) -> RefusalReason:
    """Why a job ended that did not end well. SIGKILL is the second limit of the processor."""
    number = os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0
    slow = number in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL)
    return RefusalReason.TOO_SLOW if slow else RefusalReason.CRASHED
