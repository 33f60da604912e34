"""A pytest session in a forked process: the libraries are imported, nothing of Jifen is."""

import importlib
import os
import resource
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Imported once, before any fork; none of them starts threads or reads Django's settings by that.
_LIBRARIES = (
    "numpy",
    "polars",
    "pyarrow.compute",
    "pyarrow.parquet",
    "yaml",
    "typer",
    "rich.console",
    "hypothesis",
    "jinja2",
    "llvmlite.binding",
    "llvmlite.ir",
    "pydantic",
    "_hypothesis_pytestplugin",
    "django.db.models",
    "django.forms",
    "django.test",
    "django.contrib.admin.utils",
    "cryptography.x509",
    "xlsxwriter",
    "PIL.Image",
    "fontTools.ttLib",
)
_MEMORY = 12 << 30
PLAIN = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0")


def import_libraries() -> None:
    for name in _LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    if own := [name for name in sys.modules if name.partition(".")[0] == "jifen"]:
        sys.exit(f"mutants: a library imports {own[0]}, which must be imported anew by each mutant")


@dataclass(frozen=True, slots=True)
class ForkOutcome:
    """How a forked process ended: its status (None: it was stopped), what it told, its seconds."""

    status: int | None
    text: str
    seconds: float


def run_in_fork(task: Callable[[], tuple[int, str]], output: Path, limit: float) -> ForkOutcome:
    """Run `task` in a forked process of its own group, for at most `limit` seconds. What it prints
    goes to `output`; what it returns comes back."""
    began = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run_task(task, output, writing)
    os.close(writing)
    try:
        output_text = _read_pipe(reading, began + limit)
    finally:
        os.close(reading)
        # Also what it started and left behind.
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    seconds = time.monotonic() - began
    if output_text is None:
        return ForkOutcome(None, "", seconds)
    code, _, text = output_text.partition("\n")
    return ForkOutcome(int(code) if code else -os.WTERMSIG(status), text, seconds)


def _run_task(task: Callable[[], tuple[int, str]], output: Path, writing: int) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    code, text = 70, ""
    try:
        code, text = task()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
        os.write(writing, f"{code}\n{text}".encode())
        os._exit(0)


def _read_pipe(reading: int, until: float) -> str | None:
    """All that the process writes to its pipe; None when its time is over."""
    parts = b""
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return None
        part = os.read(reading, 65536)
        if not part:
            return parts.decode()
        parts += part
        if b"\n" in parts:  # written at once; what a test left behind may hold the pipe open
            return parts.decode()


class _SelectedTests:
    """Runs some tests only, in a given order, and notes the first that fails."""

    def __init__(self, tests: Iterable[str]) -> None:
        self._places = {test: place for place, test in enumerate(tests)}
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._places]
        items[:] = sorted(chosen, key=lambda item: self._places[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid


def run_tests(tests: list[str], options: tuple[str, ...], plugins: list[Any]) -> tuple[int, str]:
    """Pytest's exit status, and the first test that failed."""
    chosen = _SelectedTests(tests)
    if not tests:
        return 0, ""  # pytest would take no file for all of them
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    status = pytest.main([*PLAIN, *options, *files], plugins=[chosen, *plugins])
    return int(status), chosen.failed


class OwnDatabase:
    """The test database of the office is a file: made once (some 20 s), then copied."""

    def __init__(self, template: Path) -> None:
        self._template = template

    def pytest_configure(self) -> None:
        from django.conf import settings  # noqa: PLC0415
        from django.db.backends.base.creation import BaseDatabaseCreation  # noqa: PLC0415

        make, template = BaseDatabaseCreation.create_test_db, self._template

        def create_test_db(creation: Any, *args: Any, **options: Any) -> str:
            if not template.exists():
                name: str = make(creation, *args, **options)
                creation.connection.close()
                template.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(name, template)
                return name
            name = str(creation._get_test_db_name())
            creation.connection.close()
            shutil.copyfile(template, name)
            settings.DATABASES[creation.connection.alias]["NAME"] = name
            creation.connection.settings_dict["NAME"] = name
            creation.connection.ensure_connection()
            return name

        patched: Any = BaseDatabaseCreation
        patched.create_test_db = create_test_db
