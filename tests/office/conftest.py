"""What the tests of the office share."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client

from jifen.office.audit.triggers import add, drop
from jifen.office.vault.keys import keys

# Templates are Jinja's with StrictUndefined: an undefined name fails without pytest-django's help,
# which would hand its own option of the Django engine to Jinja.
os.environ.pop("FAIL_INVALID_TEMPLATE_VARS", None)


@pytest.fixture
def visitor(db: None) -> Client:
    """A visitor whose forms are checked as in service; an error of a page is raised."""
    del db
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def shown_errors(db: None) -> Client:
    """A visitor who sees error pages instead of exceptions."""
    del db
    return Client(raise_request_exception=False)


APPEND_ONLY = (
    "audit_entry",
    "audit_digest",
    "casework_edit",
    "casework_review",
    "casework_event",
)


@pytest.fixture(autouse=True, scope="session")
def _own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests seal with keys of their own, and keep documents in a folder of their own."""
    folder = tmp_path_factory.mktemp("office")
    storages: Any = site.STORAGES
    where = storages["documents"]["OPTIONS"]
    kept = site.JIFEN_KEYS, where["location"]
    site.JIFEN_KEYS = str(folder / "keys.json")
    where["location"] = str(folder / "documents")
    site.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    keys.cache_clear()
    yield
    site.JIFEN_KEYS, where["location"] = kept


@pytest.fixture(autouse=True)
def _flush_past_triggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Emptying the tables after a test that commits is the one time that the log may be deleted."""
    plain = connection.ops.execute_sql_flush

    def flush(statements: Any) -> None:
        with connection.schema_editor() as schema:
            drop(schema, APPEND_ONLY)
        plain(statements)
        with connection.schema_editor() as schema:
            add(schema, APPEND_ONLY)

    monkeypatch.setattr(connection.ops, "execute_sql_flush", flush)


@pytest.fixture
def documents() -> Path:
    """Where a test's documents are."""
    storages: Any = site.STORAGES
    where = storages["documents"]["OPTIONS"]
    return Path(where["location"])
