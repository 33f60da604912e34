"""A background process says that it is alive, what it does and what fails; the doctor reads it."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import Settings

from jifen.office.operate.doctor.workers import check_workers
from jifen.office.operate.heartbeats import Heart, list_dead, list_running
from jifen.office.operate.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_a_heart_says_what_is_done_and_what_fails() -> None:
    heart = Heart("worker")
    with heart.during_step("deliver_due_messages"):
        heart.beat()
    row = Heartbeat.objects.get()
    assert (row.kind, row.step, row.failing) == ("worker", "deliver_due_messages", [])
    assert row.step_since is not None
    with pytest.raises(ValueError, match="no"), heart.during_step("print_due_notices"):
        raise ValueError("no")
    heart.beat()
    row = Heartbeat.objects.get()
    assert row.step_since is None
    assert (row.step, row.failing) == ("", ["print_due_notices"])
    with heart.during_step("print_due_notices"):
        pass
    heart.beat(ended=True)
    row.refresh_from_db()
    assert row.failing == []
    assert row.ended_at is not None
    assert not list_running(timezone.now())


def test_a_process_that_says_nothing_is_dead_after_a_while_and_forgotten_later() -> None:
    now = timezone.now()
    for number, quiet in enumerate((1, 3, 60 * 25, 60 * 24 * 8)):
        beat = now - timedelta(minutes=quiet)
        Heartbeat.objects.create(kind="worker", name=f"there:{number}", began_at=beat, beat_at=beat)
    assert [row.name for row in list_running(now)] == ["there:0"]
    assert [row.name for row in list_dead(now)] == ["there:1"]
    Heart("worker").beat()
    assert not Heartbeat.objects.filter(name="there:3").exists()
    assert Heartbeat.objects.filter(name="there:2").exists()


def test_a_row_that_was_removed_is_written_anew() -> None:
    heart = Heart("worker")
    heart.beat()
    Heartbeat.objects.all().delete()
    heart.beat()
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_heart_beats_beside_a_step_and_says_when_it_ends() -> None:
    with Heart("worker", seconds=0.01) as heart, heart.during_step("renew_due_points"):
        told = threading.Event()
        while not Heartbeat.objects.filter(step="renew_due_points").exists():
            told.wait(0.01)
        first = Heartbeat.objects.get().beat_at
        while Heartbeat.objects.get().beat_at == first:
            told.wait(0.01)
    assert Heartbeat.objects.get().ended_at is not None


def test_a_database_that_is_away_stops_no_worker(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heart = Heart("worker")

    def fail(**_: object) -> None:
        raise DatabaseError("the words of a server")

    monkeypatch.setattr(heart, "beat", fail)
    monkeypatch.setattr("jifen.office.operate.heartbeats.connection.close", lambda: None)
    heart._try_beat()
    assert "a heartbeat could not be written: DatabaseError" in caplog.text
    assert "the words of a server" not in caplog.text


def _beat(minutes_ago: int, **fields: object) -> None:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    Heartbeat.objects.create(kind="worker", name="there:1", began_at=at, beat_at=at, **fields)


def test_the_doctor_finds_no_worker(settings: Settings) -> None:
    assert check_workers().state == "unset"
    settings.JIFEN_MODE = "production"
    finding = check_workers()
    assert (finding.state, "Start jifen-worker" in finding.words.en) == ("warning", True)


def test_the_doctor_finds_one_that_was_killed() -> None:
    _beat(5)
    finding = check_workers()
    assert finding.state == "warning"
    assert "there:1 has not beaten since" in finding.words.en
    assert "没有心跳" in finding.words.zh


def test_the_doctor_finds_a_step_that_fails() -> None:
    _beat(0, failing=["print_due_notices"])
    finding = check_workers()
    assert (finding.state, "print_due_notices" in finding.words.en) == ("warning", True)


def test_a_worker_that_runs_is_good() -> None:
    _beat(0)
    assert check_workers().state == "good"
