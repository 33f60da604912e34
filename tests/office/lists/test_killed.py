"""Killed anywhere, the worker leaves lists whole, and the next look goes on: nobody twice, nobody
missing, serials without a gap."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections

from jifen.office.audit.verification import verify_log
from jifen.office.lists.actions import state_changes
from jifen.office.lists.actions.daily import STEPS
from jifen.office.lists.actions.publication import enter_due_decisions
from jifen.office.lists.documents import is_genuine
from jifen.office.lists.faults import ListFault
from jifen.office.lists.models import Entry, EntryEvent, PublicList, Run
from tests.world.town import Town, facts_of, run_daily_steps, through

KILLED = """
import os, signal, sys
from datetime import date
import django
django.setup()
from django.conf import settings
settings.JIFEN_KEYS, settings.JIFEN_NOTICE_KEYS = sys.argv[1:3]
from jifen.office.accounts.models import User
from jifen.office.lists.actions import post_publicity, publication, runs, state_changes

state_changes.CHUNK = 2

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

module, name = sys.argv[3].split(".")
choices = (post_publicity, publication, runs, state_changes)
modules = {choice.__name__.rpartition(".")[2]: choice for choice in choices}
setattr(modules[module], name, die)
if sys.argv[4] == "run":
    lead = User.objects.get(username="cd-lead")
    runs.open_run(lead, "chengdu", 2019, date(2019, 9, 16))
from tests.world.town import run_daily_steps
run_daily_steps(date.fromisoformat(sys.argv[4]))
"""
MONDAY, FORMAL = date(2024, 3, 4), date(2024, 3, 8)


def _killed(where: str, day: str) -> None:
    """The worker's steps of a day in a process that is killed at that place."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jifen.office.site.settings",
        "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    keys = settings.JIFEN_KEYS, settings.JIFEN_NOTICE_KEYS
    command = [sys.executable, "-c", KILLED, *keys, where, day]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def _whole(town: Town, people: int) -> None:
    """Everybody once on one publicity list and one formal list."""
    assert Entry.objects.count() == people
    assert set(Entry.objects.values_list("state", flat=True)) == {"noticed"}
    lists = {row.kind: row for row in PublicList.objects.all()}
    assert {kind: row.people for kind, row in lists.items()} == {
        "publicity": people,
        "formal": people,
    }
    assert sorted(row.serial for row in lists.values()) == [1, 2]
    assert all(is_genuine(row) for row in lists.values())
    acts = EntryEvent.objects.values_list("act", flat=True)
    assert sorted(acts) == sorted(["enter", "publish", "close", "notify"] * people)
    assert verify_log()[1] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("where", "day"),
    [
        ("publication.record_moves", "2024-03-01"),
        ("publication.sign_list", "2024-03-04"),
        ("publication.record", "2024-03-04"),
        ("publication.move_entries", "2024-03-04"),
        ("state_changes.record_moves", "2024-03-04"),
        ("state_changes.record_many", "2024-03-04"),
        ("post_publicity.make_list", "2024-03-08"),
        ("post_publicity.find_settlement_deadline", "2024-03-08"),
        ("state_changes.record_many", "2024-03-08"),
    ],
)
def test_a_worker_killed_anywhere_is_followed_by_another(where: str, day: str) -> None:
    town = Town()
    for _ in range(5):
        town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    last = date.fromisoformat(day)
    if last > date(2024, 3, 1):
        through(date(2024, 3, 1), last.replace(day=last.day - 1))
    _killed(where, day)
    through(last, FORMAL)
    _whole(town, 5)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["runs.make_run_statement", "runs.record_run"])
def test_a_run_that_was_killed_while_it_was_opened_is_not_there(where: str) -> None:
    town = Town()
    town.decided(facts_of("2018", "52", "P"), date(2019, 6, 15))
    _killed(where, "run")
    assert not Run.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_lot_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_changes, "CHUNK", 2)
    monkeypatch.setattr("jifen.office.lists.actions.post_publicity.CHUNK", 2)
    monkeypatch.setattr("jifen.office.lists.actions.publication.CHUNK", 2)
    town = Town()
    for _ in range(5):
        town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    assert enter_due_decisions(date(2024, 3, 1)) == 5
    for day in (MONDAY, FORMAL):
        run_daily_steps(day)
    _whole(town, 5)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_list_nobody_twice() -> None:
    town = Town()
    for _ in range(5):
        town.decided(facts_of("2024", "33"), date(2024, 3, 1))
    for day in (date(2024, 3, 1), MONDAY, FORMAL):
        start = threading.Barrier(2)
        workers = [threading.Thread(target=_look, args=(start, day)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    run_daily_steps(FORMAL)
    _whole(town, 5)


def _look(start: threading.Barrier, day: date) -> None:
    """One look of a worker; a race that it loses is told, and left to the next look."""
    start.wait()
    for step in STEPS:
        with suppress(DatabaseError, ListFault):
            step(day)
    connections.close_all()
