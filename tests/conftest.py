"""What all tests share."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.costs"]


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
