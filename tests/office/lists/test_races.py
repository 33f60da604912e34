"""Two at once: whoever waited for a lock looks again before acting."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from jifen.office.lists.actions import objections, post_publicity
from jifen.office.lists.models import Entry, Objection
from tests.world.town import Town, through

MONDAY, LAST, NEXT = date(2024, 3, 4), date(2024, 3, 7), date(2024, 3, 8)


class Meeting:
    """Two transactions, the second of which comes while the first is written and not yet committed.
    Each waits for what the other did, and no time is counted."""

    def __init__(self) -> None:
        self.written, self._asking, self._over = (threading.Event() for _ in range(3))

    def hold(self) -> None:
        """The first: written, and not committed before the second waits for it."""
        self.written.set()
        self._asking.wait()
        while not (self._over.is_set() or _somebody_waits()):
            pass

    def ask(self, act: Callable[[], object]) -> None:
        """The second: act once the first is written."""
        self.written.wait()
        try:
            with connection.execute_wrapper(self._watch):
                act()
        finally:
            self._asking.set()
            self._over.set()

    def _watch(self, execute: Any, sql: str, *more: Any) -> Any:
        """A statement that takes a lock: of its rows, or, on SQLite, of the whole database."""
        if sql.startswith("BEGIN") or "FOR UPDATE" in sql:
            self._asking.set()
        return execute(sql, *more)


def _somebody_waits() -> bool:
    """Whether a transaction waits for a lock. SQLite does not tell: there all wait for one."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_an_objection_of_the_last_day_is_not_overtaken_by_the_formal_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is written and not yet committed, when the worker of the next day comes."""
    town, meeting = Town(), Meeting()
    entry = town.listed()
    through(MONDAY, LAST)
    record: Callable[..., None] = objections._record_act

    def held_up(*args: Any) -> None:
        meeting.hold()
        record(*args)

    monkeypatch.setattr(objections, "_record_act", held_up)
    filer = threading.Thread(target=_file, args=(town, entry, meeting))
    filer.start()
    with suppress(DatabaseError):
        meeting.ask(
            lambda: (
                post_publicity.hold_due_entries(NEXT),
                post_publicity.close_due_publicity(NEXT),
            )
        )
    filer.join()
    assert Objection.objects.get().state == "filed"
    entry.refresh_from_db()
    assert entry.state != "formal"
    through(NEXT, NEXT)
    entry.refresh_from_db()
    assert entry.state == "held"


def _file(town: Town, entry: Entry, meeting: Meeting) -> None:
    try:
        objections.file_objection(town.neighbour, entry, "理由", LAST)
    finally:
        meeting.written.set()
        connections.close_all()
