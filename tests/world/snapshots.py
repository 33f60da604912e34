"""A long story is told once a run: what it did to the database is recorded and put back later.

`@told_once` marks a function of `tests.world` that writes to the database. While a test has done
nothing but such steps, the database is in a state that is known: the chain of the steps. A step
that was recorded from the same state is not run again; its rows are put back as they were, and its
result is a copy. Every other write, a changed setting, or a patched function makes the state
unknown, and then steps run plainly. JIFEN_TESTS=long tells every story in full.
"""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from tests.hypothesis_profiles import is_long
from tests.world.tables import Rows, all_tables

P = ParamSpec("P")
R = TypeVar("R")
State = tuple[object, ...]
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_CACHE = "site_cache"  # what may be lost at any time is no part of a story


@dataclass(frozen=True)
class Recording:
    """What one step did: rows of each table, files that it stored, its result, and the attributes
    of its first argument that it changed."""

    before: dict[str, int]
    changes: dict[str, Rows]
    files: dict[str, bytes]
    result: Any
    attributes: dict[str, Any]


class History:
    """The steps of the running test, and what was recorded of steps in the tests before it."""

    def __init__(self) -> None:
        self.state: State | None = None
        self.told = set[str]()
        self.busy = False
        self.recordings: dict[State, Recording] = {}

    def begin(self) -> None:
        """A test begins: the database is as the migrations left it."""
        self.state = None if is_long() else ()
        self.told = set()
        if self._watch not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._watch)

    def forget(self, *_: object, **__: object) -> None:
        """From here on nothing is known of the database, or of the code that runs."""
        if not self.busy:
            self.state = None

    def _watch(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not self.busy and str(sql).lstrip().upper().startswith(_WRITES) and _CACHE not in sql:
            self.state = None
        return execute(sql, params, many, context)

    def step(self, name: str, function: Callable[[], R], subject: object, arguments: object) -> R:
        """Run a step, or put back what it did the last time."""
        if self.busy or self.state is None:
            return function()
        self.told.add(name)
        state = (*self.state, (name, str(timezone.localdate()), repr(_plain(arguments))))
        self.busy = True
        try:
            recording = self.recordings.get(state)
            if recording is None or not self._put_back(recording):
                recording = self._record(function, subject)
                self.recordings[state] = recording
            else:
                getattr(subject, "__dict__", {}).update(copy.deepcopy(recording.attributes))
        except BaseException:
            self.state = None
            raise
        finally:
            self.busy = False
        self.state = state
        return copy.deepcopy(recording.result)  # type: ignore[no-any-return]

    def _record(self, function: Callable[[], Any], subject: object) -> Recording:
        tables = all_tables()
        before = {table.name: table.read() for table in tables}
        files = _files()
        own = dict(getattr(subject, "__dict__", {}))
        result = function()
        changes = {t.name: t.difference(before[t.name], t.read()) for t in tables}
        # A file may have been there from a test before, and be gone when the step is put back.
        said = repr(changes)
        kept = {name for name in _files() if name not in files or Path(name).name in said}
        return Recording(
            before={name: len(before[name]) for name, rows in changes.items() if rows},
            changes={name: rows for name, rows in changes.items() if rows},
            files={name: Path(name).read_bytes() for name in kept},
            result=copy.deepcopy(result),
            attributes=copy.deepcopy(
                {
                    name: value
                    for name, value in getattr(subject, "__dict__", {}).items()
                    if name not in own or own[name] is not value
                }
            ),
        )

    def _put_back(self, recording: Recording) -> bool:
        """Whether the tables were as they should be, and are now as the step left them."""
        tables = [table for table in all_tables() if table.name in recording.changes]
        if {table.name: table.count() for table in tables} != recording.before:
            return False
        with transaction.atomic():
            for table in tables:
                table.apply(recording.changes[table.name])
        for name, content in recording.files.items():
            path = Path(name)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        return True


HISTORY = History()


def told_once(function: Callable[P, R]) -> Callable[P, R]:
    """A step of a story: from a known state it is run once, and put back afterwards."""

    @functools.wraps(function)
    def step(*args: P.args, **kwargs: P.kwargs) -> R:
        subject: object = args[0] if args else None
        plain = functools.partial(function, *args, **kwargs)
        name = f"{function.__module__}.{function.__qualname__}"
        return HISTORY.step(name, plain, subject, (args, kwargs))

    return step


def _plain(value: object) -> object:
    """An argument as the key of a step: rows of the database by their keys."""
    if isinstance(value, models.Model):
        return type(value).__name__, value.pk
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return sorted((str(key), _plain(item)) for key, item in value.items())
    if type(value).__module__.startswith("tests."):
        return type(value).__name__
    return value


def _files() -> set[str]:
    storages: Any = settings.STORAGES
    folder = Path(storages["documents"]["OPTIONS"]["location"])
    return {str(path) for path in folder.rglob("*") if path.is_file()}
