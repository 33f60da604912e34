"""`python -m jifen.reader.child STATUS`: waits to be asked, and does each job in a fork.

The process that waits never sees a byte of a file: each fork reads one request, gives up its
rights, answers and ends, so that nothing of one file is there when the next is read. How it ended
goes to the file descriptor STATUS, which the fork does not have. Requests come in on standard
input; its end is the end of the process.
"""

import gc
import json
import os
import select
import signal
import sys
from typing import Any

from jifen.reader import wire
from jifen.reader.confinement import confine_process
from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.jobs import JOBS
from jifen.reader.limits import ReaderLimits


def serve_requests(status: int) -> None:
    """Serve until nobody can ask any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks
    requests, answers = _move_descriptor(0, os.O_RDONLY), _move_descriptor(1, os.O_WRONLY)
    gc.freeze()  # what is there now is the same for every job
    while _wait_for_request(requests):
        job = os.fork()
        if not job:
            os.close(status)
            _handle_request(requests, answers)
            os._exit(0)
        _, ended = os.waitpid(job, 0)
        wire.write_all(status, wire.STATUS.pack(ended))


def _move_descriptor(file: int, mode: int) -> int:
    """A standard file under another number: what a library prints goes nowhere."""
    own, nowhere = os.dup(file), os.open(os.devnull, mode)
    os.dup2(nowhere, file)
    os.close(nowhere)
    return own


def _wait_for_request(requests: int) -> bool:
    watch = select.poll()
    watch.register(requests, select.POLLIN)
    return any(event & select.POLLIN for _, event in watch.poll())


def _handle_request(requests: int, answers: int) -> None:
    lengths = wire.LENGTHS.unpack(wire.read_exactly(requests, wire.LENGTHS.size))
    head = json.loads(wire.read_exactly(requests, lengths[0]))
    content = wire.read_exactly(requests, lengths[1])
    confine_process(ReaderLimits(**head["limits"]))
    answer, body = _run_job(head, content)
    wire.write_all(answers, wire.pack_message(answer, body))


def _run_job(head: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        values, body = JOBS[head["job"]](content, **head["given"])
    except RefusedFile as fault:
        return {"reason": fault.reason, "given": fault.given}, b""
    except MemoryError:
        return {"reason": RefusalReason.MEMORY, "given": {}}, b""
    except BaseException as error:  # noqa: BLE001 - a panic of a library written in Rust is no Exception
        return {"reason": RefusalReason.CRASHED, "given": {"kind": type(error).__name__}}, b""
    return {"values": values}, body


if __name__ == "__main__":
    serve_requests(int(sys.argv[1]))
