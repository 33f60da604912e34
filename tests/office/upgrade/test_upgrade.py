"""A database of release 0.1.0, made by that release, is upgraded with all that it holds.

The archive was made by tools/release_database.py from the source of 0.1.0 (commit 77745ac5).
"""

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db import connection

ARCHIVE = Path(__file__).with_name("jifen-0.1.0.tar.xz")
INSPECTION = Path(__file__).with_name("state_of_upgraded.py")
ENTRIES, DECISIONS, PAPERS = 384, 7, 2
"""What the release said of its database when it had made it (`jifen audit verify`)."""
pytestmark = pytest.mark.django_db(transaction=True)  # so that PostgreSQL is tried too


class Installation(NamedTuple):
    """The folder of an installation of 0.1.0, and the environment of its commands."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: object) -> tuple[int, str]:
        """A command: its status and its words."""
        command = [sys.executable, *map(str, arguments)]
        ended = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stdout + ended.stderr

    def jifen(self, *arguments: object) -> tuple[int, str]:
        """`jifen …`."""
        return self.run("-m", "jifen", *arguments)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """What the release left: its database, its keys, its documents."""
    folder = tmp_path / "var" / "sandbox"
    folder.mkdir(parents=True)
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIFEN_")}
    environment = inherited | {
        "JIFEN_VAR": str(tmp_path / "var"),
        "JIFEN_MODE": "sandbox",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    if connection.vendor == "sqlite":
        url = f"sqlite:///{folder / 'jifen.sqlite3'}"
        yield Installation(folder, environment | {"DATABASE_URL": url})
        return
    there = connection.settings_dict
    name = f"{there['NAME']}_of_release"
    url = f"postgresql://{there['USER']}@/{name}?host={there['HOST']}"
    with _connect_to_server() as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        with psycopg.connect(url) as database:
            database.execute((folder / "postgresql.sql").read_bytes())
        yield Installation(folder, environment | {"DATABASE_URL": url})
    finally:
        with _connect_to_server() as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _connect_to_server() -> "psycopg.Connection[tuple[object, ...]]":
    there = connection.settings_dict
    return psycopg.connect(
        host=there["HOST"], user=there["USER"], dbname="postgres", autocommit=True
    )


def refuse_another_archive(installation: Installation) -> None:
    """The archive is of the release before: with its decisions, and names that lie open."""
    with closing(sqlite3.connect(installation.folder / "jifen.sqlite3")) as database:
        (versions,) = zip(
            *database.execute("SELECT DISTINCT engine_version FROM casework_decision"), strict=True
        )
        (decisions,) = database.execute("SELECT count(*) FROM casework_decision").fetchone()
        plain = database.execute("SELECT name FROM registry_person").fetchall()
    assert versions == ("0.1.0",)
    assert decisions == DECISIONS
    assert ("王立春",) in plain  # names were not sealed then


def test_a_database_of_the_release_before_is_upgraded_whole(installation: Installation) -> None:
    """Log, papers and decisions are what they were; what waited is done by the new release."""
    refuse_another_archive(installation)
    status, words = installation.jifen("migrate", "--dry-run")
    assert status == 0, words
    assert any(line.startswith("casework.0006_sealed_at_rest") for line in words.splitlines())
    status, words = installation.jifen("migrate")
    assert status == 0, words
    status, words = installation.jifen("audit", "verify")
    assert (status, f" {ENTRIES} " in words) == (0, True), words
    state = read_state(installation)
    assert [engine for _, engine, _ in state["decisions"]] == ["0.1.0"] * DECISIONS
    assert [case for case, _, same in state["decisions"] if not same] == []
    assert state["papers"] == [["%PDF-", True]] * PAPERS
    assert state["waiting"] > 0
    assert "王立春" in state["names"]
    refuse_a_forged_statement(installation)
    finish_what_waited(installation, state)


def read_state(installation: Installation) -> dict[str, Any]:
    """What the upgraded installation says of itself."""
    status, words = installation.run(INSPECTION, installation.folder)
    assert status == 0, words
    state: dict[str, Any] = json.loads(words)
    return state


def refuse_a_forged_statement(installation: Installation) -> None:
    """A paper of the release before is checked offline; an altered one is not taken."""
    options = ("--keys", installation.folder / "public-keys.json", "--on", "2026-12-01")
    statement = (installation.folder / "statement.txt").read_text(encoding="utf-8")
    status, words = installation.jifen("verify", statement, *options)
    assert status == 0, words
    head, claims, signature = statement.split(".")
    other = "B" if signature[0] == "A" else "A"
    altered = ".".join((head, claims, other + signature[1:]))
    assert installation.jifen("verify", altered, *options)[0] == 1


def finish_what_waited(installation: Installation, before: dict[str, Any]) -> None:
    """Files that lay open are sealed, papers that waited are printed, and nothing differs."""
    status, words = installation.jifen("keys", "seal-files")
    assert status == 0, words
    files = [file for file in (installation.folder / "documents").rglob("*") if file.is_file()]
    assert [file for file in files if not file.read_bytes().startswith(b"JFS1\n")] == []
    status, words = installation.jifen("worker", "--once", "--on", "2026-12-01")
    assert status == 0, words
    after = read_state(installation)
    assert after["waiting"] == 0
    assert len(after["papers"]) >= len(before["papers"]) + before["waiting"]
    assert set(map(tuple, after["papers"])) == {("%PDF-", True)}
    status, words = installation.jifen("check")
    assert status == 0, words
