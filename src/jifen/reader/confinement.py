"""What a job takes from itself before it looks at a file; none of it can be taken back.

On Linux a filter of system calls (seccomp) refuses sockets, other programs and other processes.
Where the kernel has none, Python's own hook refuses sockets; the limits hold everywhere.
"""

import ctypes
import errno
import platform
import resource
import signal
import struct
import sys
from contextlib import suppress
from typing import Any

from jifen.reader.limits import ReaderLimits

_MOST_FILES = 64
_END_WITH_PARENT, _NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 1, 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_X32 = 0x40000000
"""Numbers from here on are the same calls in another form (x86-64 only)."""
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    # the number of each call on the two architectures, in their order
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "bind": (49, 200),
    "listen": (50, 201),
    "socketpair": (53, 199),
    "execve": (59, 221),
    "kill": (62, 129),
    "ptrace": (101, 117),
    "accept4": (288, 242),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "execveat": (322, 281),
}


def confine_process(limits: ReaderLimits) -> None:
    """From here on: limits of memory, processor and time, no file written, no network."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor, limits.processor + 1))
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # not every system knows each of them
            resource.setrlimit(kind, (most, most))
    # whoever asked kills it earlier; this one ends a job whose asker is gone
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall + 1)
    if not (sys.platform.startswith("linux") and _filter_calls()):
        sys.addaudithook(_refuse_sockets)


def _refuse_sockets(event: str, given: tuple[Any, ...]) -> None:
    del given
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn")):
        raise PermissionError(errno.EPERM, f"{event} is refused to a reading process")


def _filter_calls() -> bool:
    """Whether the kernel refuses the calls from here on."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return False
    place = list(_ARCHITECTURES).index(machine)
    numbers = tuple(call[place] for call in _REFUSED.values())
    program = _build_filter(_ARCHITECTURES[machine], numbers)
    buffer = ctypes.create_string_buffer(program)
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not libc.prctl(_SET_FILTER, _FILTER, ctypes.create_string_buffer(head), 0, 0)


def _build_filter(architecture: int, calls: tuple[int, ...]) -> bytes:
    """The filter, in the instructions of the kernel's packet filter: another architecture and the
    calls named are refused, everything else is allowed."""
    last = len(calls)
    steps = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 0, last + 3, architecture),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, last + 1, 0, _X32),
    ]
    steps += [(_EQUAL, last - place, 0, call) for place, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
