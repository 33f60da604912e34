"""Sealing a stream to a public key, and opening it (the age format, by pyrage)."""

import errno
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage

from jifen.office.operate.backup.faults import BackupFault
from jifen.office.operate.backup.manifest import Part


def generate_identity() -> tuple[str, str]:
    """A new secret key and its public key."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def parse_recipient(text: str) -> pyrage.x25519.Recipient:
    """The public key of a text. Raises BackupFault (JF-O001)."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise BackupFault("JF-O001", "recipient", given=text.strip()[:80]) from None


def read_identity(file: Path) -> pyrage.x25519.Identity:
    """The secret key of a file. Raises BackupFault (JF-O001)."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        (secret,) = [line.strip() for line in lines if line.strip() and line[:1] != "#"]
        return pyrage.x25519.Identity.from_str(secret)
    except (OSError, ValueError, pyrage.IdentityError):
        raise BackupFault("JF-O001", "identity", file=file) from None


class _CountingWriter:
    """Writes to a file and counts size and hash. The library that seals does not report every
    failure of a write, so the first one is kept here."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.size, self.hash = file, 0, hashlib.sha256()
        self.fault: OSError | None = None

    def write(self, content: bytes) -> int:
        """Write all of it. Raises OSError."""
        try:
            self.file.write(content)
        except OSError as error:
            self.fault = self.fault or error
            raise
        self.size += len(content)
        self.hash.update(content)
        return len(content)

    def refuse_failed(self) -> None:
        """Raise the first failure, if there was one."""
        if self.fault is not None:
            raise self.fault

    def flush(self) -> None:
        """Flush the file."""
        self.file.flush()


def seal_part(
    source: BinaryIO, place: Path, recipient: pyrage.x25519.Recipient, kind: str, files: int = 0
) -> Part:
    """Write what a stream holds into a sealed part, onto the disk itself. Raises OSError."""
    with place.open("xb") as file:
        place.chmod(0o600)
        writer = _CountingWriter(file)
        try:
            pyrage.encrypt_io(source, writer, [recipient])
        except pyrage.EncryptError as error:
            writer.refuse_failed()
            raise OSError(errno.EIO, str(error), str(place)) from None
        writer.refuse_failed()
        file.flush()
        os.fsync(file.fileno())
    return Part(place.name, kind, writer.size, writer.hash.hexdigest(), files)


def open_part(
    folder: Path, part: Part, identity: pyrage.x25519.Identity, target: BinaryIO, file: Path
) -> None:
    """Write what a sealed part holds into a stream. Raises BackupFault where the secret key (of
    `file`) does not open it, OSError."""
    with (folder / part.name).open("rb") as sealed:
        writer = _CountingWriter(target)
        try:
            pyrage.decrypt_io(sealed, writer, [identity])
        except (pyrage.DecryptError, OSError):
            writer.refuse_failed()
            raise BackupFault("JF-O004", "sealed", part=part.name, file=file) from None
        writer.refuse_failed()


def refuse_damaged(folder: Path, part: Part) -> None:
    """Raise BackupFault (JF-O004) unless the part is there, byte for byte."""
    try:
        with (folder / part.name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except FileNotFoundError:
        raise BackupFault("JF-O004", "missing", part=part.name) from None
    if (size, digest) != (part.size, part.sha256):
        raise BackupFault(
            "JF-O004", "damaged", part=part.name, size=f"{size:,}", expected=f"{part.size:,}"
        )


@contextmanager
def stream_from_writer(writer: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """A stream that another thread writes. What the writer raises is raised at the end of the
    block, unless the block failed itself."""
    faults: list[BaseException] = []
    reading, writing = os.pipe()

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as target:
                writer(target)
        except BaseException as error:  # noqa: BLE001 - raised in the thread that reads
            faults.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as source:
            yield source
    finally:
        thread.join()
    if faults:
        raise faults[0]


_REST_BYTES = 1 << 16


@contextmanager
def stream_to_reader(reader: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """A stream that another thread reads. What the reader raises is raised at the end of the block
    and comes before what the block raised, for it is the cause."""
    faults: list[BaseException] = []
    reading, writing = os.pipe()

    def run() -> None:
        try:
            with os.fdopen(reading, "rb") as source:
                reader(source)
                # a program may end before the last bytes: what is written then must not fail
                while source.read(_REST_BYTES):
                    pass
        except BaseException as error:  # noqa: BLE001 - raised in the thread that writes
            faults.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(writing, "wb") as target:
            yield target
    except BrokenPipeError:
        thread.join()
        raise faults[0] if faults else BrokenPipeError from None
    thread.join()
    if faults:
        raise faults[0]
