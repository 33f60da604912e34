"""A database to which every migration was applied: made once, copied by every worker.

Applying the migrations takes fifteen seconds of processor time. On SQLite the migrated file stays
in pytest's cache until a migration changes; on PostgreSQL it is a template within the server.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.test.utils import setup_databases
from django.utils.module_loading import module_has_submodule

from jifen.office.audit import triggers


def state_of_migrations() -> str:
    """A name for what the migrations of all apps make of an empty database."""
    digest = hashlib.sha256(django.__version__.encode())
    files = [Path(triggers.__file__)]
    for app in apps.get_app_configs():
        if app.module and module_has_submodule(app.module, "migrations"):
            package = import_module(f"{app.name}.migrations")
            files += sorted(Path(package.__path__[0]).glob("*.py"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def open_copy(kept: Path, run: Path, worker: str) -> None:
    """Connect to a fresh copy of the migrated database. `kept` is a folder that outlives the run,
    `run` one that all workers of this run share."""
    # a lock of another name: without pytest's cache both folders are one
    with _alone(run / "copying.lock"):
        if connection.vendor == "sqlite":
            copy = run / f"{worker}.sqlite3"
            shutil.copyfile(_migrated_file(kept), copy)
            _connect(str(copy))
        else:
            template, copy_name = f"migrated_{state_of_migrations()}", f"jifen_{worker}"
            if not _exists(template):
                _migrate(f"{template}_begun")
                _at_server(f'ALTER DATABASE "{template}_begun" RENAME TO "{template}"')
            _at_server(f'DROP DATABASE IF EXISTS "{copy_name}"')
            _at_server(f'CREATE DATABASE "{copy_name}" TEMPLATE "{template}"')
            _connect(copy_name)


def _migrated_file(kept: Path) -> Path:
    file = kept / f"{state_of_migrations()}.sqlite3"
    with _alone(kept / "migrating.lock"):
        if not file.exists():
            for older in kept.glob("*.sqlite3*"):
                older.unlink()
            begun = file.with_suffix(".begun")
            _migrate(str(begun))
            begun.rename(file)
    return file


def _migrate(name: str) -> None:
    """Make a database of this name, and apply the migrations to it."""
    test = connection.settings_dict["TEST"]
    test["NAME"] = name
    setup_databases(
        verbosity=0, interactive=False, aliases={"default": False}, serialized_aliases=set()
    )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _connect(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _exists(database: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return cursor.fetchone() is not None


def _at_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
