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
    """The name of the part that holds this database."""
    return "database.sqlite3.gz.age" if connection.vendor == "sqlite" else "database.pgdump.age"


@contextmanager
def open_writer() -> Iterator[Callable[[BinaryIO], None]]:
    """A function that writes the database as it is now into a stream. Raises BackupFault
    (JF-O002)."""
    if connection.vendor == "sqlite":
        with _copy_sqlite() as copy:
            yield lambda target: _write_compressed(copy, target)
    else:
        yield _dump_postgresql


@contextmanager
def _copy_sqlite() -> Iterator[Path]:
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


def _write_compressed(copy: Path, target: BinaryIO) -> None:
    with copy.open("rb") as source, gzip.GzipFile(fileobj=target, mode="wb", compresslevel=1) as z:
        shutil.copyfileobj(source, z, 1 << 20)


def _dump_postgresql(target: BinaryIO) -> None:
    program = _find_program("pg_dump")
    command = [program, "--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.run(
            command, env=_build_environment(), stdout=target, stderr=words, check=False
        )
        _refuse_failed(program, process.returncode, words)


def _refuse_failed(program: str, status: int, words: BinaryIO) -> None:
    if status == 0:
        return
    words.seek(0)
    message = words.read(2_000).decode(errors="replace").strip()
    raise BackupFault("JF-O002", "failed", program=Path(program).name, status=status, words=message)


def _find_program(name: str) -> str:
    """The client program. Raises BackupFault where it is not installed."""
    path = shutil.which(name)
    if path is None:
        raise BackupFault("JF-O002", "tool", program=name)
    return path


def _build_environment() -> dict[str, str]:
    """The environment that names the server. The password is never on a command line."""
    settings = connection.settings_dict
    variables = {name: str(settings[key]) for name, key in _VARIABLES.items() if settings.get(key)}
    options = settings.get("OPTIONS", {})
    variables |= {f"PG{name.upper()}": options[name] for name in _OPTIONS if name in options}
    return {**os.environ, **variables}


def count_tables() -> int:
    """How many tables the database has."""
    return len(connection.introspection.table_names())


@contextmanager
def open_reader() -> Iterator[Callable[[BinaryIO], None]]:
    """A function that reads a stream into the empty database, which is filled at the end of the
    block, or not at all. Raises BackupFault (JF-O002), OSError."""
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=place.parent) as folder:
            copy = Path(folder) / "database"
            yield lambda source: _write_expanded(source, copy)
            _put_in_place(copy, place)
    else:
        yield _load_postgresql


def _write_expanded(source: BinaryIO, copy: Path) -> None:
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


def _load_postgresql(source: BinaryIO) -> None:
    program = _find_program("pg_restore")
    command = [program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    database = f"--dbname={connection.settings_dict['NAME']}"
    connection.close()
    with tempfile.TemporaryFile() as words:
        process = subprocess.run(
            [*command, "--no-password", database],
            env=_build_environment(),
            stdin=source,
            stdout=subprocess.DEVNULL,
            stderr=words,
            check=False,
        )
        _refuse_failed(program, process.returncode, words)
