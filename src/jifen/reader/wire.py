"""How the two processes speak: a head of JSON and a body of bytes, each with its length before it.

Nothing that comes from the reading process is ever more than JSON and bytes.
"""

import json
import os
import struct
from typing import Any

LENGTHS = struct.Struct("!II")
"""Bytes of the head, bytes of the body."""
STATUS = struct.Struct("!i")
"""How a job ended, as `waitpid` has it."""
MOST_HEAD = 64 * 1024


def pack_message(head: dict[str, Any], body: bytes) -> bytes:
    """A message."""
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def read_exactly(file: int, size: int) -> bytes:
    """So many bytes. Raises EOFError where the other side ends before."""
    parts, left = list[bytes](), size
    while left:
        part = os.read(file, min(left, 1024 * 1024))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def write_all(file: int, content: bytes) -> None:
    """All of it. Raises OSError where nobody reads."""
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]
