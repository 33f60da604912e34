"""Migrations are listed before they are made, by one process at a time, and never by the site."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddField, CreateModel, Migration, RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import StateApps
from django.db.models import CharField
from pytest_django import Settings

from jifen.office.operate import open_migrations as migrations
from jifen.office.operate.open_migrations import (
    describe_migration,
    hold_migration_lock,
    list_open_migrations,
)
from jifen.office.site import server
from tests.world.office import user


@pytest.mark.django_db
def test_a_database_of_this_version_needs_nothing() -> None:
    assert list_open_migrations() == []


@pytest.mark.django_db
def test_an_open_migration_is_listed() -> None:
    MigrationRecorder(connection).record_unapplied("api", "0002_sealed_at_rest")
    assert [one.name for one in list_open_migrations()] == ["api.0002_sealed_at_rest"]


def rows_through(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """A function of a migration that may touch any table of its app."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "table"),
    [
        (AddField("user", "more", CharField(max_length=1, default="")), "accounts_user"),
        (RunPython(rows_through), "accounts_user"),
        (AddField("staffrole", "more", CharField(max_length=1, default="")), ""),
        (CreateModel("more", []), ""),
    ],
    ids=["a column", "a function", "a column of an empty table", "a new table"],
)
def test_a_migration_is_told_with_the_largest_table_that_it_changes(
    monkeypatch: pytest.MonkeyPatch, operation: Operation, table: str
) -> None:
    for number in range(3):
        user(f"somebody{number}")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE accounts_user")
    migration = type("Migration", (Migration,), {"operations": [operation]})(
        "0099_more", "accounts"
    )
    told = describe_migration(migration)
    assert (told.name, told.table, told.rows) == ("accounts.0099_more", table, 3 if table else 0)
    monkeypatch.setattr(migrations, "LONG_FROM_ROWS", 3)
    assert told.is_long == bool(table)


@pytest.mark.django_db
def test_production_does_not_start_on_another_version(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never() -> None:
        raise AssertionError("production migrated")

    settings.JIFEN_MODE = "production"
    monkeypatch.setattr(server, "migrate_database", never)
    MigrationRecorder(connection).record_unapplied("api", "0002_sealed_at_rest")
    with pytest.raises(ImproperlyConfigured, match="`jifen migrate`"):
        server.prepare_database()


@pytest.mark.django_db(transaction=True)
def test_two_do_not_migrate_at_once() -> None:
    order: list[str] = []
    begun = threading.Event()

    def second() -> None:
        begun.set()
        with hold_migration_lock():
            order.append("second")
        connection.close()

    thread = threading.Thread(target=second)
    with hold_migration_lock():
        thread.start()
        begun.wait(10)
        thread.join(0.2)  # it would be done by now if it did not wait
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]


def test_the_command_lists_makes_and_finds_nothing_more(tmp_path: Path) -> None:
    """An empty SQLite database of an embedded installation."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH")}
    environment = kept | {"JIFEN_VAR": str(tmp_path)}

    def migrate(*options: str) -> str:
        program = [sys.executable, "-c", "from jifen.cli import main; main()", "migrate", *options]
        ended = subprocess.run(
            program, env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
        )
        return ended.stdout

    listed = migrate("--dry-run").splitlines()
    assert "casework.0001_initial" in listed
    assert listed[-1].endswith(f"{len(listed) - 1} migrations are not applied")
    made = migrate().splitlines()
    assert made[:-1] == listed[:-1]
    assert f"{len(listed) - 1} migrations applied" in made[-1]
    assert migrate("--dry-run").startswith("0 个迁移")
