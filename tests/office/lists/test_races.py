"""Two at once: whoever waited for a lock looks again before acting."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from time import sleep
from typing import Any

import pytest
from django.db import DatabaseError, connections

from jifen.office.lists.actions import after, objections
from jifen.office.lists.models import Entry, Objection
from tests.world.town import Town, through

MONDAY, LAST, NEXT = date(2024, 3, 4), date(2024, 3, 7), date(2024, 3, 8)


@pytest.mark.django_db(transaction=True)
def test_an_objection_of_the_last_day_is_not_overtaken_by_the_formal_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is written and not yet committed, when the worker of the next day comes."""
    town = Town()
    entry = town.listed()
    through(MONDAY, LAST)
    written = threading.Event()
    record: Callable[..., None] = objections._record

    def slowly(*args: Any) -> None:
        written.set()
        sleep(1)
        record(*args)

    monkeypatch.setattr(objections, "_record", slowly)
    filer = threading.Thread(target=_file, args=(town, entry))
    filer.start()
    assert written.wait(10)
    with suppress(DatabaseError):
        after.hold_due(NEXT)
        after.close_due(NEXT)
    filer.join()
    assert Objection.objects.get().state == "filed"
    entry.refresh_from_db()
    assert entry.state != "formal"
    through(NEXT, NEXT)
    entry.refresh_from_db()
    assert entry.state == "held"


def _file(town: Town, entry: Entry) -> None:
    try:
        objections.file(town.neighbour, entry, "理由", LAST)
    finally:
        connections.close_all()
