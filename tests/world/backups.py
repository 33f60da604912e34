"""Backups of an office, and empty places to restore them into."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jifen.office.casework.models import Application
from jifen.office.operate.backup.sealing import generate_identity, parse_recipient
from jifen.office.operate.backup.writing import WrittenBackup, write_backup
from tests.world.office import Office

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    """The file of a secret key; its public key stands in its first line."""
    secret, public = generate_identity()
    file = tmp_path / "secret.txt"
    file.write_text(f"# public key: {public}\n{secret}\n", encoding="utf-8")
    return file


def written(
    destination: Path, identity: Path, now: datetime = NOON, portion: int = 1
) -> WrittenBackup:
    public = identity.read_text(encoding="utf-8").splitlines()[0].split()[-1]
    return write_backup(destination, parse_recipient(public), now, portion=portion)


@pytest.fixture
def case() -> Application:
    """A decided case with its documents."""
    office = Office()
    application = office.submitted()
    office.decided(application)
    return application


@contextmanager
def empty_place(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation with the same keys, an empty database and no documents."""
    there = connection.settings_dict
    name = f"{there['NAME']}_restored"
    if connection.vendor == "sqlite":
        url = f"sqlite:///{folder}/restored.sqlite3"
    else:
        url = f"postgresql://{there['USER']}@/{name}?host={there['HOST']}"
        subprocess.run(["createdb", name], check=True, env=client_environment())
    try:
        yield {
            **os.environ,
            "DATABASE_URL": url,
            "JIFEN_DOCUMENTS": str(folder / "documents"),
            "JIFEN_KEYS": str(settings.JIFEN_KEYS),
            "JIFEN_NOTICE_KEYS": str(settings.JIFEN_NOTICE_KEYS),
            "JIFEN_MODE": settings.JIFEN_MODE,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
    finally:
        if connection.vendor != "sqlite":
            subprocess.run(["dropdb", "--force", name], check=True, env=client_environment())


def client_environment() -> dict[str, str]:
    there = connection.settings_dict
    return {**os.environ, "PGHOST": there["HOST"], "PGUSER": there["USER"]}


def jifen(environment: dict[str, str], *arguments: object) -> tuple[int, str]:
    command = [sys.executable, "-m", "jifen", *map(str, arguments)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr
