"""What all tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def own_machine_code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each run compiles its kernels itself, once for all its workers: code that an earlier run left
    behind would hide a change of the compiler."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIFEN_CACHE", str(folder / "machine-code"))
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite tests run on a file, as in service: every thread has a connection of its own. (In
    memory they would share one, and its transactions.)"""
    del django_db_modify_db_settings_parallel_suffix
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder: Path = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
