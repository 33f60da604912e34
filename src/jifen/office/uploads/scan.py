"""The antivirus: ClamAV's daemon by its socket (INSTREAM)."""

import socket
import struct
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

_CHUNK = 64 * 1024


class ScannerDown(Exception):
    """No answer, or none that can be understood; the file waits and is scanned again."""


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """Whether a file is clean, and the name of what was found."""

    clean: bool
    name: str = ""


class Scanner(Protocol):
    """Looks at a file."""

    def scan(self, content: bytes) -> ScanVerdict:
        """The verdict. Raises ScannerDown."""


class ClamdScanner:
    """clamd at unix:/path or tcp://host:port."""

    def __init__(self, address: str, seconds: float = 10) -> None:
        self._address, self._seconds = address, seconds

    def scan(self, content: bytes) -> ScanVerdict:
        """Send the content in chunks, read one line."""
        try:
            with self._connect() as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), _CHUNK):
                    part = content[start : start + _CHUNK]
                    line.sendall(struct.pack("!I", len(part)) + part)
                line.sendall(struct.pack("!I", 0))
                return _parse_verdict(_read_answer(line))
        except OSError as error:
            raise ScannerDown(type(error).__name__) from error

    def _connect(self) -> socket.socket:
        if self._address.startswith("unix:"):
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(self._seconds)
            line.connect(self._address.removeprefix("unix:"))
            return line
        parts = urlsplit(self._address)
        return socket.create_connection((parts.hostname, parts.port or 3310), self._seconds)


def _read_answer(line: socket.socket) -> str:
    received = b""
    while len(received) < 4096 and (part := line.recv(4096)):
        received += part
        if b"\0" in received:
            break
    return received.split(b"\0")[0].decode("utf-8", "replace").strip()


def _parse_verdict(answer: str) -> ScanVerdict:
    if answer == "stream: OK":
        return ScanVerdict(clean=True)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return ScanVerdict(clean=False, name=answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerDown(f"clamd answered '{answer[:80]}'")


def make_scanner(address: str | None) -> Scanner | None:
    """The scanner at an address; None where none is configured."""
    return ClamdScanner(address) if address else None
