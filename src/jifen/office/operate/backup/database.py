"""The whole database as one stream, at one moment while others write, and back again.

SQLite is copied page by page under one read lock; PostgreSQL is read by its own `pg_dump`, in one
transaction, and put back by `pg_restore`, in one transaction. Rights of roles are not part of it:
`jifen migrate` gives them anew.
"""

import gzip
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from django.db import connection

from jifen.office.operate.backup.faults import BackupFault

# Names of the environment by which the client programs find a server, and our settings.
_VARIABLES = {
    "PGHOST": "HOST",
    "PGPORT": "PORT",
    "PGUSER": "USER",
    "PGPASSWORD": "PASSWORD",
    "PGDATABASE": "NAME",
}
_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def part_name() -> str:
    """What the part of this database is called."""
    return "database.sqlite3.gz.age" if connection.vendor == "sqlite" else "database.pgdump.age"


@contextmanager
def writer() -> Iterator[Callable[[BinaryIO], None]]:
    """What writes the database as it is now into a stream. Raises BackupFault (JF-O002)."""
    if connection.vendor == "sqlite":
        with _snapshot() as copy:
            yield lambda target: _compress(copy, target)
    else:
        yield _dump


@contextmanager
def _snapshot() -> Iterator[Path]:
    """A copy beside the database, on the same disk and readable by its user only."""
    place = Path(connection.settings_dict["NAME"])
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=place.parent) as folder:
        copy = Path(folder) / "database"
        with (
            closing(sqlite3.connect(place, timeout=20)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        yield copy


def _compress(copy: Path, target: BinaryIO) -> None:
    with copy.open("rb") as source, gzip.GzipFile(fileobj=target, mode="wb", compresslevel=1) as z:
        shutil.copyfileobj(source, z, 1 << 20)


def _dump(target: BinaryIO) -> None:
    program = _program("pg_dump")
    command = [program, "--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    with tempfile.TemporaryFile() as words:
        ended = subprocess.run(
            command, env=_environment(), stdout=target, stderr=words, check=False
        )
        _refuse_failed(program, ended.returncode, words)


def _refuse_failed(program: str, status: int, words: BinaryIO) -> None:
    if status == 0:
        return
    words.seek(0)
    told = words.read(2_000).decode(errors="replace").strip()
    raise BackupFault("JF-O002", "failed", program=Path(program).name, status=status, words=told)


def _program(name: str) -> str:
    """The client program. Raises BackupFault where it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise BackupFault("JF-O002", "tool", program=name)
    return found


def _environment() -> dict[str, str]:
    """Where the server is. The password stands in the environment, never on a command line."""
    settings = connection.settings_dict
    variables = {name: str(settings[key]) for name, key in _VARIABLES.items() if settings.get(key)}
    options = settings.get("OPTIONS", {})
    variables |= {f"PG{name.upper()}": options[name] for name in _OPTIONS if name in options}
    return {**os.environ, **variables}


def count_tables() -> int:
    """How many tables the database has."""
    return len(connection.introspection.table_names())


@contextmanager
def reader() -> Iterator[Callable[[BinaryIO], None]]:
    """What reads a stream into the empty database: all of it at the end of the block, or nothing.
    Raises BackupFault (JF-O002), OSError."""
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=place.parent) as folder:
            copy = Path(folder) / "database"
            yield lambda source: _expand(source, copy)
            _put_in_place(copy, place)
    else:
        yield _load


def _expand(source: BinaryIO, copy: Path) -> None:
    with gzip.GzipFile(fileobj=source, mode="rb") as z, copy.open("xb") as target:
        copy.chmod(0o600)
        shutil.copyfileobj(z, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())


def _put_in_place(copy: Path, place: Path) -> None:
    connection.close()
    for beside in ("-wal", "-shm"):
        place.with_name(place.name + beside).unlink(missing_ok=True)
    copy.replace(place)


def _load(source: BinaryIO) -> None:
    program = _program("pg_restore")
    command = [program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    database = f"--dbname={connection.settings_dict['NAME']}"
    connection.close()
    with tempfile.TemporaryFile() as words:
        ended = subprocess.run(
            [*command, "--no-password", database],
            env=_environment(),
            stdin=source,
            stdout=subprocess.DEVNULL,
            stderr=words,
            check=False,
        )
        _refuse_failed(program, ended.returncode, words)
