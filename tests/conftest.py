"""What all tests share."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hypothesis_profiles import load_default_profile

load_default_profile()
pytest_plugins = ["tests.attacks", "tests.changed", "tests.costs", "tests.second_database"]


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
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all its workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    run_folder: Path,
    pytestconfig: pytest.Config,
) -> Iterator[None]:
    """Each worker has a copy of the migrated database, on SQLite in a file as in service: every
    thread has a connection of its own. (In memory they would share one, and its transactions.)"""
    del django_test_environment
    from django.db import connections

    from tests.world.template import open_copy

    cached = pytestconfig.pluginmanager.hasplugin("cacheprovider")
    kept = pytestconfig.cache.mkdir("migrated") if cached else run_folder
    listeners = connections["default"].execute_wrappers
    with django_db_blocker.unblock():
        listening = [*listeners]
        listeners.clear()  # statements of the migrations are of no test, whichever comes first
        open_copy(kept, run_folder, os.environ.get("PYTEST_XDIST_WORKER", "alone"))
        listeners.extend(listening)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
